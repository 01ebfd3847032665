# `cmake --install` gives two components: `tool` is the binary with its manual pages, completions and documents; `development` is
# the library, its public headers, and what find_package(etcdmedic) and pkg-config need.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(ETCDMEDIC_ZSH_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions CACHE STRING "Where zsh looks for completions")

# What the build makes to be installed.
set(documents ${PROJECT_BINARY_DIR}/documents)
add_custom_command(
  OUTPUT ${documents}/man/etcdmedic.1
  COMMAND ${CMAKE_COMMAND} "-DTOOL=${CMAKE_CROSSCOMPILING_EMULATOR};$<TARGET_FILE:etcdmedic_tool>" -DTARGET=${documents}
          -P ${PROJECT_SOURCE_DIR}/cmake/documents.cmake
  DEPENDS etcdmedic_tool ${PROJECT_SOURCE_DIR}/cmake/documents.cmake
  COMMENT "Manual pages and completions"
  VERBATIM)
add_custom_target(documents ALL DEPENDS ${documents}/man/etcdmedic.1)

# Headers that users of the library include; docs/library.md says what each is for.
set(ETCDMEDIC_PUBLIC_HEADERS
    base/file.h base/result.h diag/finding.h encryption/encryption.h wal/segment.h raft/log.h raft/request.h snap/snap.h bolt/view.h
    bolt/check.h mvcc/store.h mvcc/query.h k8s/value.h member/layout.h member/member_state.h startup/predict.h
    check/verify.h)
set(headers ${PROJECT_BINARY_DIR}/public_headers)
file(GLOB_RECURSE of_library CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/*.h ${PROJECT_SOURCE_DIR}/lib/*.def)
add_custom_command(
  OUTPUT ${headers}/etcdmedic/base/file.h
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${headers}
  COMMAND ${CMAKE_COMMAND} -DLIB=${PROJECT_SOURCE_DIR}/lib -DMADE=${PROJECT_BINARY_DIR}/generated -DTARGET=${headers}
          "-DHEADERS=${ETCDMEDIC_PUBLIC_HEADERS}" -P ${PROJECT_SOURCE_DIR}/cmake/public_headers.cmake
  DEPENDS ${of_library} ${ETCD_MESSAGES} etcd_tables ${PROJECT_SOURCE_DIR}/cmake/public_headers.cmake
  COMMENT "Public headers"
  VERBATIM)
add_custom_target(public_headers ALL DEPENDS ${headers}/etcdmedic/base/file.h)

install(TARGETS etcdmedic_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
install(DIRECTORY ${documents}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
install(FILES ${documents}/completions/etcdmedic DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tool)
install(FILES ${documents}/completions/_etcdmedic DESTINATION ${ETCDMEDIC_ZSH_DIR} COMPONENT tool)
install(FILES ${documents}/completions/etcdmedic.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
        COMPONENT tool)
install(FILES README.md CHANGELOG.md SECURITY.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tool)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tool FILES_MATCHING PATTERN "*.md" PATTERN "*.svg")
install(DIRECTORY docs/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/etcdmedic COMPONENT tool FILES_MATCHING PATTERN "*.json")

# The tool finds a shared library where this puts it, wherever the prefix is moved to.
file(RELATIVE_PATH to_library ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
if(BUILD_SHARED_LIBS)
  set_target_properties(etcdmedic_tool PROPERTIES INSTALL_RPATH "$ORIGIN/${to_library}")
  set(ETCDMEDIC_PC_REQUIRES Requires.private)
else()
  set(ETCDMEDIC_PC_REQUIRES Requires)
  set(ETCDMEDIC_PC_THREADS " -pthread")
endif()
install(TARGETS etcdmedic EXPORT etcdmedic-targets ARCHIVE COMPONENT development
        LIBRARY COMPONENT tool NAMELINK_COMPONENT development)
install(DIRECTORY ${headers}/etcdmedic DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)

set(place ${CMAKE_INSTALL_LIBDIR}/cmake/etcdmedic)
configure_file(cmake/etcdmedic-config.cmake.in ${PROJECT_BINARY_DIR}/etcdmedic-config.cmake @ONLY)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/etcdmedic-config-version.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT etcdmedic-targets NAMESPACE etcdmedic:: DESTINATION ${place} COMPONENT development)
install(FILES ${PROJECT_BINARY_DIR}/etcdmedic-config.cmake ${PROJECT_BINARY_DIR}/etcdmedic-config-version.cmake
        cmake/Libraries.cmake DESTINATION ${place} COMPONENT development)
file(RELATIVE_PATH ETCDMEDIC_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/etcdmedic.pc.in ${PROJECT_BINARY_DIR}/etcdmedic.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/etcdmedic.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)
