// SPDX-License-Identifier: Apache-2.0
// What the backend says about itself and its cluster: buckets meta, members, members_removed, cluster and
// alarm. docs/format/mvcc.md. From etcd 3.6 on these members count; up to 3.5 they mirror the v2 store and
// may be stale.
#pragma once

#include <string>
#include <vector>

#include "cluster/members.h"
#include "mvcc/store.h"

namespace etcdmedic::mvcc {

enum class AlarmType : int32_t { kNone = 0, kNoSpace = 1, kCorrupt = 2 };
std::string_view NameOf(AlarmType type);

struct Alarm {
  uint64_t member_id = 0;
  AlarmType type = AlarmType::kNone;
  uint64_t offset = 0;   // of the entry in the file
  std::string key = {};  // of the entry, as it is stored
};

struct BackendState {
  uint64_t txid = 0;
  uint32_t page_size = 0;
  std::optional<uint64_t> consistent_index;      // meta/consistent_index
  std::optional<uint64_t> term;                  // meta/term, since etcd 3.5
  std::optional<cluster::ConfState> conf_state;  // meta/confState, since etcd 3.5
  uint64_t conf_state_offset = 0;                // in the file
  std::string storage_version;                   // meta/storageVersion, since etcd 3.6; empty where absent
  cluster::Membership membership;                // in the order of the buckets: by id as text
  std::string downgrade_target;                  // empty where no downgrade is under way
  std::vector<Alarm> alarms;
  std::optional<int64_t> revision;          // greatest main revision in bucket `key`
  std::optional<int64_t> compact_revision;  // meta/finishedCompactRev
};

// Reads what is above from a bbolt file. Reports DB-META-INVALID, DB-META-DAMAGED, DB-TREE-DAMAGED under
// `file`; gives nothing where no meta page is valid. Entries that do not parse are left out silently.
std::optional<BackendState> ReadBackendState(Bytes db, const std::string& file, diag::FindingSink& sink);

// The same of an open store; reports MVCC-MEMBER-MALFORMED and MVCC-ALARM-MALFORMED to `sink`.
BackendState ReadBackendState(const Store& store, diag::FindingSink& sink);

}  // namespace etcdmedic::mvcc
