// SPDX-License-Identifier: Apache-2.0
// The state of a member after any entry or revision that its files still prove. The front header of this
// room. docs/design/recovery.md.
#pragma once

#include <memory>
#include <optional>

#include "plan/new_member.h"
#include "recover/sources.h"
#include "replay/machine.h"

namespace etcdmedic::recover {

// Which state is wanted: by one of the first three, or by none, which is the last one.
struct Target {
  std::optional<int64_t> revision = {};           // after the entry that made it
  std::optional<uint64_t> index = {};             // after this entry
  std::optional<std::string> before_delete = {};  // before the last deletion of this key
  bool uncommitted = false;                       // entries count too that the cluster may not have committed

  bool past() const { return revision || index || before_delete; }
};

struct Recovery {
  Source source;                             // that it began with
  bool by_history = false;                   // older than the source, by the revisions that it retains
  std::unique_ptr<diag::FindingList> found;  // while the source was read
  std::optional<mvcc::Store> base;           // the source opened; nothing where it began with nothing
  replay::Machine machine;                   // views the member's files
  Extent extent;
  Target target;
  uint64_t unknown = 0;                      // entries with a request that is not known, which did nothing
  std::optional<int64_t> deleted_at = {};    // revision of the deletion that was to be undone
  std::vector<replay::LogEntry> after = {};  // entries that the log holds after the last state
};

// Errors: kRefused where the member's files do not prove such a state, saying what they do; those of
// replay::Machine::From.
Result<Recovery> Recover(const member::MemberState& state, const replay::MachineOptions& options,
                         const Target& target);

// What cannot come back, or is not what it was then: phrases for people.
std::vector<std::string> LossesOf(const Recovery& recovery);

// The member to be written as a directory. Errors: kRefused where the files do not say which member of which
// cluster it is, and, of several members, for a state that the others would not accept.
Result<plan::NewMember> MemberOf(const member::MemberState& state, const Recovery& recovery);

// Writes the backend of the recovered state.
Result<void> WriteBackend(const Recovery& recovery, bolt::PageSink& db);

}  // namespace etcdmedic::recover
