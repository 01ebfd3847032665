// SPDX-License-Identifier: Apache-2.0
// Changes of membership in the log, and who may vote after them: docs/format/wal.md, "Configuration changes".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cluster/members.h"
#include "raft/log.h"

namespace etcdmedic::raft {

enum class ConfChangeType : int32_t { kAddNode = 0, kRemoveNode = 1, kUpdateNode = 2, kAddLearnerNode = 3 };

struct ConfChange {
  uint64_t index = 0;
  uint64_t term = 0;
  ConfChangeType type = ConfChangeType::kAddNode;
  uint64_t node_id = 0;
  bool promote = false;  // a learner becomes a voter; the type is kAddNode then
  std::string name;      // of the member; empty where the context does not tell
  std::vector<std::string> peer_urls;
};

// Nothing where the entry is not a ConfChange or does not decode.
std::optional<ConfChange> ParseConfChange(const EntryMark& mark);

// The data of an entry, as etcd up to 3.6 writes it; `context` is the member's document.
std::string EncodeConfChange(ConfChangeType type, uint64_t node_id, std::string_view context);

// The changes of surviving entries, ascending by index.
std::vector<ConfChange> ConfChanges(const Log& log);

// The voters and learners after every change up to entry `index`: from the newest snapshot record at or below
// it that names them, or from the first entry. Nothing where the log reaches back to neither. A change that
// etcd refused when it was applied counts here.
std::optional<cluster::ConfState> ConfStateAt(const Log& log, uint64_t index);

// How many entries `snapshot restore` began this log with, 0 where it did not make it: configuration changes
// of term 1 up to a snapshot record of term 1, which a member that is bootstrapped never has there. The
// backend under such a log holds what the snapshot held, which no entry made.
uint64_t EntriesOfRestore(const Log& log);

// The index of the last snapshot that was taken over from a leader because the entry there was of another
// term, so that what the log says up to there is not what the backend holds; 0 for none.
uint64_t ReplacedUpTo(const Log& log);

// Whether the log holds the first entry of a member that began empty, so that its entries made everything.
bool BeginsEmpty(const Log& log);

// The last entry that the log itself shows to be committed: by its HardState, by a snapshot; what the only
// voter holds is committed.
uint64_t CommittedIn(const Log& log);

// Whether an entry after `index` adds `node`.
bool AddedAfter(const Log& log, uint64_t node, uint64_t index);

// True for what `snapshot restore` makes, before its first start: the log holds nothing but the configuration
// changes that found the cluster.
bool IsFreshlyRestored(const Log& log);

}  // namespace etcdmedic::raft
