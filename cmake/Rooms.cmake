# The rooms of the library, in the order in which they may include one another, and what each includes.
# tests/unit/rooms_test.py holds the `#include` lines to the same table, in both directions.
set(ETCDMEDIC_ROOMS base diag proto text render html cluster wal snap bolt encryption raft mvcc
    k8s kubectl explain keyspace replay witness member startup objects check report salvage plan recover restore)
set(ROOM_base_MAY "")
set(ROOM_diag_MAY base)
set(ROOM_proto_MAY base)
set(ROOM_text_MAY base diag)
set(ROOM_render_MAY base text)
set(ROOM_html_MAY render)
set(ROOM_cluster_MAY base)
set(ROOM_wal_MAY base proto)
set(ROOM_snap_MAY base diag proto cluster)
set(ROOM_bolt_MAY base diag)
set(ROOM_encryption_MAY base proto text)
set(ROOM_raft_MAY base diag proto render cluster wal snap)
set(ROOM_mvcc_MAY base diag proto cluster bolt)
set(ROOM_k8s_MAY base diag proto text encryption)
set(ROOM_kubectl_MAY base text)
set(ROOM_explain_MAY diag text)
set(ROOM_keyspace_MAY base diag bolt mvcc k8s kubectl)
set(ROOM_replay_MAY base diag proto text cluster bolt raft mvcc)
set(ROOM_witness_MAY base proto raft mvcc keyspace replay)
set(ROOM_member_MAY base diag text wal snap bolt raft mvcc keyspace replay witness)
set(ROOM_startup_MAY base diag proto wal snap bolt raft mvcc member)
set(ROOM_objects_MAY base diag text encryption mvcc k8s kubectl keyspace)
set(ROOM_check_MAY base diag wal snap bolt raft mvcc keyspace member startup)
set(ROOM_report_MAY base diag encryption bolt raft mvcc kubectl member objects)
set(ROOM_salvage_MAY base diag proto text bolt raft mvcc replay)
set(ROOM_plan_MAY base diag proto cluster wal snap bolt raft mvcc keyspace replay witness member startup objects check salvage)
set(ROOM_recover_MAY base diag raft replay member plan)
set(ROOM_restore_MAY base diag cluster bolt raft mvcc check plan)

# -Wmaybe-uninitialized: GCC 12 reports aggregate temporaries with strings that are never read uninitialised.
set(ETCDMEDIC_WARNINGS -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wimplicit-fallthrough
    $<$<BOOL:${ETCDMEDIC_WARNINGS_ARE_ERRORS}>:-Werror>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)  # the same, for std::string concatenation

# What is not run once per record is built for size: a release has to stay small enough to copy to a broken node.
set(ETCDMEDIC_FOR_SIZE $<$<CONFIG:Release>:-Os>)
set(ETCDMEDIC_SMALL_ROOMS html explain startup report plan)

# One object library a room; libetcdmedic is made of all their objects.
function(etcdmedic_add_room room)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${room}/*.cc)
  list(APPEND sources ${ARGN})
  add_library(room_${room} OBJECT ${sources})
  target_include_directories(room_${room} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/lib>
                             $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated>)
  target_include_directories(room_${room} SYSTEM PRIVATE ${ETCDMEDIC_zstd_INCLUDE_DIR}
                             ${ETCDMEDIC_yaml_INCLUDE_DIR} ${ETCDMEDIC_sodium_INCLUDE_DIR}
                             ${ETCDMEDIC_archive_INCLUDE_DIR})
  add_dependencies(room_${room} etcd_tables)
  target_compile_options(room_${room} PRIVATE ${ETCDMEDIC_WARNINGS})
  if(room IN_LIST ETCDMEDIC_SMALL_ROOMS)
    target_compile_options(room_${room} PRIVATE ${ETCDMEDIC_FOR_SIZE})
  endif()
  target_link_libraries(room_${room} PUBLIC tl::expected fmt::fmt
                        PRIVATE OpenSSL::Crypto ZLIB::ZLIB nlohmann_json::nlohmann_json Threads::Threads)
endfunction()

# Every room that `room` needs, directly or through another, in `out`.
function(etcdmedic_rooms_below room out)
  set(below "")
  foreach(each IN LISTS ROOM_${room}_MAY)
    etcdmedic_rooms_below(${each} deeper)
    list(APPEND below ${each} ${deeper})
  endforeach()
  list(REMOVE_DUPLICATES below)
  set(${out} ${below} PARENT_SCOPE)
endfunction()

# Links `target` with the objects of `room` and of every room below it.
function(etcdmedic_link_room target room)
  etcdmedic_rooms_below(${room} below)
  foreach(each IN ITEMS ${room} ${below})
    target_link_libraries(${target} PRIVATE room_${each})
  endforeach()
  target_link_libraries(${target} PRIVATE OpenSSL::Crypto ZLIB::ZLIB etcdmedic::zstd etcdmedic::yaml
                        etcdmedic::sodium etcdmedic::archive Threads::Threads nlohmann_json::nlohmann_json)
endfunction()
