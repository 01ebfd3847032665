// SPDX-License-Identifier: Apache-2.0
#include "k8s/scan.h"

#include <fmt/format.h>

namespace etcdmedic::k8s {
namespace {

bool IsInline(const Field& field) { return (field.flags & kInline) != 0 && field.type == Type::kMessage; }

// A list of numbers may come packed in one delimited field.
bool IsPacked(const Field& field, const proto::WireField& wire) {
  return wire.wire_type == proto::kDelimited && field.label == Label::kRepeated &&
         field.wire_type != proto::kDelimited;
}

}  // namespace

void Scanner::Scan(const Message& message, Bytes bytes, const FieldPath& frame, Slots& slots) {
  proto::WireReader reader(bytes);
  proto::WireField wire;
  Inlined inlined;
  for (;;) {
    ScanKnownFields(message, reader, slots);
    const proto::WireStep step = reader.Next(wire);
    if (step == proto::WireStep::kEnd) return;
    const Field* field = step == proto::WireStep::kBroken ? nullptr : FindField(message, wire.number);
    if (step != proto::WireStep::kField) Stop(step, wire, reader, field, frame);
    if (step == proto::WireStep::kBroken) return;
    if (field == nullptr) {
      if (step == proto::WireStep::kField) remarks_.Unknown(frame, wire, reader.at());
    } else if (field->wire_type != wire.wire_type) {
      ScanUnexpectedField(*field, wire, reader.at(), frame, slots);
    } else if (IsInline(*field)) {
      TakeInline(*field, wire, reader, frame, inlined, slots);
    } else {
      Take(*field, wire, reader.at(), slots);
    }
  }
}

// Takes what nearly every message is made of: fields that its table knows, in the way that it knows them, and
// whole. Stops before the first that is not so.
inline void Scanner::ScanKnownFields(const Message& message, proto::WireReader& reader, Slots& slots) const {
  for (;;) {
    proto::WireReader ahead = reader;
    proto::WireField wire;
    uint64_t tag = 0;
    wire.tag = ahead.at();
    if (!ahead.Varint(tag)) return;
    const Field* field = FindField(message, tag >> 3);
    if (field == nullptr || field->wire_type != (tag & 7) || (field->flags & kInline) != 0) return;
    if (!ahead.Varint(wire.value)) return;
    if (field->wire_type == proto::kDelimited) {
      if (!ahead.Take(wire.value, wire.bytes)) return;
    } else if (field->wire_type != proto::kVarint) {
      return;
    }
    Take(*field, wire, ahead.at(), slots);
    reader = ahead;
  }
}

inline void Scanner::Take(const Field& field, const proto::WireField& wire, const char* end,
                          Slots& slots) const {
  Slot& slot = slots.at[field.slots[order_]];
  const uint64_t bit = uint64_t{1} << field.slots[order_];
  if ((slots.present & bit) == 0) {
    slot.first = wire.tag;
  } else {
    slots.again |= bit;
  }
  slots.present |= bit;
  slot.end = end;
  slot.data = wire.bytes.data();
  slot.value = wire.value;
}

void Scanner::ScanUnexpectedField(const Field& field, const proto::WireField& wire, const char* end,
                                  const FieldPath& frame, Slots& slots) {
  if (IsPacked(field, wire)) {
    if (!wire.bytes.empty()) Take(field, wire, end, slots);
    return;
  }
  const FieldPath at{&frame, JsonName(field)};
  remarks_.Damaged(diag::Code::kK8sFieldType, at, wire.tag,
                   fmt::format("wire type {} where {} belongs", wire.wire_type, field.wire_type));
  remarks_.Unknown(frame, wire, end);
}

void Scanner::TakeInline(const Field& field, const proto::WireField& wire, proto::WireReader rest,
                         const FieldPath& frame, Inlined& seen, Slots& slots) {
  const Message& view = MessageAt(field.message);
  const std::string_view name = NameOf(view).substr(NameOf(view).rfind('.') + 1);
  const FieldPath inside{&frame, name, FieldPath::kInlined};
  if (seen.field != &field) {
    seen = {&field, wire.tag, false};
    Scan(view, wire.bytes, inside, slots);
    return;
  }
  if (seen.merged) return;  // the copy below already held this part
  seen.merged = true;
  Forget(view, slots);
  Scan(view, Copy(field, seen.first, rest.end(), wire.bytes, inside), inside, slots);
}

void Scanner::Forget(const Message& view, Slots& slots) const {
  for (const Field& member : FieldsOf(view)) {
    if (IsInline(member)) {
      Forget(MessageAt(member.message), slots);
    } else {
      const uint64_t bit = uint64_t{1} << member.slots[order_];
      slots.present &= ~bit;
      slots.again &= ~bit;
    }
  }
}

Bytes Scanner::Merged(const Field& field, const Slot& slot, const FieldPath& frame) {
  return Copy(field, slot.first, slot.end, slot.bytes(), frame);
}

Bytes Scanner::Copy(const Field& field, const char* first, const char* end, Bytes last,
                    const FieldPath& frame) {
  const auto most = static_cast<size_t>(end - first);
  if (most > copies_left_) {
    remarks_.Damaged(diag::Code::kK8sValueNesting, frame, first,
                     "split in parts time and again; only the last part is shown");
    return last;
  }
  copies_left_ -= most;
  std::string& copy = copies_.emplace_back();
  const Slot range{first, end, nullptr, 0};
  ForEachOccurrence(field, range, [&](const proto::WireField& part) {
    if (part.wire_type == proto::kDelimited) copy += AsText(part.bytes);
  });
  return AsBytes(copy);
}

void Scanner::Stop(proto::WireStep step, const proto::WireField& wire, const proto::WireReader& reader,
                   const Field* field, const FieldPath& frame) {
  if (step == proto::WireStep::kBroken) {
    const auto left = static_cast<size_t>(reader.end() - wire.tag);
    remarks_.Damaged(diag::Code::kK8sValueMalformed, frame, wire.tag,
                     fmt::format("{} bytes that are not a complete field", left));
    return;
  }
  const std::string number = fmt::format("field {}", wire.number);
  const FieldPath at{&frame, field != nullptr ? JsonName(*field) : std::string_view(number)};
  remarks_.Damaged(diag::Code::kK8sValueTruncated, at, wire.tag, "cut short");
  if (field == nullptr) remarks_.Unknown(frame, wire, reader.end());
}

}  // namespace etcdmedic::k8s
