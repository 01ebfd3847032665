# Every library the rooms are built on. Only what is named here may be included.
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # protoc and its library serve the build and the tests, not the binary
include(Libraries)

# What a binary without shared libraries is linked with.
foreach(name crypto sodium yaml archive lzma bz2 nettle zstd z)
  find_library(ETCDMEDIC_STATIC_${name} NAMES lib${name}.a)
  list(APPEND ETCDMEDIC_STATIC_LIBRARIES ${ETCDMEDIC_STATIC_${name}})
endforeach()
if(ETCDMEDIC_STATIC AND ETCDMEDIC_STATIC_LIBRARIES MATCHES NOTFOUND)
  message(FATAL_ERROR "A static binary needs all of ${ETCDMEDIC_STATIC_LIBRARIES}")
endif()

# Links `target` from the objects of the tool and of all rooms, without any shared library. fmt comes from its own sources, since
# Debian has no libfmt.a.
function(etcdmedic_link_statically target)
  foreach(property INCLUDE_DIRECTORIES COMPILE_DEFINITIONS)
    set_property(TARGET ${target} APPEND PROPERTY ${property} $<TARGET_PROPERTY:tool_objects,${property}>)
  endforeach()
  target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tools/etcdmedic/static_fmt.cc $<TARGET_OBJECTS:tool_objects>)
  foreach(room IN LISTS ETCDMEDIC_ROOMS)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:room_${room}>)
  endforeach()
  # libcrypto names dlopen and getaddrinfo, which we never reach; a linker that can be told so does not warn.
  check_linker_flag(CXX -Wl,--no-warnings ETCDMEDIC_LINKER_CAN_BE_QUIET)
  target_link_options(${target} PRIVATE -static -Wl,--gc-sections $<$<BOOL:${ETCDMEDIC_LINKER_CAN_BE_QUIET}>:-Wl,--no-warnings>)
  target_link_libraries(${target} PRIVATE ${ETCDMEDIC_STATIC_LIBRARIES})
endfunction()
