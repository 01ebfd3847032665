// SPDX-License-Identifier: Apache-2.0
#include "k8s/protobuf.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "base/secret_mask.h"
#include "k8s/scan.h"
#include "k8s/well_known.h"
#include "text/base64.h"
#include "text/json_text.h"
#include "text/json_writer.h"
#include "text/time.h"
#include "text/tree_writer.h"
#include "text/yaml_writer.h"

namespace etcdmedic::k8s {
namespace {

constexpr unsigned kDeepest = 100;  // messages in messages
constexpr size_t kUsualEntries = 16, kUsualText = 32;

// How the members of an object and the keys of a map are in what `Writer` makes.
template <class Writer>
struct Order {
  static constexpr unsigned kMembers = kByDeclaration;
  static constexpr text::KeyOrder kEmbedded = text::KeyOrder::kStored;
  static bool Less(std::string_view a, std::string_view b) { return a < b; }
};
template <>
struct Order<text::YamlWriter> {
  static constexpr unsigned kMembers = kByName;
  static constexpr text::KeyOrder kEmbedded = text::KeyOrder::kNatural;
  static bool Less(std::string_view a, std::string_view b) { return text::YamlKeyLess(a, b); }
};

struct MapEntry {
  std::string_view key;
  Bytes value;
};

// {1 key, 2 value} of a map.
bool IsOfEntry(const proto::WireField& wire) {
  return wire.wire_type == proto::kDelimited && (wire.number == 1 || wire.number == 2);
}

// Reads as much of an entry as there is and says whether that was all and nothing else.
bool ReadEntry(Bytes bytes, MapEntry& entry) {
  proto::WireReader reader(bytes);
  proto::WireField wire;
  bool only = true;
  for (;;) {
    const proto::WireStep step = reader.Next(wire);
    if (step == proto::WireStep::kEnd) return only;
    if (step == proto::WireStep::kBroken) return false;
    if (!IsOfEntry(wire)) {
      only = false;
    } else if (wire.number == 1) {
      entry.key = AsText(wire.bytes);
    } else {
      entry.value = wire.bytes;
    }
    if (step == proto::WireStep::kCut) return false;
  }
}

// The number in field `number` of a small message, 0 where there is none. For a look ahead: reports nothing.
uint64_t NumberIn(Bytes bytes, uint64_t number) {
  uint64_t value = 0;
  proto::WireReader reader(bytes);
  proto::WireField wire;
  while (reader.Next(wire) == proto::WireStep::kField) {
    if (wire.number == number && wire.wire_type == proto::kVarint) value = wire.value;
  }
  return value;
}

bool IsZeroTime(Bytes time) {
  return time.empty() || NumberIn(time, 1) == static_cast<uint64_t>(kZeroTimeSeconds);
}

// True where every field of `bytes` is known to `message`.
bool Fits(const Message& message, Bytes bytes) {
  proto::WireReader reader(bytes);
  proto::WireField wire;
  while (reader.Next(wire) == proto::WireStep::kField) {
    const Field* field = FindField(message, wire.number);
    if (field == nullptr || field->wire_type != wire.wire_type) return false;
  }
  return true;
}

template <class Writer>
class ObjectWriter {
 public:
  ObjectWriter(const ObjectOptions& options, Writer& writer, Remarks& remarks, size_t size)
      : options_(options),
        writer_(writer),
        order_(options.sorted ? kByName : Order<Writer>::kMembers),
        scanner_(remarks, size, order_),
        newest_(options.release >= tables::kNewestRelease),
        embedded_(order_ != Order<Writer>::kMembers ? text::KeyOrder::kBytewise : Order<Writer>::kEmbedded),
        mask_(options.mask_secrets, options.kind) {
    entries_.reserve(kUsualEntries);
    text_.reserve(kUsualText);
  }

  void Whole(const Message& message, Bytes raw) {
    Object(message, raw, FieldPath{}, message.type_meta[order_]);
  }

 private:
  void Object(const Message& message, Bytes bytes, const FieldPath& frame, uint64_t type_meta = 0) {
    if (depth_ == kDeepest) return TooDeep(bytes, frame);
    ++depth_;
    Slots slots;
    scanner_.Scan(message, bytes, frame, slots);
    if (depth_ == 2 && frame.name == "metadata") EditMetadata(message, slots);
    writer_.BeginMap();
    Members(message, slots, frame, slots.present | type_meta | Always(message));
    writer_.EndMap();
    --depth_;
  }

  void TooDeep(Bytes bytes, const FieldPath& frame) {
    scanner_.remarks().Damaged(diag::Code::kK8sValueNesting, frame, AsText(bytes).data(),
                               "messages nest too deep; nothing below is shown");
    writer_.BeginMap();
    writer_.EndMap();
  }

  void EditMetadata(const Message& metadata, Slots& slots) const {
    constexpr uint64_t kManagedFields = 17;
    if (!options_.resource_version.empty()) Inject(metadata, slots);
    const Field* field = options_.hide_managed_fields ? FindField(metadata, kManagedFields) : nullptr;
    if (field != nullptr && JsonName(*field) == "managedFields")
      slots.present &= ~(uint64_t{1} << field->slots[order_]);
  }

  // kubectl shows the revision of the last write here; stored objects have none.
  void Inject(const Message& metadata, Slots& slots) const {
    constexpr uint64_t kResourceVersion = 6;
    const Field* field = FindField(metadata, kResourceVersion);
    if (field == nullptr || JsonName(*field) != "resourceVersion") return;
    const Bytes version = AsBytes(options_.resource_version);
    slots.present |= uint64_t{1} << field->slots[order_];
    slots.at[field->slots[order_]] = {nullptr, nullptr, version.data(), version.size()};
  }

  uint64_t Always(const Message& message) const {
    if (newest_) return message.always[order_];
    uint64_t mask = 0;
    for (unsigned slot = 0; slot < message.slot_count; ++slot) {
      const Field& field = SlotField(message, order_, slot);
      if (field.number != 0 && PrintsAbsent(field, options_.release)) mask |= uint64_t{1} << slot;
    }
    return mask;
  }

  void Members(const Message& message, const Slots& slots, const FieldPath& frame, uint64_t mask) {
    for (; mask != 0; mask &= mask - 1) {
      const auto slot = static_cast<unsigned>(std::countr_zero(mask));
      Member(SlotField(message, order_, slot), slot, slots, frame);
    }
  }

  void Member(const Field& field, unsigned at, const Slots& slots, const FieldPath& frame) {
    if (field.number == 0) {
      writer_.Member(JsonName(field));
      return writer_.String(field.type == Type::kKind ? options_.kind : options_.api_version);
    }
    const Shape shape = newest_ || field.older_count == 0 ? Shape{JsonName(field), field.flags, field.message}
                                                          : ShapeIn(field, options_.release);
    if ((shape.flags & kHidden) != 0) return;
    if (!slots.Has(at)) {
      writer_.Member(shape.json);
      return Absent(field, shape, frame);
    }
    const Slot& slot = slots.at[at];
    if (IsOmitted(field, shape, slot)) return;
    writer_.Member(shape.json);
    if (field.label == Label::kMap) return Map(field, shape, slot, frame);
    if (field.label == Label::kRepeated) return List(field, shape, slot, frame);
    Single(field, shape, slot, (slots.again >> at & 1) != 0, frame);
  }

  // Present on the wire, yet left out of the text.
  bool IsOmitted(const Field& field, const Shape& shape, const Slot& slot) const {
    if (field.label != Label::kSingle || (shape.flags & kPointer) != 0) return false;
    if (field.type == Type::kMessage) {
      const WellKnownType type = MessageAt(shape.message).well_known;
      if ((shape.flags & kOmitZero) != 0 && type == WellKnownType::kTime) return IsZeroTime(slot.bytes());
      return type == WellKnownType::kWrap && (shape.flags & kOmitEmpty) != 0 && slot.value == 0;
    }
    if ((shape.flags & kOmitEmpty) == 0) return false;
    if (field.type == Type::kInt32) return static_cast<uint32_t>(slot.value) == 0;
    return slot.value == 0;
  }

  void Absent(const Field& field, const Shape& shape, const FieldPath& frame) {
    if (field.label != Label::kSingle || (shape.flags & kPointer) != 0 || field.type == Type::kBytes) {
      return writer_.Null();
    }
    if (field.type != Type::kMessage) return Scalar(field, 0, {});
    const Message& message = MessageAt(shape.message);
    if (message.well_known == WellKnownType::kWrap) return writer_.Null();
    Value(message, {}, FieldPath{&frame, shape.json});
  }

  // `parts`: it came in several.
  void Single(const Field& field, const Shape& shape, const Slot& slot, bool parts, const FieldPath& frame) {
    if (field.type != Type::kMessage) return Scalar(field, slot.value, slot.bytes());
    const FieldPath inside{&frame, shape.json};
    const Bytes bytes = parts ? scanner_.Merged(field, slot, inside) : slot.bytes();
    Value(TypeOf(field, shape, bytes), bytes, inside);
  }

  // The newest type of the field that fits the bytes.
  const Message& TypeOf(const Field& field, const Shape& shape, Bytes bytes) const {
    const Message& message = MessageAt(shape.message);
    if (field.older_count == 0 || Fits(message, bytes)) return message;
    for (const OlderShape& older : std::span(tables::kOlder + field.older, field.older_count)) {
      if (older.message != field.message && Fits(MessageAt(older.message), bytes))
        return MessageAt(older.message);
    }
    return message;
  }

  void Scalar(const Field& field, uint64_t value, Bytes bytes) {
    switch (field.type) {
      case Type::kString:
        return writer_.String(AsText(bytes));
      case Type::kBytes:
        return Base64(bytes);
      case Type::kInt32:
        return writer_.Int(static_cast<int32_t>(value));
      case Type::kInt64:
        return writer_.Int(static_cast<int64_t>(value));
      case Type::kBool:
        return writer_.Bool(value != 0);
      case Type::kDouble:
        return writer_.Double(std::bit_cast<double>(value));
      default:
        return writer_.Null();
    }
  }

  void Base64(Bytes bytes) {
    text_.clear();
    text::AppendBase64(text_, bytes);
    writer_.String(text_);
  }

  void List(const Field& field, const Shape& shape, const Slot& slot, const FieldPath& frame) {
    writer_.BeginList();
    FieldPath inside{&frame, shape.json, 0};
    ForEachOccurrence(field, slot, [&](const proto::WireField& wire) {
      if (wire.wire_type == field.wire_type) {
        if (field.type == Type::kMessage) {
          Value(TypeOf(field, shape, wire.bytes), wire.bytes, inside);
        } else {
          Scalar(field, wire.value, wire.bytes);
        }
        ++inside.index;
      } else if (wire.wire_type == proto::kDelimited) {
        Packed(field, wire.bytes, inside);
      }
    });
    writer_.EndList();
  }

  void Packed(const Field& field, Bytes bytes, const FieldPath& frame) {
    proto::WireReader reader(bytes);
    while (reader.at() != reader.end()) {
      uint64_t value = 0;
      if (field.wire_type != proto::kVarint || !reader.Varint(value)) {
        return scanner_.remarks().Damaged(diag::Code::kK8sValueMalformed, frame, reader.at(),
                                          "a packed number that is invalid");
      }
      Scalar(field, value, {});
    }
  }

  // Entries of all open maps share one stack; this map's begin at `base`.
  void Map(const Field& field, const Shape& shape, const Slot& slot, const FieldPath& frame) {
    const size_t base = entries_.size();
    ForEachOccurrence(field, slot, [&](const proto::WireField& wire) {
      if (wire.wire_type == proto::kDelimited) entries_.push_back(Entry(shape, wire, frame));
    });
    const auto less = [](const MapEntry& a, const MapEntry& b) { return Order<Writer>::Less(a.key, b.key); };
    const auto begin = entries_.begin() + static_cast<ptrdiff_t>(base);
    if (!std::is_sorted(begin, entries_.end(), less)) std::stable_sort(begin, entries_.end(), less);
    writer_.BeginMap();
    const size_t count = entries_.size();
    for (size_t i = base; i < count; ++i) {
      if (i + 1 < count && entries_[i].key == entries_[i + 1].key) continue;  // the last one of a key wins
      const MapEntry entry = entries_[i];
      writer_.Key(entry.key);
      MapValue(field, shape, entry, frame);
    }
    writer_.EndMap();
    entries_.resize(base);
  }

  MapEntry Entry(const Shape& shape, const proto::WireField& wire, const FieldPath& frame) {
    MapEntry entry;
    if (ReadEntry(wire.bytes, entry)) return entry;
    proto::WireReader reader(wire.bytes);
    proto::WireField part;
    for (proto::WireStep step = reader.Next(part); step != proto::WireStep::kEnd; step = reader.Next(part)) {
      if (step == proto::WireStep::kField && IsOfEntry(part)) continue;
      const FieldPath inside{&frame, shape.json, FieldPath::kKey, entry.key};
      if (step == proto::WireStep::kField) {
        scanner_.remarks().Unknown(inside, part, reader.at());
        continue;
      }
      const bool cut = step == proto::WireStep::kCut;
      scanner_.remarks().Damaged(cut ? diag::Code::kK8sValueTruncated : diag::Code::kK8sValueMalformed,
                                 inside, part.tag, cut ? "cut short" : "bytes that are not a complete field");
      break;
    }
    return entry;
  }

  void MapValue(const Field& field, const Shape& shape, const MapEntry& entry, const FieldPath& frame) {
    if (mask_.hides() && IsHidden(shape.json, entry.key, frame)) return writer_.String(kSecretMask);
    if (field.type != Type::kMessage) return Scalar(field, 0, entry.value);
    Value(MessageAt(shape.message), entry.value, FieldPath{&frame, shape.json, FieldPath::kKey, entry.key});
  }

  // Whether the entry `key` of the map `field` is; `frame` is the message that has the map.
  bool IsHidden(std::string_view field, std::string_view key, const FieldPath& frame) const {
    using Place = SecretMask::Place;
    const Place inside = depth_ == 1   ? Place::kRoot
                         : depth_ == 2 ? mask_.Below(Place::kRoot, frame.name)
                                       : Place::kElsewhere;
    return SecretMask::Hides(mask_.Below(mask_.Below(inside, field), key), false);
  }

  void Value(const Message& message, Bytes bytes, const FieldPath& frame) {
    switch (message.well_known) {
      case WellKnownType::kNone:
      case WellKnownType::kUnknown:
        return Object(message, bytes, frame);
      case WellKnownType::kSchemaOrArray:
      case WellKnownType::kSchemaOrBool:
      case WellKnownType::kSchemaOrStrings:
        return SchemaOr(message, bytes, frame);
      case WellKnownType::kWrap:
        return Wrap(message, bytes, frame);
      default:
        return Leaf(message, bytes, frame);
    }
  }

  // The fields of a message that prints as one value.
  struct Parts {
    Parts(const Message& of, unsigned by) : message(of), order(by) {}
    const Message& message;
    const unsigned order;
    Slots slots;
    const Slot* Find(uint64_t number) const {
      const unsigned slot = FindField(message, number)->slots[order];
      return slots.Has(slot) ? &slots.at[slot] : nullptr;
    }
    int64_t Number(uint64_t number) const {
      const Slot* slot = Find(number);
      return slot == nullptr ? 0 : static_cast<int64_t>(slot->value);
    }
    Bytes Text(uint64_t number) const {
      const Slot* slot = Find(number);
      return slot == nullptr ? Bytes() : slot->bytes();
    }
  };

  void Time(const Parts& parts, Bytes bytes) {
    if (bytes.empty() || parts.Number(1) == kZeroTimeSeconds) return writer_.Null();
    text_.clear();
    text::AppendTime(parts.Number(1), text_);
    writer_.String(text_);
  }

  void MicroTime(const Parts& parts, Bytes bytes) {
    const auto nanos = static_cast<int32_t>(parts.Number(2));
    if (bytes.empty() || (parts.Number(1) == kZeroTimeSeconds && nanos / 1000 == 0)) return writer_.Null();
    text_.clear();
    text::AppendMicroTime(parts.Number(1), nanos, text_);
    writer_.String(text_);
  }

  void IntOrString(const Parts& parts) {
    constexpr int64_t kString = 1;
    if (parts.Number(1) == kString) return writer_.String(AsText(parts.Text(3)));
    writer_.Int(static_cast<int32_t>(parts.Number(2)));
  }

  void Json(Bytes text, const FieldPath& frame) {
    if (text.empty()) return writer_.Null();
    if (text::SpliceJson(AsText(text), embedded_, tree_, writer_)) return;
    scanner_.remarks().Damaged(diag::Code::kK8sJsonMalformed, frame, AsText(text).data(),
                               "no JSON; shown as a string");
    writer_.String(AsText(text));
  }

  // A message that prints as one value.
  void Leaf(const Message& message, Bytes bytes, const FieldPath& frame) {
    Parts parts(message, order_);
    scanner_.Scan(message, bytes, frame, parts.slots);
    switch (message.well_known) {
      case WellKnownType::kTime:
        return Time(parts, bytes);
      case WellKnownType::kMicroTime:
        return MicroTime(parts, bytes);
      case WellKnownType::kDuration:
        return writer_.String(DurationText(parts.Number(1)));
      case WellKnownType::kQuantity:
        return writer_.String(QuantityText(AsText(parts.Text(1))));
      case WellKnownType::kIntOrString:
        return IntOrString(parts);
      default:
        return Json(parts.Text(1), frame);
    }
  }

  // The list (or the strings) in field 2 if there are any, else the schema, else `allows`, else null.
  void SchemaOr(const Message& message, Bytes bytes, const FieldPath& frame) {
    if (depth_ == kDeepest) return TooDeep(bytes, frame);
    ++depth_;
    Slots slots;
    scanner_.Scan(message, bytes, frame, slots);
    const Field* list = FindField(message, 2);
    const Field* schema = FindField(message, 1);
    if (message.well_known == WellKnownType::kSchemaOrBool) std::swap(list, schema);
    const auto has = [&](const Field& field) { return slots.Has(field.slots[order_]); };
    const auto slot = [&](const Field& field) -> const Slot& { return slots.at[field.slots[order_]]; };
    const auto shape = [](const Field& field) { return Shape{JsonName(field), field.flags, field.message}; };
    if (message.well_known != WellKnownType::kSchemaOrBool && has(*list)) {
      List(*list, shape(*list), slot(*list), frame);
    } else if (has(*schema)) {
      const bool parts = (slots.again >> schema->slots[order_] & 1) != 0;
      Single(*schema, shape(*schema), slot(*schema), parts, frame);
    } else if (message.well_known == WellKnownType::kSchemaOrBool) {
      writer_.Bool(has(*list) && slot(*list).value != 0);
    } else {
      writer_.Null();
    }
    --depth_;
  }

  void Wrap(const Message& message, Bytes bytes, const FieldPath& frame) {
    Slots slots;
    scanner_.Scan(message, bytes, frame, slots);
    const Field& items = *FindField(message, 1);
    if (slots.Has(items.slots[order_])) {
      const FieldPath outer = frame.parent != nullptr ? *frame.parent : FieldPath{};
      return List(items, Shape{frame.name, 0, 0}, slots.at[items.slots[order_]], outer);
    }
    writer_.BeginList();
    writer_.EndList();
  }

  const ObjectOptions& options_;
  Writer& writer_;
  const unsigned order_;
  Scanner scanner_;
  const bool newest_;
  const text::KeyOrder embedded_;  // of JSON inside of the object
  const SecretMask mask_;
  unsigned depth_ = 0;
  std::vector<MapEntry> entries_;
  std::string text_;
  text::ObjectTree tree_;
};

}  // namespace

template <class Writer>
void WriteObject(const Message& message, Bytes raw, const ObjectOptions& options, Writer& writer,
                 Remarks& remarks) {
  ObjectWriter<Writer>(options, writer, remarks, raw.size()).Whole(message, raw);
}

template void WriteObject(const Message&, Bytes, const ObjectOptions&, text::YamlWriter&, Remarks&);
template void WriteObject(const Message&, Bytes, const ObjectOptions&, text::JsonWriter&, Remarks&);
template void WriteObject(const Message&, Bytes, const ObjectOptions&, text::TreeWriter&, Remarks&);

}  // namespace etcdmedic::k8s
