// SPDX-License-Identifier: Apache-2.0
// The log rewritten after a base (the beginning, a .snap, or the backend), where what is before the
// base cannot be read any more and is not needed. docs/design/repair-safety.md, "Rebuilding the log".
#pragma once

#include "check/verify.h"
#include "plan/plan.h"

namespace etcdmedic::plan {

// A state from which etcd can go on without older entries.
struct Base {
  enum class Kind : uint8_t { kBeginning, kSnapshot, kBackend };
  Kind kind = Kind::kBeginning;
  uint64_t index = 0;
  uint64_t term = 0;
  std::string conf_state;  // encoded raftpb.ConfState
  // Snapshot records of later indexes are not taken over.
  uint64_t newest_snapshot = UINT64_MAX;
  // Where they are not those that the files have.
  std::optional<raft::Metadata> identity = {};
  std::optional<cluster::Membership> membership = {};
};

// Which member of which cluster this is: by the log's metadata, else, for the only member of its cluster, by
// the backend. The id of a cluster is made of the ids of the members that founded it; it is taken to be this
// one.
std::optional<raft::Metadata> IdentityOf(const member::MemberState& state);

// The earliest base after which every entry up to `reach` is held; nothing where there is none.
std::optional<Base> ChooseBase(const member::MemberState& state, uint64_t reach);

// Every base that there is, the earliest first, whether or not the log leads on from it.
std::vector<Base> BasesOf(const member::MemberState& state);

// The base where the backend stands; nothing where its index, its term or its membership is not known.
// Backends of etcd 3.4 and older do not tell the term: it is taken from the log, and where the log does not
// hold that entry, only for a single member, whose peers cannot know better.
std::optional<Base> BackendBase(const member::MemberState& state);

// `file` with the suffix, and a number behind it where a file of that name is there.
std::string FreeName(const member::MemberState& state, const std::string& file, std::string_view suffix);
// The name under which etcd itself would set the file aside, made unique.
std::string AsideName(const member::MemberState& state, const std::string& file);

// The edits that replace all segments by one new segment with what is after `base` up to `last`, and write
// the .snap that a base in the backend needs. `borrowed`: entries of other members, in order, that take the
// place of those that the segments do not have. Gives an Error (kRefused) where something that the log must
// say is not known.
Result<std::vector<Edit>> RebuildLog(const member::MemberState& state, const Base& base, uint64_t last,
                                     const std::vector<raft::Entry>& borrowed = {});

}  // namespace etcdmedic::plan
