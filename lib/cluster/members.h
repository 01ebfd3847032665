// SPDX-License-Identifier: Apache-2.0
// Who belongs to a cluster and who votes in it, whichever file says so: the v2 store of a .snap, the
// backend's buckets, or the log's configuration changes; and the JSON documents in which etcd keeps it.
// docs/format/mvcc.md, "Members".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::cluster {

struct Member {
  uint64_t id = 0;
  std::string name;  // empty until the member has started
  std::vector<std::string> peer_urls;
  std::vector<std::string> client_urls;
  bool is_learner = false;
};

struct Membership {
  std::vector<Member> members;
  std::vector<uint64_t> incomplete;  // named, without a readable document; not in `members`
  std::vector<uint64_t> removed;
  std::string cluster_version;  // "3.6.0", empty where unknown

  bool Names(uint64_t id) const;  // in `members` or `incomplete`
  bool Removed(uint64_t id) const;
  size_t Count() const { return members.size() + incomplete.size(); }
  size_t Learners() const;
};

// raftpb.ConfState. Ids are raft node ids.
struct ConfState {
  std::vector<uint64_t> voters;
  std::vector<uint64_t> learners;
  std::vector<uint64_t> voters_outgoing;
  std::vector<uint64_t> learners_next;
  bool auto_leave = false;
  friend bool operator==(const ConfState&, const ConfState&) = default;

  bool Holds(uint64_t id) const;  // in any of the four lists
};

// The voters and learners that `members` are, ids ascending.
ConfState ConfStateOf(const std::vector<Member>& members);

// A member's document: etcd's membership.Member in the backend, its two halves Attributes and RaftAttributes
// in the v2 store, ConfigChangeContext in the log. A field of another type than etcd's counts as absent.
struct MemberDocument {
  std::optional<uint64_t> id;
  Member member;            // without the id
  bool is_promote = false;  // in the log: a learner becomes a voter
};
// Nothing where `json` is not an object.
std::optional<MemberDocument> ParseMemberDocument(std::string_view json);

// The document of a member, as etcd's encoder writes it: bucket `members`, and the context of a configuration
// change.
std::string EncodeMember(const Member& member);

// meta/confState of etcd 3.5 and newer: {"voters":[…],"learners":[…],…} with decimal ids. Nothing where
// `json` is not an object.
std::optional<ConfState> ParseConfStateDocument(std::string_view json);
std::string EncodeConfStateDocument(const ConfState& state);

// The release to which the cluster is being downgraded, by cluster/downgrade:
// {"target-version":…,"enabled":…}. Empty where no downgrade is under way.
std::string DowngradeTarget(std::string_view json);

}  // namespace etcdmedic::cluster
