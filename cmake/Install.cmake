# `cmake --install` gives the binary, the library, its headers and what find_package(etcdmedic) needs.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
install(TARGETS etcdmedic_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS etcdmedic EXPORT etcdmedic-targets)
install(DIRECTORY lib/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/etcdmedic FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
install(FILES ${PROJECT_BINARY_DIR}/generated/proto/etcd_messages.h
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/etcdmedic/proto)
set(config ${PROJECT_BINARY_DIR}/etcdmedic-config.cmake)
configure_file(cmake/etcdmedic-config.cmake.in ${config} COPYONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/etcdmedic-config-version.cmake COMPATIBILITY SameMinorVersion)
set(place ${CMAKE_INSTALL_LIBDIR}/cmake/etcdmedic)
install(EXPORT etcdmedic-targets NAMESPACE etcdmedic:: DESTINATION ${place})
install(FILES ${config} ${PROJECT_BINARY_DIR}/etcdmedic-config-version.cmake DESTINATION ${place})
