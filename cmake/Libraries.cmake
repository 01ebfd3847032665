# zstd, libyaml and libsodium have no CMake packages everywhere: found here, for the build and, installed beside
# etcdmedic-config.cmake, for those who link with a static libetcdmedic. etcdmedic_find_libraries(STATIC|SHARED) makes
# etcdmedic::zstd, etcdmedic::yaml and etcdmedic::sodium.
function(etcdmedic_find_library name header library linkage)
  if(TARGET etcdmedic::${name})
    return()
  endif()
  set(names ${library})
  if(linkage STREQUAL STATIC)
    set(names lib${library}.a ${library})
  endif()
  find_path(ETCDMEDIC_${name}_INCLUDE_DIR ${header} REQUIRED)
  find_library(ETCDMEDIC_${name}_LIBRARY NAMES ${names} REQUIRED)
  mark_as_advanced(ETCDMEDIC_${name}_INCLUDE_DIR ETCDMEDIC_${name}_LIBRARY)
  add_library(etcdmedic::${name} UNKNOWN IMPORTED)
  set_target_properties(etcdmedic::${name} PROPERTIES IMPORTED_LOCATION ${ETCDMEDIC_${name}_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${ETCDMEDIC_${name}_INCLUDE_DIR})
endfunction()

function(etcdmedic_find_libraries linkage)
  etcdmedic_find_library(zstd zstd.h zstd ${linkage})
  etcdmedic_find_library(yaml yaml.h yaml ${linkage})
  etcdmedic_find_library(sodium sodium.h sodium ${linkage})
endfunction()
