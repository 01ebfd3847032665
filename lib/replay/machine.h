// SPDX-License-Identifier: Apache-2.0
// etcd's state machine: a backend to begin with, and the log's entries applied to it one after the other as
// etcd applies them. The front header of this room. docs/format/mvcc.md, "How entries become revisions".
//
// What it takes is a backend (or nothing, where the log begins with entry 1) and entries in order; what it
// gives is the key space, leases, users, members and alarms after each of them, and the records that they
// wrote. It reads files through views only: the log and the backend outlive it.
#pragma once

#include "base/result.h"
#include "diag/finding.h"
#include "replay/auth_store.h"
#include "replay/cluster_state.h"
#include "replay/entries.h"
#include "replay/key_space.h"

namespace etcdmedic::replay {

struct MachineOptions {
  unsigned minor = 6;  // of the release 3.MINOR whose behaviour counts, 4 to 7
};

// Releases whose behaviour differs, in the order in which they are tried where nothing tells which one applied
// the log: what most clusters run comes first.
inline constexpr unsigned kMinors[] = {6, 5, 4, 7};

enum class Effect : uint8_t {
  kNone,     // nothing but the index: an empty entry, a read
  kDone,     // applied; perhaps without a change
  kRefused,  // etcd refuses it, so that nothing changes
  kUnknown,  // its request does not decode, or is not known: etcd panics or ignores it
};

// A key space to begin with that no backend holds as a whole: keys in ascending order, as they are after
// entry `index` made `revision`. Leases are not known, so each one that a request names counts as granted.
struct Beginning {
  uint64_t index = 0;
  uint64_t term = 0;
  int64_t revision = 1;
  int64_t compacted = -1;
  std::vector<std::pair<std::string_view, LiveKey>> keys = {};
  mvcc::Auth auth = {};
};

// What one entry did.
struct Applied {
  Effect effect = Effect::kNone;
  int64_t revision = 0;     // that it made; 0 for none
  size_t first_record = 0;  // in KeySpace::records(); those of this entry reach to the end
};

class Machine {
 public:
  // From nothing.
  explicit Machine(const MachineOptions& options) : options_(options) {}
  // From a backend, which outlives the machine. Reports into `sink` what cannot be read of it, and goes on
  // without. With a `revision` the keys are those of then; the backend has no history of anything else.
  // Errors: as mvcc::Store::Range.
  static Result<Machine> From(const mvcc::Store& store, const MachineOptions& options,
                              diag::FindingSink& sink, int64_t revision = 0);

  static Machine From(const Beginning& beginning, const MachineOptions& options);

  // Applies the entry after the last one; entries up to index() change nothing any more.
  Applied Apply(const LogEntry& entry);

  // The last entry that was applied, and its term; 0 for none. etcd calls the index consistent_index.
  uint64_t index() const { return index_; }
  uint64_t term() const { return term_; }
  const KeySpace& keys() const { return keys_; }
  const AuthStore& auth() const { return auth_; }
  const ClusterState& cluster() const { return cluster_; }
  const MachineOptions& options() const { return options_; }
  bool leases_changed() const { return leases_changed_; }
  // Users whose password the log of etcd 3.4 has in clear, so that no hash of it can be repeated.
  const std::vector<std::string>& lost_passwords() const { return lost_passwords_; }

 private:
  friend class EntryApplier;

  MachineOptions options_;
  uint64_t index_ = 0;
  uint64_t term_ = 0;
  KeySpace keys_;
  AuthStore auth_;
  ClusterState cluster_;
  bool leases_changed_ = false;
  std::vector<std::string> lost_passwords_;
};

}  // namespace etcdmedic::replay
