// SPDX-License-Identifier: Apache-2.0
// `.snap` files: docs/format/snap.md. The outer message carries a CRC over the inner raft snapshot.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "diag/finding.h"

namespace etcdmedic::snap {

// raftpb.ConfState. Ids are raft node ids.
struct ConfState {
  std::vector<uint64_t> voters;
  std::vector<uint64_t> learners;
  std::vector<uint64_t> voters_outgoing;
  std::vector<uint64_t> learners_next;
  bool auto_leave = false;
  friend bool operator==(const ConfState&, const ConfState&) = default;
};

// Parses raftpb.ConfState; nothing where it is no such message.
std::optional<ConfState> ParseConfState(Bytes message);
std::string EncodeConfState(const ConfState& conf_state);

struct Snapshot {
  uint64_t index = 0;
  uint64_t term = 0;
  ConfState conf_state;
  std::string_view store;  // the v2 store as JSON text; views the input
  uint32_t crc = 0;
};

// Reads one .snap file. Reports SNAP-FILE-EMPTY, SNAP-FILE-MALFORMED, SNAP-CRC-MISMATCH (with the flipped bit
// where one explains it) under the name `file`; gives nothing where etcd would refuse the file.
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

// One member as the v2 store of a .snap (below /0) and the backend's `members` bucket tell it.
struct Member {
  uint64_t id = 0;
  std::string name;
  std::vector<std::string> peer_urls;
  std::vector<std::string> client_urls;
  bool is_learner = false;
};

struct Membership {
  std::vector<Member> members;         // ascending by id
  std::vector<uint64_t> removed;       // ascending
  std::string cluster_version;         // "3.6.0", empty where unknown
  std::optional<uint64_t> incomplete;  // a member without raftAttributes, on which etcd up to 3.5 panics
};

// The membership in the v2 store's JSON; nothing where it is no such document.
std::optional<Membership> ParseMembership(std::string_view store);

// Keys of clients in the v2 store, of which etcd 3.6 refuses the document.
struct ClientKeys {
  uint64_t count = 0;              // values below /1, users and roles below /2, and other trees
  std::vector<std::string> first;  // the first few paths
  bool refused = false;            // by etcd 3.6: "illegal v2store content"; also for an empty folder
};
ClientKeys FindClientKeys(std::string_view store);

// A v2 store document with this membership and nothing else, as etcd 3.6 writes it.
std::string EncodeStore(const Membership& membership);

}  // namespace etcdmedic::snap
