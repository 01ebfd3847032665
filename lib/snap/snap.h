// SPDX-License-Identifier: Apache-2.0
// `.snap` files: docs/format/snap.md. The outer message carries a CRC over the inner raft snapshot.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "cluster/members.h"
#include "diag/finding.h"

namespace etcdmedic::snap {

// Parses raftpb.ConfState; nothing where it is not such a message.
std::optional<cluster::ConfState> ParseConfState(Bytes message);
std::string EncodeConfState(const cluster::ConfState& conf_state);

struct Snapshot {
  uint64_t index = 0;
  uint64_t term = 0;
  cluster::ConfState conf_state;
  std::string_view store;  // the v2 store as JSON text; views the input
  uint32_t crc = 0;
};

// Reads one .snap file. Reports SNAP-FILE-EMPTY, SNAP-FILE-MALFORMED, SNAP-CRC-MISMATCH (with the flipped bit
// where one explains it) under the name `file`; gives nothing where etcd would refuse the file. The result
// views `bytes`.
std::optional<Snapshot> ReadSnapshot(Bytes bytes, const std::string& file, diag::FindingSink& sink);

// The one byte that makes a file with a wrong CRC sound again; nothing where no single bit explains it, or
// where the file is then still no snapshot.
struct SnapshotHealing {
  uint64_t offset = 0;
  uint8_t byte = 0;
};
std::optional<SnapshotHealing> HealSnapshot(Bytes bytes);

// A file that etcd accepts, with the given content.
std::string EncodeSnapshot(const Snapshot& snapshot);

// "%016x-%016x.snap" (term, index), and back; nothing for any other name.
std::string SnapshotName(uint64_t term, uint64_t index);
struct TermIndex {
  uint64_t term = 0;
  uint64_t index = 0;
  friend auto operator<=>(const TermIndex&, const TermIndex&) = default;
};
std::optional<TermIndex> ParseSnapshotName(std::string_view name);

// The membership in the v2 store's JSON (below /0), ids ascending; nothing where it is not such a document.
// A member without raftAttributes, on which etcd up to 3.5 panics, is incomplete.
std::optional<cluster::Membership> ParseMembership(std::string_view store);

// Keys of clients in the v2 store, of which etcd 3.6 refuses the document.
struct ClientKeys {
  uint64_t count = 0;              // values below /1, users and roles below /2, and other trees
  std::vector<std::string> first;  // the first few paths
  bool refused = false;            // by etcd 3.6: "illegal v2store content"; also for an empty folder
};
ClientKeys FindClientKeys(std::string_view store);

// A v2 store document with this membership and nothing else, as etcd 3.6 writes it.
std::string EncodeStore(const cluster::Membership& membership);

}  // namespace etcdmedic::snap
