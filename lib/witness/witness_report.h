// SPDX-License-Identifier: Apache-2.0
// The witness's findings in words: what the log has, what the backend has, and where both are.
#pragma once

#include "witness/corrections.h"
#include "witness/record_match.h"

namespace etcdmedic::witness {

// An entry that may, or must, have made a revision, before it is known which.
struct Waiting {
  const SegmentSteps* of = nullptr;
  const LogStep* step = nullptr;
  uint32_t segment = 0;
  bool certain = false;
  bool contradicted = false;  // where its record should be another one is
  int64_t after = 0;          // so many that are certain wait before it
  std::vector<Effect> effects = {};
};

class WitnessWriter {
 public:
  // All outlive it; `corrections` may be null.
  WitnessWriter(const WitnessInput& input, const RecordMatch& match, Corrections* corrections)
      : input_(input), match_(match), corrections_(corrections) {}

  // The records of a revision are not what the entry writes. `complete`: none can have been compacted away.
  void Differs(const Waiting& entry, int64_t revision, keyspace::RevisionTable::Rows rows, bool complete,
               WitnessReport& report) const;
  // The record is right, but not the numbers of the key's history in it.
  void History(const Waiting& entry, const Effect& effect, const keyspace::RevisionRow& row,
               WitnessReport& report) const;
  // A record of a revision that the log made, though none of the entries that may have made it writes it.
  void Alien(const keyspace::RevisionRow& row, WitnessReport& report) const;
  // A key that exists, and whose newest record no compaction removes.
  void Vanished(std::string_view key, int64_t revision, WitnessReport& report) const;
  // From `from` on the two have nothing in common, up to `to`, the revision of the entry `again`, or the end.
  void Apart(const Waiting& first, int64_t from, const Waiting* again, int64_t to,
             WitnessReport& report) const;
  // The entry made `revision`, though by the count of entries it must be one from `low` to `high`.
  void Slipped(const Waiting& entry, int64_t revision, int64_t low, int64_t high,
               WitnessReport& report) const;
  // The backend ends before the revisions that entries made; `first` is the first that is missing, or null.
  void TooLow(int64_t newest, int64_t low, const Waiting* first, WitnessReport& report) const;
  bool LostOne() const;
  void TooHigh(int64_t newest, int64_t high, WitnessReport& report) const;

 private:
  void Add(diag::Code code, Where where, uint64_t length, std::string message, WitnessReport& report) const;
  Where PlaceOf(const keyspace::RevisionRow& row) const { return {input_.store.file(), row.place}; }
  void Correct(const Waiting& entry, const Effect& effect, const keyspace::RevisionRow& row) const;
  static uint64_t LengthOf(const keyspace::RevisionRow& row);
  std::string NameOf(const Waiting& entry) const;
  std::string Compare(const Effect& effect, const keyspace::RevisionRow& row) const;

  const WitnessInput& input_;
  const RecordMatch& match_;
  Corrections* const corrections_;
};

}  // namespace etcdmedic::witness
