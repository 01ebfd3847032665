// SPDX-License-Identifier: Apache-2.0
#include "snap/snap.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "base/crc32c.h"
#include "base/hex.h"

namespace etcdmedic::snap {
namespace {

using protozero::pbf_wire_type;

protozero::pbf_reader ReaderOf(Bytes message) {
  return {reinterpret_cast<const char*>(message.data()), message.size()};
}

Bytes ViewOf(protozero::pbf_reader& reader) {
  const protozero::data_view view = reader.get_view();
  return AsBytes({view.data(), view.size()});
}

// snappb.snapshot: the CRC and the message that it covers.
struct Outer {
  uint32_t crc = 0;
  Bytes data;
};

std::optional<Outer> ParseOuter(Bytes bytes) try {
  Outer outer;
  auto reader = ReaderOf(bytes);
  while (reader.next()) {
    if (reader.tag() == 1 && reader.wire_type() == pbf_wire_type::varint) {
      outer.crc = static_cast<uint32_t>(reader.get_uint64());
    } else if (reader.tag() == 2 && reader.wire_type() == pbf_wire_type::length_delimited) {
      outer.data = ViewOf(reader);
    } else if (reader.tag() <= 2) {
      return std::nullopt;
    } else {
      reader.skip();
    }
  }
  return outer;
} catch (const protozero::exception&) {
  return std::nullopt;
}

bool ParseMetadata(Bytes message, Snapshot& snapshot) try {
  auto reader = ReaderOf(message);
  while (reader.next()) {
    if (reader.tag() == 1 && reader.wire_type() == pbf_wire_type::length_delimited) {
      const auto conf_state = ParseConfState(ViewOf(reader));
      if (!conf_state) return false;
      snapshot.conf_state = *conf_state;
    } else if (reader.tag() == 2 && reader.wire_type() == pbf_wire_type::varint) {
      snapshot.index = reader.get_uint64();
    } else if (reader.tag() == 3 && reader.wire_type() == pbf_wire_type::varint) {
      snapshot.term = reader.get_uint64();
    } else if (reader.tag() <= 3) {
      return false;
    } else {
      reader.skip();
    }
  }
  return true;
} catch (const protozero::exception&) {
  return false;
}

// raftpb.Snapshot.
bool ParseInner(Bytes message, Snapshot& snapshot) try {
  auto reader = ReaderOf(message);
  while (reader.next()) {
    const bool bytes = reader.wire_type() == pbf_wire_type::length_delimited;
    if (reader.tag() == 1 && bytes) {
      snapshot.store = AsText(ViewOf(reader));
    } else if (reader.tag() == 2 && bytes) {
      if (!ParseMetadata(ViewOf(reader), snapshot)) return false;
    } else if (reader.tag() <= 2) {
      return false;
    } else {
      reader.skip();
    }
  }
  return true;
} catch (const protozero::exception&) {
  return false;
}

std::string SyndromeText(const Outer& outer, Bytes bytes) {
  const auto bit = Crc32cFlippedBit(outer.crc ^ Crc32c(outer.data), outer.data.size());
  if (!bit) return {};
  const auto at = static_cast<uint64_t>(outer.data.data() - bytes.data()) + *bit / 8;
  return fmt::format("; bit {} at offset {} flipped would explain it", *bit % 8, at);
}

}  // namespace

std::optional<cluster::ConfState> ParseConfState(Bytes message) try {
  cluster::ConfState state;
  std::vector<uint64_t>* const lists[] = {&state.voters, &state.learners, &state.voters_outgoing,
                                          &state.learners_next};
  auto reader = ReaderOf(message);
  while (reader.next()) {
    if (reader.tag() >= 1 && reader.tag() <= 4) {
      auto& list = *lists[reader.tag() - 1];
      if (reader.wire_type() == pbf_wire_type::varint) {
        list.push_back(reader.get_uint64());
      } else if (reader.wire_type() == pbf_wire_type::length_delimited) {
        for (const uint64_t id : reader.get_packed_uint64()) list.push_back(id);
      } else {
        return std::nullopt;
      }
    } else if (reader.tag() == 5 && reader.wire_type() == pbf_wire_type::varint) {
      state.auto_leave = reader.get_uint64() != 0;
    } else {
      reader.skip();
    }
  }
  return state;
} catch (const protozero::exception&) {
  return std::nullopt;
}

std::string EncodeConfState(const cluster::ConfState& state) {
  std::string out;
  protozero::pbf_writer writer(out);
  const std::vector<uint64_t>* const lists[] = {&state.voters, &state.learners, &state.voters_outgoing,
                                                &state.learners_next};
  for (uint32_t i = 0; i < 4; ++i) {
    for (const uint64_t id : *lists[i]) writer.add_uint64(i + 1, id);
  }
  writer.add_bool(5, state.auto_leave);
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
  std::string metadata;
  protozero::pbf_writer meta(metadata);
  meta.add_message(1, EncodeConfState(snapshot.conf_state));
  meta.add_uint64(2, snapshot.index);
  meta.add_uint64(3, snapshot.term);
  std::string inner;
  protozero::pbf_writer raft(inner);
  raft.add_bytes(1, snapshot.store.data(), snapshot.store.size());
  raft.add_message(2, metadata);
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint32(1, Crc32c(AsBytes(inner)));
  writer.add_bytes(2, inner);
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
