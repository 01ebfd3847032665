# The rooms of the library, in the order in which they may include one another, and what each
# may include. tests/unit/rooms_test.py holds the `#include` lines to the same table.
set(ETCDMEDIC_ROOMS base diag wal snap bolt raft mvcc k8s explain member check plan render)
set(ROOM_base_MAY "")
set(ROOM_diag_MAY base)
set(ROOM_wal_MAY base diag)
set(ROOM_snap_MAY base diag)
set(ROOM_bolt_MAY base diag)
set(ROOM_raft_MAY base diag wal snap)
set(ROOM_mvcc_MAY base diag bolt)
set(ROOM_k8s_MAY base diag)
set(ROOM_explain_MAY base diag k8s)
set(ROOM_member_MAY base diag wal snap bolt raft mvcc k8s)
set(ROOM_check_MAY base diag wal snap bolt raft mvcc k8s member)
set(ROOM_plan_MAY base diag wal snap bolt raft mvcc k8s member check)
set(ROOM_render_MAY base diag wal snap bolt raft mvcc k8s member check plan)

# -Wmaybe-uninitialized: GCC 12 reports aggregate temporaries with strings that are never read uninitialised.
set(ETCDMEDIC_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wimplicit-fallthrough -Werror
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # likewise, for std::string concatenation

# One object library a room; libetcdmedic is made of all their objects.
function(etcdmedic_add_room room)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cc)
  list(APPEND sources ${ARGN})
  if(NOT sources)  # a room of headers only
    set(sources ${PROJECT_BINARY_DIR}/${room}_headers.cc)
    file(TOUCH ${sources})
  endif()
  add_library(room_${room} OBJECT ${sources})
  target_include_directories(room_${room} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>)
  target_include_directories(room_${room} SYSTEM PRIVATE ${PROTOZERO_INCLUDE_DIR} ${ZSTD_INCLUDE_DIR} ${YAML_INCLUDE_DIR}
                             ${SODIUM_INCLUDE_DIR})
  target_compile_options(room_${room} PRIVATE ${ETCDMEDIC_WARNINGS})
  target_link_libraries(room_${room} PUBLIC tl::expected ${ETCDMEDIC_FMT}
                        PRIVATE OpenSSL::Crypto ZLIB::ZLIB nlohmann_json::nlohmann_json Threads::Threads)
endfunction()

# Links `target` with the objects of `room` and of every room it may include.
function(etcdmedic_link_room target room)
  foreach(each IN ITEMS ${room} ${ROOM_${room}_MAY})
    target_link_libraries(${target} PRIVATE room_${each})
  endforeach()
  target_link_libraries(${target} PRIVATE OpenSSL::Crypto ZLIB::ZLIB ${ZSTD_LIBRARY} ${YAML_LIBRARY} ${SODIUM_LIBRARY}
                        Threads::Threads nlohmann_json::nlohmann_json)
endfunction()
