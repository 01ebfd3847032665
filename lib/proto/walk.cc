// SPDX-License-Identifier: Apache-2.0
#include "proto/walk.h"

#include <algorithm>
#include <protozero/pbf_reader.hpp>

namespace etcdmedic::proto {
namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

pbf_wire_type WireTypeOf(FieldType type) {
  switch (type) {
    case FieldType::kString:
    case FieldType::kBytes:
    case FieldType::kMessage:
      return pbf_wire_type::length_delimited;
    case FieldType::kFixed64:
    case FieldType::kDouble:
      return pbf_wire_type::fixed64;
    default:
      return pbf_wire_type::varint;
  }
}

Bytes ViewOf(pbf_reader& reader) {
  const protozero::data_view view = reader.get_view();
  return AsBytes({view.data(), view.size()});
}

void VisitUnknown(pbf_reader& reader, MessageVisitor& visitor) {
  const uint32_t field = reader.tag();
  switch (reader.wire_type()) {
    case pbf_wire_type::varint:
      return visitor.OnUnknown(field, false, reader.get_uint64(), {});
    case pbf_wire_type::fixed64:
      return visitor.OnUnknown(field, false, reader.get_fixed64(), {});
    case pbf_wire_type::fixed32:
      return visitor.OnUnknown(field, false, reader.get_fixed32(), {});
    default:
      return visitor.OnUnknown(field, true, 0, ViewOf(reader));
  }
}

void VisitPacked(const FieldInfo& field, Bytes packed, MessageVisitor& visitor) {
  const char* at = AsText(packed).data();
  const char* const end = at + packed.size();
  while (at != end) visitor.OnNumber(field, protozero::decode_varint(&at, end));
}

bool VisitField(const FieldInfo& field, pbf_reader& reader, MessageVisitor& visitor, int depth) {
  const pbf_wire_type wire = WireTypeOf(field.type);
  if (reader.wire_type() != wire) {
    const bool packed = field.repeated && wire == pbf_wire_type::varint &&
                        reader.wire_type() == pbf_wire_type::length_delimited;
    if (!packed) return false;
    VisitPacked(field, ViewOf(reader), visitor);
    return true;
  }
  if (wire == pbf_wire_type::varint) {
    visitor.OnNumber(field, reader.get_uint64());
  } else if (wire == pbf_wire_type::fixed64) {
    visitor.OnNumber(field, reader.get_fixed64());
  } else if (field.type == FieldType::kMessage) {
    const Bytes nested = ViewOf(reader);
    visitor.OnBegin(field);
    if (!WalkMessage(*field.message, nested, visitor, depth + 1)) return false;
    visitor.OnEnd(field);
  } else {
    visitor.OnBytes(field, ViewOf(reader));
  }
  return true;
}

class Silent final : public MessageVisitor {
 public:
  void OnNumber(const FieldInfo&, uint64_t) override {}
  void OnBytes(const FieldInfo&, Bytes) override {}
  void OnBegin(const FieldInfo&) override {}
  void OnEnd(const FieldInfo&) override {}
  void OnUnknown(uint32_t, bool, uint64_t, Bytes) override {}
};

}  // namespace

const FieldInfo* FindField(const MessageInfo& info, uint32_t number) {
  const auto found = std::ranges::find(info.fields, number, &FieldInfo::number);
  return found == info.fields.end() ? nullptr : &*found;
}

bool WalkMessage(const MessageInfo& info, Bytes message, MessageVisitor& visitor, int depth) try {
  if (depth > kDeepestMessage) return false;
  pbf_reader reader(AsText(message).data(), message.size());
  while (reader.next()) {
    const FieldInfo* field = FindField(info, reader.tag());
    if (field == nullptr) {
      VisitUnknown(reader, visitor);
    } else if (!VisitField(*field, reader, visitor, depth)) {
      return false;
    }
  }
  return true;
} catch (const protozero::exception&) {
  return false;
}

bool IsWellFormed(const MessageInfo& info, Bytes message) {
  Silent silent;
  return WalkMessage(info, message, silent);
}

}  // namespace etcdmedic::proto
