// SPDX-License-Identifier: Apache-2.0
#include "proto/walk.h"

#include <algorithm>

#include "proto/wire.h"

namespace etcdmedic::proto {
namespace {

bool VisitDelimited(const FieldInfo& info, Bytes bytes, MessageVisitor& visitor, int depth) {
  if (info.type != FieldType::kMessage) {
    visitor.OnBytes(info, bytes);
    return true;
  }
  visitor.OnBegin(info);
  if (!WalkMessage(*info.message, bytes, visitor, depth + 1)) return false;
  visitor.OnEnd(info);
  return true;
}

bool VisitKnown(const FieldInfo& info, const WireField& field, WireReader& reader, MessageVisitor& visitor,
                int depth) {
  const bool delimited = field.wire_type == kDelimited;
  if (WireTypeOf(info.type) == kDelimited)
    return delimited && VisitDelimited(info, field.bytes, visitor, depth);
  if (delimited && info.repeated)
    return reader.Packed(field, [&](uint64_t number) { visitor.OnNumber(info, number); });
  if (field.wire_type != kVarint) return false;
  visitor.OnNumber(info, field.value);
  return true;
}

class Silent final : public MessageVisitor {};

}  // namespace

uint8_t WireTypeOf(FieldType type) {
  const bool delimited =
      type == FieldType::kString || type == FieldType::kBytes || type == FieldType::kMessage;
  return delimited ? kDelimited : kVarint;
}

const FieldInfo* FindField(const MessageInfo& info, uint32_t number) {
  const uint32_t guess = number - 1;  // most messages number their fields from 1 on without a gap
  if (guess < info.fields.size() && info.fields[guess].number == number) return &info.fields[guess];
  const auto found = std::ranges::lower_bound(info.fields, number, {}, &FieldInfo::number);
  return found == info.fields.end() || found->number != number ? nullptr : &*found;
}

bool WalkMessage(const MessageInfo& info, Bytes message, MessageVisitor& visitor, int depth) {
  if (depth > kDeepestMessage) return false;
  WireReader reader(message);
  WireField field;
  WireStep step = reader.Next(field);
  for (; step == WireStep::kField; step = reader.Next(field)) {
    if (const FieldInfo* known = FindField(info, field.number)) {
      if (!VisitKnown(*known, field, reader, visitor, depth)) return false;
    } else {
      const bool is_bytes = field.wire_type == kDelimited || field.wire_type == kGroup;
      visitor.OnUnknown(field.number, is_bytes, field.value, field.bytes);
    }
  }
  return step == WireStep::kEnd;
}

bool IsWellFormed(const MessageInfo& info, Bytes message) {
  Silent silent;
  return WalkMessage(info, message, silent);
}

}  // namespace etcdmedic::proto
