// SPDX-License-Identifier: Apache-2.0
#include "snap/snap.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/crc32c.h"
#include "base/hex.h"
#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "proto/wire.h"

namespace etcdmedic::snap {
namespace {

using proto::AppendDelimited;
using proto::AppendNumber;
using proto::WireField;
using OuterFields = proto::snappb::snapshot;
using InnerFields = proto::raftpb::Snapshot;
using MetadataFields = proto::raftpb::SnapshotMetadata;
using ConfStateFields = proto::raftpb::ConfState;

// snappb.snapshot: the CRC and the message that it covers.
struct Outer {
  uint32_t crc = 0;
  Bytes data;
};

std::optional<Outer> ParseOuter(Bytes bytes) {
  Outer outer;
  const bool whole = proto::ForEachField(bytes, [&outer](const WireField& field) {
    switch (field.number) {
      case OuterFields::kCrc:
        return field.Number(outer.crc);
      case OuterFields::kData:
        return field.Payload(outer.data);
      default:
        return true;
    }
  });
  return whole ? std::optional(outer) : std::nullopt;
}

bool ReadConfState(const WireField& field, cluster::ConfState& conf_state) {
  const auto parsed = field.wire_type == proto::kDelimited ? ParseConfState(field.bytes) : std::nullopt;
  if (parsed) conf_state = *parsed;
  return parsed.has_value();
}

bool ParseMetadata(Bytes message, Snapshot& snapshot) {
  return proto::ForEachField(message, [&snapshot](const WireField& field) {
    switch (field.number) {
      case MetadataFields::kConfState:
        return ReadConfState(field, snapshot.conf_state);
      case MetadataFields::kIndex:
        return field.Number(snapshot.index);
      case MetadataFields::kTerm:
        return field.Number(snapshot.term);
      default:
        return true;
    }
  });
}

bool ParseInner(Bytes message, Snapshot& snapshot) {
  return proto::ForEachField(message, [&snapshot](const WireField& field) {
    switch (field.number) {
      case InnerFields::kData:
        return field.Payload(snapshot.store);
      case InnerFields::kMetadata:
        return field.wire_type == proto::kDelimited && ParseMetadata(field.bytes, snapshot);
      default:
        return true;
    }
  });
}

class ConfStateReader final : public proto::MessageVisitor {
 public:
  void OnNumber(const proto::FieldInfo& field, uint64_t value) override {
    if (field.number == ConfStateFields::kVoters) state.voters.push_back(value);
    if (field.number == ConfStateFields::kLearners) state.learners.push_back(value);
    if (field.number == ConfStateFields::kVotersOutgoing) state.voters_outgoing.push_back(value);
    if (field.number == ConfStateFields::kLearnersNext) state.learners_next.push_back(value);
    if (field.number == ConfStateFields::kAutoLeave) state.auto_leave = value != 0;
  }

  cluster::ConfState state;
};

void AppendIds(uint32_t number, const std::vector<uint64_t>& ids, std::string& out) {
  for (const uint64_t id : ids) AppendNumber(number, id, out);
}

std::string SyndromeText(const Outer& outer, Bytes bytes) {
  const auto bit = Crc32cFlippedBit(outer.crc ^ Crc32c(outer.data), outer.data.size());
  if (!bit) return {};
  const auto at = static_cast<uint64_t>(outer.data.data() - bytes.data()) + *bit / 8;
  return fmt::format("; bit {} at offset {} flipped would explain it", *bit % 8, at);
}

}  // namespace

std::optional<cluster::ConfState> ParseConfState(Bytes message) {
  ConfStateReader reader;
  if (!proto::WalkMessage(ConfStateFields::kInfo, message, reader)) return std::nullopt;
  return std::move(reader.state);
}

std::string EncodeConfState(const cluster::ConfState& state) {
  std::string out;
  AppendIds(ConfStateFields::kVoters, state.voters, out);
  AppendIds(ConfStateFields::kLearners, state.learners, out);
  AppendIds(ConfStateFields::kVotersOutgoing, state.voters_outgoing, out);
  AppendIds(ConfStateFields::kLearnersNext, state.learners_next, out);
  AppendNumber(ConfStateFields::kAutoLeave, state.auto_leave ? 1 : 0, out);
  return out;
}

std::optional<Snapshot> ReadSnapshot(Bytes bytes, const std::string& file, diag::FindingSink& sink) {
  const Where where{file, 0};
  if (bytes.empty()) {
    sink.Add({diag::Code::kSnapEmpty, where, 0, "it has no bytes"});
    return std::nullopt;
  }
  const auto outer = ParseOuter(bytes);
  if (!outer || outer->crc == 0 || outer->data.empty()) {
    sink.Add({diag::Code::kSnapMalformed, where, bytes.size(),
              outer ? "it has no CRC or no data" : "its outer message does not parse"});
    return std::nullopt;
  }
  const uint32_t computed = Crc32c(outer->data);
  if (computed != outer->crc) {
    sink.Add({diag::Code::kSnapCrcMismatch, where, bytes.size(),
              fmt::format("stored CRC {:08x}, computed {:08x}{}", outer->crc, computed,
                          SyndromeText(*outer, bytes))});
    return std::nullopt;
  }
  Snapshot snapshot;
  snapshot.crc = outer->crc;
  if (!ParseInner(outer->data, snapshot)) {
    sink.Add({diag::Code::kSnapMalformed, where, bytes.size(), "the raft snapshot inside does not parse"});
    return std::nullopt;
  }
  return snapshot;
}

std::optional<SnapshotHealing> HealSnapshot(Bytes bytes) {
  const auto outer = ParseOuter(bytes);
  if (!outer || outer->data.empty()) return std::nullopt;
  const auto bit = Crc32cFlippedBit(outer->crc ^ Crc32c(outer->data), outer->data.size());
  if (!bit) return std::nullopt;
  const auto at = static_cast<uint64_t>(outer->data.data() - bytes.data()) + *bit / 8;
  std::string healed(AsText(bytes));
  healed[at] = static_cast<char>(healed[at] ^ static_cast<char>(1U << (*bit % 8)));
  diag::FindingList unused;
  const auto snapshot = ReadSnapshot(AsBytes(healed), {}, unused);
  if (!snapshot || !nlohmann::json::accept(snapshot->store)) return std::nullopt;
  return SnapshotHealing{at, static_cast<uint8_t>(healed[at])};
}

std::string EncodeSnapshot(const Snapshot& snapshot) {
  std::string metadata, inner, out;
  AppendDelimited(MetadataFields::kConfState, EncodeConfState(snapshot.conf_state), metadata);
  AppendNumber(MetadataFields::kIndex, snapshot.index, metadata);
  AppendNumber(MetadataFields::kTerm, snapshot.term, metadata);
  AppendDelimited(InnerFields::kData, snapshot.store, inner);
  AppendDelimited(InnerFields::kMetadata, metadata, inner);
  AppendNumber(OuterFields::kCrc, Crc32c(AsBytes(inner)), out);
  AppendDelimited(OuterFields::kData, inner, out);
  return out;
}

std::string SnapshotName(uint64_t term, uint64_t index) {
  return fmt::format("{:016x}-{:016x}.snap", term, index);
}

std::optional<TermIndex> ParseSnapshotName(std::string_view name) {
  for (const std::string_view packed : {".zst", ".gz"}) {
    if (name.ends_with(packed)) name.remove_suffix(packed.size());
  }
  if (name.size() != 38 || !name.ends_with(".snap") || name[16] != '-') return std::nullopt;
  const auto term = ParseHex(name.substr(0, 16)), index = ParseHex(name.substr(17, 16));
  if (!term || !index) return std::nullopt;
  return TermIndex{*term, *index};
}

}  // namespace etcdmedic::snap
