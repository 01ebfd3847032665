# A toolchain file: arm64 with Debian's cross compiler, and what packaging/arm64-sysroot unpacked into ETCDMEDIC_SYSROOT.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64-static)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ETCDMEDIC_SYSROOT)
set(CMAKE_FIND_ROOT_PATH ${ETCDMEDIC_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
# The C library is the cross compiler's own; these hold the dependencies alone.
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES ${ETCDMEDIC_SYSROOT}/usr/include ${ETCDMEDIC_SYSROOT}/usr/include/aarch64-linux-gnu)
