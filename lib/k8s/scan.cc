// SPDX-License-Identifier: Apache-2.0
#include "k8s/scan.h"

#include <fmt/format.h>

namespace etcdmedic::k8s {
namespace {

bool IsInline(const Field& field) { return (field.flags & kInline) != 0 && field.type == Type::kMessage; }

// A list of numbers may come packed in one delimited field.
bool IsPacked(const Field& field, const WireField& wire) {
  return wire.wire_type == kDelimited && field.label == Label::kRepeated && field.wire_type != kDelimited;
}

void Forget(const Message& view, Slots& slots) {
  for (const Field& member : FieldsOf(view)) {
    if (IsInline(member)) {
      Forget(MessageAt(member.message), slots);
    } else {
      slots.present &= ~(uint64_t{1} << member.slot);
    }
  }
}

}  // namespace

void Scanner::Scan(const Message& message, Bytes bytes, const Frame& frame, Slots& slots) {
  WireReader reader(bytes);
  WireField wire;
  Inlined inlined;
  for (;;) {
    const WireStep step = reader.Next(wire);
    if (step == WireStep::kEnd) return;
    const Field* field = step == WireStep::kBroken ? nullptr : FindField(message, wire.number);
    if (step != WireStep::kField) Stop(step, wire, reader, field, frame);
    if (step == WireStep::kBroken) return;
    if (field == nullptr) {
      if (step == WireStep::kField) remarks_.Unknown(frame, wire, reader.at());
    } else if (field->wire_type == wire.wire_type && IsInline(*field)) {
      TakeInline(*field, wire, reader, frame, inlined, slots);
    } else {
      Take(*field, wire, reader.at(), frame, slots);
    }
  }
}

void Scanner::Take(const Field& field, const WireField& wire, const char* end, const Frame& frame,
                   Slots& slots) {
  if (field.wire_type != wire.wire_type) {
    if (IsPacked(field, wire)) {
      if (wire.bytes.empty()) return;
    } else {
      const Frame at{&frame, JsonName(field)};
      remarks_.Damaged(diag::Code::kK8sFieldType, at, wire.tag,
                       fmt::format("wire type {} where {} belongs", wire.wire_type, field.wire_type));
      remarks_.Unknown(frame, wire, end);
      return;
    }
  }
  Slot& slot = slots.at[field.slot];
  const uint64_t bit = uint64_t{1} << field.slot;
  if ((slots.present & bit) == 0) {
    slots.present |= bit;
    slot.first = wire.tag;
    slot.count = 0;
  }
  slot.end = end;
  slot.data = wire.bytes.data();
  slot.size = wire.bytes.size();
  slot.value = wire.value;
  ++slot.count;
}

void Scanner::TakeInline(const Field& field, const WireField& wire, WireReader rest, const Frame& frame,
                         Inlined& seen, Slots& slots) {
  const Message& view = MessageAt(field.message);
  const std::string_view name = NameOf(view).substr(NameOf(view).rfind('.') + 1);
  const Frame inside{&frame, name, Frame::kInlined};
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

Bytes Scanner::Merged(const Field& field, const Slot& slot, const Frame& frame) {
  return slot.count < 2 ? slot.bytes() : Copy(field, slot.first, slot.end, slot.bytes(), frame);
}

Bytes Scanner::Copy(const Field& field, const char* first, const char* end, Bytes last, const Frame& frame) {
  const auto most = static_cast<size_t>(end - first);
  if (most > copies_left_) {
    remarks_.Damaged(diag::Code::kK8sValueNesting, frame, first,
                     "split in parts time and again; only the last part is shown");
    return last;
  }
  copies_left_ -= most;
  std::string& copy = copies_.emplace_back();
  const Slot range{first, end, nullptr, 0, 0, 0};
  ForEachOccurrence(field, range, [&](const WireField& part) {
    if (part.wire_type == kDelimited) copy += AsText(part.bytes);
  });
  return AsBytes(copy);
}

void Scanner::Stop(WireStep step, const WireField& wire, const WireReader& reader, const Field* field,
                   const Frame& frame) {
  if (step == WireStep::kBroken) {
    const auto left = static_cast<size_t>(reader.end() - wire.tag);
    remarks_.Damaged(diag::Code::kK8sValueMalformed, frame, wire.tag,
                     fmt::format("{} bytes that are no whole field", left));
    return;
  }
  const std::string number = fmt::format("field {}", wire.number);
  const Frame at{&frame, field != nullptr ? JsonName(*field) : std::string_view(number)};
  remarks_.Damaged(diag::Code::kK8sValueTruncated, at, wire.tag, "cut short");
  if (field == nullptr) remarks_.Unknown(frame, wire, reader.end());
}

}  // namespace etcdmedic::k8s
