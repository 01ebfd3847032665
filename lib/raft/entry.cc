// SPDX-License-Identifier: Apache-2.0
#include "raft/entry.h"

#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::raft {

using proto::AppendDelimited;
using proto::AppendNumber;
using proto::WireField;
using Fields = proto::raftpb::Entry;
using StateFields = proto::raftpb::HardState;
using SnapshotFields = proto::walpb::Snapshot;
using MetadataFields = proto::etcdserverpb::Metadata;

bool ParseEntry(Bytes message, Entry& entry) {
  entry = {};
  proto::WireReader reader(message);  // every etcd writes type, term, index, data
  reader.TakeNumber(Fields::kType, entry.type);
  reader.TakeNumber(Fields::kTerm, entry.term);
  reader.TakeNumber(Fields::kIndex, entry.index);
  reader.TakePayload(Fields::kData, entry.data);
  return proto::ForEachField(reader, [&entry](const WireField& field) {
    switch (field.number) {
      case Fields::kType:
        return field.Number(entry.type);
      case Fields::kTerm:
        return field.Number(entry.term);
      case Fields::kIndex:
        return field.Number(entry.index);
      case Fields::kData:
        return field.Payload(entry.data);
      default:
        return true;
    }
  });
}

bool ParseHardState(Bytes message, HardState& state) {
  state = {};
  proto::WireReader reader(message);  // every etcd writes term, vote, commit
  reader.TakeNumber(StateFields::kTerm, state.term);
  reader.TakeNumber(StateFields::kVote, state.vote);
  reader.TakeNumber(StateFields::kCommit, state.commit);
  return proto::ForEachField(reader, [&state](const WireField& field) {
    switch (field.number) {
      case StateFields::kTerm:
        return field.Number(state.term);
      case StateFields::kVote:
        return field.Number(state.vote);
      case StateFields::kCommit:
        return field.Number(state.commit);
      default:
        return true;
    }
  });
}

bool ParseWalSnapshot(Bytes message, WalSnapshot& snapshot) {
  snapshot = {};
  return proto::ForEachField(message, [&snapshot](const WireField& field) {
    switch (field.number) {
      case SnapshotFields::kIndex:
        return field.Number(snapshot.index);
      case SnapshotFields::kTerm:
        return field.Number(snapshot.term);
      case SnapshotFields::kConfState:
        return field.Payload(snapshot.conf_state.emplace());
      default:
        return true;
    }
  });
}

bool ParseMetadata(Bytes message, Metadata& metadata) {
  metadata = {};
  return proto::ForEachField(message, [&metadata](const WireField& field) {
    switch (field.number) {
      case MetadataFields::kNodeID:
        return field.Number(metadata.node_id);
      case MetadataFields::kClusterID:
        return field.Number(metadata.cluster_id);
      default:
        return true;
    }
  });
}

std::string EncodeEntry(const Entry& entry) {
  std::string out;
  AppendNumber(Fields::kType, static_cast<uint64_t>(entry.type), out);
  AppendNumber(Fields::kTerm, entry.term, out);
  AppendNumber(Fields::kIndex, entry.index, out);
  if (!entry.data.empty()) AppendDelimited(Fields::kData, AsText(entry.data), out);
  return out;
}

std::string EncodeHardState(const HardState& state) {
  std::string out;
  AppendNumber(StateFields::kTerm, state.term, out);
  AppendNumber(StateFields::kVote, state.vote, out);
  AppendNumber(StateFields::kCommit, state.commit, out);
  return out;
}

std::string EncodeWalSnapshot(const WalSnapshot& snapshot) {
  std::string out;
  AppendNumber(SnapshotFields::kIndex, snapshot.index, out);
  AppendNumber(SnapshotFields::kTerm, snapshot.term, out);
  if (snapshot.conf_state) AppendDelimited(SnapshotFields::kConfState, AsText(*snapshot.conf_state), out);
  return out;
}

std::string EncodeMetadata(const Metadata& metadata) {
  std::string out;
  AppendNumber(MetadataFields::kNodeID, metadata.node_id, out);
  AppendNumber(MetadataFields::kClusterID, metadata.cluster_id, out);
  return out;
}

}  // namespace etcdmedic::raft
