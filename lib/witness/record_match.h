// SPDX-License-Identifier: Apache-2.0
// Whether the records of one revision are what an entry writes.
#pragma once

#include "keyspace/revision_table.h"
#include "mvcc/store.h"
#include "witness/step_player.h"

namespace etcdmedic::witness {

class RecordMatch {
 public:
  // Both outlive it.
  RecordMatch(const mvcc::Store& store, const KeyStates& keys) : store_(store), keys_(keys) {}

  // `complete`: no compaction can have removed a record of this revision; else those there are may be some of
  // the records written. Without a record nothing matches.
  bool operator()(const Outcome& outcome, keyspace::RevisionTable::Rows rows, bool complete) const;
  // Whether one record is what the effect writes.
  bool Same(const Effect& effect, const keyspace::RevisionRow& row) const;
  // The record as it is stored; nothing where it does not parse.
  std::optional<mvcc::KeyValue> Read(const keyspace::RevisionRow& row) const;

 private:
  bool InOrder(const Outcome& outcome, keyspace::RevisionTable::Rows rows, bool complete) const;
  bool AsSet(const Outcome& outcome, keyspace::RevisionTable::Rows rows, bool complete) const;

  const mvcc::Store& store_;
  const KeyStates& keys_;
};

}  // namespace etcdmedic::witness
