// SPDX-License-Identifier: Apache-2.0
// The messages that WAL records carry: docs/format/wal.md, "What records carry". Strict readers: a field with
// a wrong wire type, or a broken message, is refused, as etcd's own parser does. Views last as long as the
// bytes read.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::raft {

enum class EntryType : int32_t { kNormal = 0, kConfChange = 1, kConfChangeV2 = 2 };

struct Entry {
  EntryType type = EntryType::kNormal;
  uint64_t term = 0;
  uint64_t index = 0;
  Bytes data;  // empty: the no-op of a new leader
};

struct HardState {
  uint64_t term = 0;
  uint64_t vote = 0;    // node id, 0 for none
  uint64_t commit = 0;  // a lower bound of what was committed
  friend bool operator==(const HardState&, const HardState&) = default;
};

struct WalSnapshot {
  uint64_t index = 0;
  uint64_t term = 0;
  std::optional<Bytes> conf_state;  // raftpb.ConfState, since etcd 3.5
};

struct Metadata {
  uint64_t node_id = 0;
  uint64_t cluster_id = 0;
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

// False where the bytes are not such a message.
bool ParseEntry(Bytes message, Entry& entry);
bool ParseHardState(Bytes message, HardState& state);
bool ParseWalSnapshot(Bytes message, WalSnapshot& snapshot);
bool ParseMetadata(Bytes message, Metadata& metadata);

// As etcd up to 3.6 writes them: zero fields included. Every release reads that.
std::string EncodeEntry(const Entry& entry);
std::string EncodeHardState(const HardState& state);
std::string EncodeWalSnapshot(const WalSnapshot& snapshot);
std::string EncodeMetadata(const Metadata& metadata);

}  // namespace etcdmedic::raft
