# zstd, libyaml, libsodium and libarchive have no CMake packages everywhere: found here, for the build and, installed
# beside etcdmedic-config.cmake, for those who link with a static libetcdmedic. Makes etcdmedic::zstd, etcdmedic::yaml,
# etcdmedic::sodium and etcdmedic::archive.
function(etcdmedic_find_library name header library)
  if(TARGET etcdmedic::${name})
    return()
  endif()
  find_path(ETCDMEDIC_${name}_INCLUDE_DIR ${header} REQUIRED)
  find_library(ETCDMEDIC_${name}_LIBRARY NAMES ${library} REQUIRED)
  mark_as_advanced(ETCDMEDIC_${name}_INCLUDE_DIR ETCDMEDIC_${name}_LIBRARY)
  add_library(etcdmedic::${name} UNKNOWN IMPORTED)
  set_target_properties(etcdmedic::${name} PROPERTIES IMPORTED_LOCATION ${ETCDMEDIC_${name}_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${ETCDMEDIC_${name}_INCLUDE_DIR})
endfunction()
etcdmedic_find_library(zstd zstd.h zstd)
etcdmedic_find_library(yaml yaml.h yaml)
etcdmedic_find_library(sodium sodium.h sodium)
etcdmedic_find_library(archive archive.h archive)
