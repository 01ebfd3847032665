// SPDX-License-Identifier: Apache-2.0
#include "raft/entry.h"

#include <array>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace etcdmedic::raft {
namespace {

using protozero::pbf_wire_type;

// A message whose fields 1 to 3 are varints and whose field `bytes_field` (0: none) is bytes; others are
// passed over.
struct Fields {
  std::array<uint64_t, 4> varint{};
  std::optional<Bytes> bytes;
};

bool Read(Bytes message, uint32_t varints, uint32_t bytes_field, Fields& fields) try {
  protozero::pbf_reader reader(reinterpret_cast<const char*>(message.data()), message.size());
  while (reader.next()) {
    const uint32_t tag = reader.tag();
    if (tag == bytes_field) {
      if (reader.wire_type() != pbf_wire_type::length_delimited) return false;
      const protozero::data_view view = reader.get_view();
      fields.bytes = AsBytes({view.data(), view.size()});
    } else if (tag <= varints) {
      if (reader.wire_type() != pbf_wire_type::varint) return false;
      fields.varint[tag] = reader.get_uint64();
    } else {
      reader.skip();
    }
  }
  return true;
} catch (const protozero::exception&) {
  return false;
}

bool FastVarint(const std::byte*& at, const std::byte* end, uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; at != end && shift < 63; shift += 7) {
    const auto byte = std::to_integer<uint64_t>(*at++);
    value |= (byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

// [Type] Term Index [Data] in that order: what every etcd writes.
bool ReadUsualEntry(Bytes message, Entry& entry) {
  const std::byte* at = message.data();
  const std::byte* const end = at + message.size();
  uint64_t type = 0, length = 0;
  if (at != end && *at == std::byte{0x08} && !FastVarint(++at, end, type)) return false;
  if (at == end || *at++ != std::byte{0x10} || !FastVarint(at, end, entry.term)) return false;
  if (at == end || *at++ != std::byte{0x18} || !FastVarint(at, end, entry.index)) return false;
  entry.type = static_cast<EntryType>(type);
  entry.data = {};
  if (at == end) return true;
  if (*at++ != std::byte{0x22} || !FastVarint(at, end, length)) return false;
  if (length != static_cast<uint64_t>(end - at)) return false;
  entry.data = Bytes(at, length);
  return true;
}

void AddBytes(protozero::pbf_writer& writer, uint32_t tag, Bytes bytes) {
  writer.add_bytes(tag, reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

}  // namespace

bool ParseEntry(Bytes message, Entry& entry) {
  if (ReadUsualEntry(message, entry)) return true;
  Fields fields;
  if (!Read(message, 3, 4, fields)) return false;
  entry = {static_cast<EntryType>(fields.varint[1]), fields.varint[2], fields.varint[3],
           fields.bytes.value_or(Bytes{})};
  return true;
}

bool ParseHardState(Bytes message, HardState& state) {
  Fields fields;
  if (!Read(message, 3, 0, fields)) return false;
  state = {fields.varint[1], fields.varint[2], fields.varint[3]};
  return true;
}

bool ParseWalSnapshot(Bytes message, WalSnapshot& snapshot) {
  Fields fields;
  if (!Read(message, 2, 3, fields)) return false;
  snapshot = {fields.varint[1], fields.varint[2], fields.bytes};
  return true;
}

bool ParseMetadata(Bytes message, Metadata& metadata) {
  Fields fields;
  if (!Read(message, 2, 0, fields)) return false;
  metadata = {fields.varint[1], fields.varint[2]};
  return true;
}

std::string EncodeEntry(const Entry& entry) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint64(1, static_cast<uint64_t>(entry.type));
  writer.add_uint64(2, entry.term);
  writer.add_uint64(3, entry.index);
  if (!entry.data.empty()) AddBytes(writer, 4, entry.data);
  return out;
}

std::string EncodeHardState(const HardState& state) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint64(1, state.term);
  writer.add_uint64(2, state.vote);
  writer.add_uint64(3, state.commit);
  return out;
}

std::string EncodeWalSnapshot(const WalSnapshot& snapshot) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint64(1, snapshot.index);
  writer.add_uint64(2, snapshot.term);
  if (snapshot.conf_state) AddBytes(writer, 3, *snapshot.conf_state);
  return out;
}

std::string EncodeMetadata(const Metadata& metadata) {
  std::string out;
  protozero::pbf_writer writer(out);
  writer.add_uint64(1, metadata.node_id);
  writer.add_uint64(2, metadata.cluster_id);
  return out;
}

}  // namespace etcdmedic::raft
