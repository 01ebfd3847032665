// SPDX-License-Identifier: Apache-2.0
// Members, alarms and versions as the backend holds them: docs/format/mvcc.md, "Members". From etcd 3.6 on
// the backend is what counts; up to 3.5 it mirrors the v2 store and may be stale.
#pragma once

#include <string>
#include <vector>

#include "mvcc/store.h"

namespace etcdmedic::mvcc {

struct Member {
  uint64_t id = 0;
  std::string name;
  std::vector<std::string> peer_urls;
  std::vector<std::string> client_urls;
  bool learner = false;
};

enum class AlarmType : uint64_t { kNone = 0, kNoSpace = 1, kCorrupt = 2 };
std::string_view NameOf(AlarmType type);

struct Alarm {
  uint64_t member_id = 0;
  AlarmType type = AlarmType::kNone;
  uint64_t offset = 0;  // of the entry in the file
};

struct ConfState {
  std::vector<uint64_t> voters;
  std::vector<uint64_t> learners;
};

struct Membership {
  std::vector<Member> members;  // by id as text, as the bucket has them
  std::vector<uint64_t> removed;
  std::vector<Alarm> alarms;
  std::string cluster_version;          // empty where absent
  std::string downgrade_target;         // empty where no downgrade is under way
  std::optional<ConfState> conf_state;  // since etcd 3.5
  uint64_t conf_state_offset = 0;
};

// Reads buckets members, members_removed, alarm, cluster and meta/confState. Reports MVCC-MEMBER-MALFORMED,
// MVCC-ALARM-MALFORMED and what bolt::View reports.
Membership ReadMembership(const Store& store, diag::FindingSink& sink);

}  // namespace etcdmedic::mvcc
