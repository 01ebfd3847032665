// SPDX-License-Identifier: Apache-2.0
// The first half of the decoder: where the fields of one message lie.
#pragma once

#include <list>
#include <string>

#include "k8s/remarks.h"
#include "k8s/schema.h"

namespace etcdmedic::k8s {

// Where one printed field lies. Of a single field the last occurrence, of a repeated one the range of all.
struct Slot {
  const char* first;      // tag of the first occurrence
  const char* end;        // end of the last one
  const std::byte* data;  // payload of the last one, null where it is a number
  uint64_t value;         // the number, or the size of the payload

  Bytes bytes() const { return {data, data == nullptr ? 0 : static_cast<size_t>(value)}; }
};

// Not initialised but for the masks: bit i of `present` tells that at[i] is filled, of `again` that it was so
// more than once. A message has few of the 64.
struct Slots {
  uint64_t present = 0, again = 0;
  Slot at[64];

  bool Has(unsigned slot) const { return (present >> slot & 1) != 0; }
};

class Scanner {
 public:
  // `order`: whose slots of the fields are filled.
  Scanner(Remarks& remarks, size_t value_size, unsigned order)
      : remarks_(remarks), order_(order), copies_left_(4 * value_size + 4096) {}

  // Notes the fields of `message`. Unknown fields, and known ones with the wrong wire type, become remarks.
  void Scan(const Message& message, Bytes bytes, const FieldPath& frame, Slots& slots);

  // The payload of a single message that comes in several parts: all of them in one copy, as merging them
  // means. Each part is used once and copies have a budget; beyond it the last part is alone, with a
  // finding.
  Bytes Merged(const Field& field, const Slot& slot, const FieldPath& frame);

  Remarks& remarks() { return remarks_; }

 private:
  struct Inlined {
    const Field* field = nullptr;
    const char* first = nullptr;
    bool merged = false;
  };
  void ScanKnownFields(const Message& message, proto::WireReader& reader, Slots& slots) const;
  void Take(const Field& field, const proto::WireField& wire, const char* end, Slots& slots) const;
  void ScanUnexpectedField(const Field& field, const proto::WireField& wire, const char* end,
                           const FieldPath& frame, Slots& slots);
  void Forget(const Message& view, Slots& slots) const;
  void TakeInline(const Field& field, const proto::WireField& wire, proto::WireReader rest,
                  const FieldPath& frame, Inlined& seen, Slots& slots);
  void Stop(proto::WireStep step, const proto::WireField& wire, const proto::WireReader& reader,
            const Field* field, const FieldPath& frame);
  Bytes Copy(const Field& field, const char* first, const char* end, Bytes last, const FieldPath& frame);

  Remarks& remarks_;
  const unsigned order_;
  size_t copies_left_;
  std::list<std::string> copies_;
};

// Calls `each(WireField)` for every occurrence of `field` that fits its type in the range of `slot`.
template <class Each>
void ForEachOccurrence(const Field& field, const Slot& slot, Each each) {
  proto::WireReader reader(slot.first, slot.end);
  proto::WireField wire;
  for (proto::WireStep step = reader.Next(wire);
       step == proto::WireStep::kField || step == proto::WireStep::kCut; step = reader.Next(wire)) {
    if (wire.number == field.number) each(wire);
    if (step == proto::WireStep::kCut) return;
  }
}

}  // namespace etcdmedic::k8s
