// SPDX-License-Identifier: Apache-2.0
// The start of etcd, step by step, in its own order; PredictStart runs it. Internal to the predictor.
// docs/format/startup.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "startup/predict.h"
#include "startup/etcd_decoder.h"

namespace etcdmedic::startup {

// How etcd ends at a step; nothing where it continues.
using End = std::optional<Prediction>;

// Ends of one kind, with etcd's own words first.
Prediction Exits(std::string message, std::string explanation);
Prediction Panics(std::string message, std::string explanation);
Prediction Hangs(std::string explanation);

struct WalSnapshotKey {
  uint64_t term = 0;
  uint64_t index = 0;
  friend bool operator==(const WalSnapshotKey&, const WalSnapshotKey&) = default;
};

// What etcd's ReadAll gives back, as far as the start depends on it.
struct ReadOutcome {
  Decoded stop;
  bool gap = false;       // "slice bounds out of range"
  bool conflict = false;  // metadata differ
  bool mismatch = false;  // snapshot record with another term
  bool metadata = false;  // there is a metadata record
  uint64_t gap_index = 0;
  std::optional<int64_t> unknown_type;  // of a record that etcd does not know
  std::optional<raft::HardState> state;
  uint64_t last = 0;  // index of the last entry after the snapshot, 0 for none
};

class Predictor {
 public:
  Predictor(const member::MemberState& state, EtcdVersion version, const std::vector<diag::Finding>& findings);
  Prediction Run();

 private:
  // predict_log.cc
  End ListSnapshotRecords();
  End OpenLog();
  End ReadLog();
  End RefuseWithoutMetadata();
  // predict_backend.cc
  End OpenBackend();
  End StartWithoutLog();
  End ChooseSnapshot();
  End RefuseV2Content();
  End InstallSnapshotDb();
  End ValidateSchema();
  End RecoverMembership();
  End RestoreStore();
  // predict_raft.cc
  End CheckRaftState();
  End RefuseOwnMember();
  End CheckReach();
  End ApplyEntries();
  End JudgeTail();
  End JudgeContent();

  void ListFromSoundLog();
  void NoteSnapshotRecord(const wal::Record& record, uint64_t& commit);
  void NoteEntry(const wal::Record& record, ReadOutcome& read) const;
  void Note(const wal::Record& record, std::optional<std::string>& metadata, ReadOutcome& read) const;
  std::optional<ReadOutcome> ReadSoundLog() const;
  ReadOutcome ReadAll(const std::vector<Bytes>& files) const;
  End Refuse(const ReadOutcome& read) const;
  std::string CrcText(const Decoded& stop, const std::vector<const raft::Segment*>& files) const;
  std::string StopText(const Decoded& stop, const std::vector<const raft::Segment*>& files) const;

  End RecoverFromStore() const;
  End RecoverFromBackend() const;
  End RefuseDowngrade() const;
  End RefuseVersion(const std::string& cluster_version) const;
  End ApplyV2Requests() const;
  End ApplyVersions() const;
  End ApplyConfChanges() const;
  End FailAsUnknown(const std::string& why) const;

  // The index from which on entries are new to the snapshot, and the last one that etcd holds after the
  // start.
  uint64_t Reach() const { return std::max(read_.last, snapshot_.index); }
  uint64_t ConsistentIndex() const;
  uint64_t NodeId() const { return state_.log.metadata ? state_.log.metadata->node_id : 0; }
  std::string Hint() const { return repaired_ ? "repaired WAL" : ""; }

  const member::MemberState& state_;
  const EtcdVersion version_;
  const std::vector<diag::Finding>& findings_;
  DecoderRules rules_;
  std::vector<const raft::Segment*> segments_;  // by name
  std::vector<const raft::Segment*> opened_;    // those that are read from the snapshot on
  std::vector<WalSnapshotKey> records_;
  WalSnapshotKey snapshot_;
  const member::SnapFile* snap_file_ = nullptr;  // the .snap that is used; null for none, and from 3.7 on
  std::optional<uint64_t> applied_;              // consistent_index after a .snap.db has become the backend
  ReadOutcome read_;
  End mismatch_;  // found early, and told by etcd later
  bool repaired_ = false;
  uint64_t cut_ = 0;
};

}  // namespace etcdmedic::startup
