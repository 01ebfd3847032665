# Every library the rooms are built on. Only what is named here may be included.
include(Libraries)
if(ETCDMEDIC_STATIC)
  set(OPENSSL_USE_STATIC_LIBS ON)
  set(ZLIB_USE_STATIC_LIBS ON)
  set(ETCDMEDIC_FMT fmt::fmt-header-only)  # Debian has no libfmt.a
  etcdmedic_find_libraries(STATIC)
else()
  set(ETCDMEDIC_FMT fmt::fmt)
  etcdmedic_find_libraries(SHARED)
endif()
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)  # protoc and its library serve the build and the tests, not the binary
