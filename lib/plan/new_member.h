// SPDX-License-Identifier: Apache-2.0
// A new data directory, or a new saved snapshot, with a given content. Either comes into being as a whole or
// not at all. docs/format/directory.md.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bolt/builder.h"
#include "cluster/members.h"
#include "plan/files.h"
#include "raft/entry.h"

namespace etcdmedic::plan {

// Writes all of a backend into `db`.
using FillBackend = std::function<Result<void>(bolt::PageSink& db)>;

// A member as it is after one entry.
struct NewMember {
  raft::Metadata identity;
  uint64_t index = 0;  // of the entry; the backend that FillBackend writes reaches to it
  uint64_t term = 0;   // of the entry
  cluster::ConfState conf_state;
  cluster::Membership membership;  // etcd up to 3.5 reads it from the .snap, not from the backend
  raft::HardState state;
  std::vector<raft::Entry> entries;  // that the log holds, ascending; those after `index` are not applied yet
};

// Its log, of one segment, and its .snap.
struct MemberFiles {
  std::string segment_name;
  std::string segment;
  std::string snapshot_name;
  std::string snapshot;
};
MemberFiles FilesOf(const NewMember& member);

// Writes the directory `path`: a log of one segment, a .snap at `index`, and the backend; all of it belongs
// to `owner` and nobody else may read it. Gives what could not be given to its owner, as Disk::not_given.
// Errors: as NewTree::Begin; kIo, kLimit where the disk is full; those of `fill`.
Result<std::vector<std::string>> WriteMember(const std::string& path, const NewMember& member,
                                             const Ownership& owner, const FillBackend& fill);

// Writes the file `path`: the backend, and after it its SHA-256, as `etcdctl snapshot save` does. Gives, and
// errors, as above.
Result<std::vector<std::string>> WriteSnapshotFile(const std::string& path, const Ownership& owner,
                                                   const FillBackend& fill);

}  // namespace etcdmedic::plan
