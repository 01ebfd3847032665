// SPDX-License-Identifier: Apache-2.0
// Members, versions and alarms while entries are applied: docs/format/mvcc.md, "Members".
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mvcc/backend.h"
#include "raft/conf_change.h"

namespace etcdmedic::replay {

class ClusterState {
 public:
  ClusterState() = default;
  explicit ClusterState(const mvcc::BackendState& backend);

  const std::map<uint64_t, cluster::Member>& members() const { return members_; }
  const std::set<uint64_t>& removed() const { return removed_; }
  const std::set<std::pair<uint64_t, mvcc::AlarmType>>& alarms() const { return alarms_; }
  const cluster::ConfState& conf_state() const { return conf_state_; }
  const std::string& version() const { return version_; }
  bool HasAlarm(mvcc::AlarmType type) const;

  // What differs from what it was made of.
  struct Changed {
    bool members = false;
    bool version = false;
    bool downgrade = false;
    bool alarms = false;
  };
  const Changed& changed() const { return changed_; }

  // False, and nothing changed, where etcd refuses the change.
  bool Apply(const raft::ConfChange& change);
  // False for a member that is not there.
  bool SetAttributes(uint64_t id, std::string name, std::vector<std::string> client_urls);
  void SetVersion(std::string_view version);
  void SetDowngrade(bool enabled, std::string_view target);
  void RaiseAlarm(uint64_t member, mvcc::AlarmType type);
  void ClearAlarm(uint64_t member, mvcc::AlarmType type);

  // The documents that the buckets store, as Go writes them.
  static std::string Document(const cluster::Member& member);
  std::string ConfStateDocument() const;
  std::string DowngradeDocument() const;

 private:
  bool MayApply(const raft::ConfChange& change) const;
  bool UsesUrl(const raft::ConfChange& change) const;

  std::map<uint64_t, cluster::Member> members_;
  std::set<uint64_t> removed_;
  std::set<std::pair<uint64_t, mvcc::AlarmType>> alarms_;
  cluster::ConfState conf_state_;
  std::string version_;
  std::string downgrade_target_;
  bool downgrade_ = false;
  Changed changed_;
};

// The key of bucket `alarm`.
std::string EncodeAlarm(uint64_t member, mvcc::AlarmType type);

}  // namespace etcdmedic::replay
