// SPDX-License-Identifier: Apache-2.0
// Whether members that should hold the same hold the same: the entries of their logs, and the keys of their
// backends at the last revision that all of them have.
#pragma once

#include "check/compare_members.h"

namespace etcdmedic::check {

// What one member holds at one index of the log, as comparable numbers; 0: nothing.
struct EntryPrint {
  uint64_t term = 0;
  uint64_t print = 0;  // of type and data
  friend bool operator==(const EntryPrint&, const EntryPrint&) = default;
};

// The entries of one member, from `first` on.
struct EntryPrints {
  uint64_t first = 0;
  std::vector<EntryPrint> entries;
  EntryPrint At(uint64_t index) const {
    return index < first || index - first >= entries.size() ? EntryPrint{} : entries[index - first];
  }
  uint64_t end() const { return first + entries.size(); }
};

// Reports CLUSTER-LOG-CONFLICT where two logs hold another entry at the same index and term, or where both
// have committed the index and hold entries of different terms. `prints` in the order of comparison.members.
void ComparePrints(const std::vector<EntryPrints>& prints, Comparison& comparison);

// Reads the logs once more and compares them. Takes 16 bytes an entry and member.
void CompareEntries(const std::vector<const member::MemberState*>& states, Comparison& comparison);

// Reports CLUSTER-KEYS-DIVERGED: other keys at the last revision that all of them hold, with the first
// revision and key that differ. Members whose backend is damaged or does not reach that revision are left
// out.
void CompareKeys(const std::vector<const member::MemberState*>& states, Comparison& comparison);

}  // namespace etcdmedic::check
