// SPDX-License-Identifier: Apache-2.0
// The way of the witness along the log: which entry made which revision. witness.cc goes along,
// witness_lost.cc is for where the count is not known, witness_end.cc for what the end shows.
// docs/design/log-as-witness.md.
#pragma once

#include <limits>

#include "witness/anchors.h"
#include "witness/record_match.h"
#include "witness/refusals.h"
#include "witness/step_player.h"
#include "witness/witness_report.h"

namespace etcdmedic::witness {

class WitnessWalk {
 public:
  // `corrections`: to be filled; null where nobody asks for them. It outlives the walk.
  explicit WitnessWalk(const WitnessInput& input, Corrections* corrections = nullptr);

  WitnessReport Run();

 private:
  using Rows = keyspace::RevisionTable::Rows;
  static constexpr int64_t kOpen = std::numeric_limits<int64_t>::max() / 2;  // no bound
  // So many entries in a row that the records contradict, and it is no longer single records that are wrong.
  static constexpr uint64_t kMostContradicted = 16;

  // Revisions are counted, but which entry made which is not known.
  struct Lost {
    int64_t low = 0, high = kOpen;      // of the newest revision so far
    std::optional<Waiting> apart = {};  // from this entry on, at revision `from`, the records are others
    int64_t from = 0;
    uint64_t missed = 0;                                   // entries whose record must be there and is not
    std::optional<int64_t> start = {};                     // the newest revision when the count was lost
    int64_t made = 0;                                      // since then, at least
    std::vector<uint32_t> written = {};                    // sums of the puts since then
    bool copies = false;                                   // or there are puts whose record is not known
    std::vector<std::pair<int64_t, Waiting>> doubts = {};  // entries whose record is another, by revision
  };

  // witness.cc
  void Reserve();
  void Take(const Waiting& at);
  void Make(const Waiting& at);
  // Between which the newest revision is.
  int64_t Low() const { return lost_ ? lost_->low : current_ + certain_; }
  int64_t High() const { return lost_ ? lost_->high : current_ + certain_ + perhaps_; }
  bool Complete(int64_t revision) const { return revision > compacted_; }
  // Whether the entry made `revision`; then it is taken.
  bool TryAt(const Waiting& at, const std::vector<Branch>& branches, int64_t revision);
  // What was played is what happened; false, and taken back, where that is not sure.
  bool Keep(const Waiting& at, const Outcome& outcome, int64_t revision);
  // Whether a record that fits is the entry's own: where others wait, one that only looks like it may.
  bool IsSure(const Waiting& at, const Outcome& outcome, int64_t revision);
  static bool HasPut(const Outcome& outcome);
  void Advance(int64_t revision);
  void NoteMade(const Waiting& at, int64_t revision);
  // create_revision and version, where both the log and the record know them.
  void CompareHistories(const Waiting& at, const Outcome& outcome, Rows rows);
  // No record says that the entry made a revision.
  void Wait(Waiting at, const std::vector<Branch>& branches, int64_t revision);
  void Limit();
  void DropWaiting();
  // What waited is what wrote the revisions up to `last`: what is certain, and of the rest as much as is
  // needed, the latest. Records that differ from it are reported.
  void Settle(int64_t last);
  void Confirm(const Waiting& maker, int64_t revision);

  // witness_lost.cc
  void LoseCount();
  // Entries are missing.
  void Hole();
  void MakeLost(const Waiting& at, const std::vector<Branch>& branches);
  static void NoteWritten(const Waiting& at, std::vector<uint32_t>& written, bool& copies);
  // Records of revisions from `begin` to before `end` that none of the entries that made them writes.
  void LookForAliens(int64_t begin, int64_t end, std::vector<uint32_t> written);
  // After the count was lost until `end` was known to be its revision.
  void JudgeLost(const Lost& lost, int64_t end);
  // A put that no compaction can have removed, and that comes before the end of the backend, must be there.
  void NoteMissed(const Waiting& at, const Outcome& outcome);
  // Finds the revision that the entry made by a record that is like no other.
  bool Resume(const Waiting& at, const std::vector<Branch>& branches);
  // After it was lost: the revision found against the count.
  void Judge(const Lost& lost, const Waiting& at, int64_t revision);

  // witness_end.cc
  void Finish();
  // The first of the entries at the end whose records are of other keys, where they are too many for flipped
  // bits.
  const Waiting* Stranger() const;
  bool SharesKey(const Waiting& entry, Rows rows) const;
  const Waiting* FirstMissing() const;
  // Of a key that exists the newest record outlives every compaction.
  void LookForLiveKeys();
  bool Held(const KeyState& state);

  const WitnessInput& input_;
  Corrections* const corrections_;
  const std::vector<raft::Run> runs_;
  const int64_t compacted_, newest_;
  const uint64_t replaced_;  // entries up to here were replaced by a snapshot that a leader sent
  const bool from_start_;    // the log begins with the first entry of an empty member
  StepPlayer player_;
  RecordMatch match_;
  Anchors anchors_;
  WitnessWriter writer_;
  WitnessReport report_;

  Refusals refusals_;
  int64_t current_ = 1;  // the newest revision that is known for sure
  // Entries since then of which no record says that they made one: so many that must have, so many that may;
  // of them those kept that matter.
  int64_t certain_ = 0, perhaps_ = 0;
  std::vector<Waiting> waiting_;
  std::vector<uint32_t> since_;  // sums of all their puts
  bool copies_ = false;          // or there are puts whose record is not known
  uint64_t contradicted_ = 0;    // of those that must have the ones whose record is another
  bool ambiguous_ = false;       // without a beginning, and with transactions whose branch no record tells
  bool plausible_ = false;       // of the current entry: a record fits that may be another's
  std::optional<Lost> lost_;
};

}  // namespace etcdmedic::witness
