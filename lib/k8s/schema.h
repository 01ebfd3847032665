// SPDX-License-Identifier: Apache-2.0
// The messages of Kubernetes as constexpr tables, made at build time from k8s-protos/*.proto by
// cmake/kubernetes_tables.py. docs/format/k8s.md, "Message tables". Plain rows and offsets: nothing to
// construct, nothing to relocate, one lookup a field.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace etcdmedic::k8s {

enum class Type : uint8_t { kString, kBytes, kInt32, kInt64, kBool, kDouble, kMessage, kApiVersion, kKind };
enum class Label : uint8_t { kSingle, kRepeated, kMap };  // the key of a map is always a string
enum class Scope : uint8_t { kUnknown, kNamespaced, kCluster, kNotStored };
enum class WellKnownType : uint8_t {
  kNone,
  kUnknown,
  kTime,
  kMicroTime,
  kDuration,
  kQuantity,
  kIntOrString,
  kRawExtension,
  kFieldsV1,
  kJson,
  kSchemaOrArray,
  kSchemaOrBool,
  kSchemaOrStrings,
  kWrap
};

// Bits of Field::flags.
inline constexpr uint8_t kPointer = 1;    // absent and zero differ
inline constexpr uint8_t kOmitEmpty = 2;  // Go's omitempty
inline constexpr uint8_t kOmitZero = 4;   // Go's omitzero
inline constexpr uint8_t kInline = 8;     // printed among the members of the message around it
inline constexpr uint8_t kHidden = 16;    // never printed

// The orders in which an object's members stand: places in Field::slots, Message::always, Message::type_meta.
inline constexpr unsigned kByName = 0;         // YAML, and JSON as kubectl prints it
inline constexpr unsigned kByDeclaration = 1;  // JSON as Go prints a type

inline constexpr uint8_t kAnyRelease = 255;  // Field::until and Message::until: still there

struct Field {
  uint32_t json_at;  // its JSON name in kNames
  uint16_t message;  // row in kMessages, for kMessage; for an inline field the view that knows the slots
  uint16_t older;    // first row in kOlder
  uint16_t number;   // on the wire; 0 for kApiVersion and kKind
  uint8_t json_size;
  Type type;  // of the value, where it is a map
  Label label;
  uint8_t flags;
  uint8_t slots[2];  // where a decoder keeps it: its place in either order among what the object prints
  uint8_t wire_type;
  uint8_t since, until;  // releases, as minor numbers
  uint8_t older_count;
};

// What a field was up to a release, newest first.
struct OlderShape {
  uint32_t json_at;
  uint16_t message;
  uint8_t json_size;
  uint8_t until;
  uint8_t flags;
};

struct Message {
  uint32_t name_at;    // full name in kNames
  uint32_t lookup_at;  // kLookup[lookup_at + number] is the field's ordinal + 1, or 0
  uint32_t slots_at;   // first row of its slots in kSlots, those by name, then those by declaration
  uint16_t fields_at;  // first row in kFields; the fields are in Go's order
  uint8_t name_size;
  uint8_t lookup_size;
  uint8_t field_count;
  uint8_t slot_count;  // what the object prints at most, inline fields' members among it
  WellKnownType well_known;
  uint8_t since, until;
  uint64_t always[2];     // slots that the newest release prints even where the wire has nothing
  uint64_t type_meta[2];  // slots of kind and apiVersion
};

struct Kind {
  uint32_t api_version_at;  // "v1", "apps/v1"
  uint32_t kind_at;
  uint16_t message;
  uint8_t api_version_size;
  uint8_t kind_size;
  Scope scope;
};

namespace tables {
extern const char kNames[];
extern const Field kFields[];
extern const OlderShape kOlder[];
extern const Message kMessages[];
extern const Kind kKinds[];
extern const uint8_t kLookup[];
extern const uint16_t kSlots[];
extern const uint16_t kMessageCount;
extern const uint16_t kKindCount;
extern const uint8_t kNewestRelease;
}  // namespace tables

inline const Message& MessageAt(uint16_t row) { return tables::kMessages[row]; }
// JSON names (those of Shape and OlderShape, too) are in kNames as they begin a member, `,"name":`, and are
// at most 60 bytes long; after the last one are kNamePadding bytes.
inline constexpr size_t kNamePadding = 64;
inline std::string_view JsonName(const Field& field) {
  return {tables::kNames + field.json_at, field.json_size};
}
inline std::string_view NameOf(const Message& message) {
  return {tables::kNames + message.name_at, message.name_size};
}
inline std::string_view ApiVersionOf(const Kind& kind) {
  return {tables::kNames + kind.api_version_at, kind.api_version_size};
}
inline std::string_view NameOf(const Kind& kind) { return {tables::kNames + kind.kind_at, kind.kind_size}; }

// The fields of `message` that are on the wire, in Go's order.
inline std::span<const Field> FieldsOf(const Message& message) {
  return {tables::kFields + message.fields_at, message.field_count};
}

// The field with that number, or null.
inline const Field* FindField(const Message& message, uint64_t number) {
  if (number >= message.lookup_size) return nullptr;
  const uint8_t ordinal = tables::kLookup[message.lookup_at + number];
  return ordinal == 0 ? nullptr : tables::kFields + message.fields_at + ordinal - 1;
}

// What `slot` of `message` prints in that order.
inline const Field& SlotField(const Message& message, unsigned order, unsigned slot) {
  return tables::kFields[tables::kSlots[message.slots_at + order * message.slot_count + slot]];
}

// All kinds of all releases, ascending by apiVersion, then kind.
std::span<const Kind> Kinds();
// The kind of that apiVersion and name in any release, or null.
const Kind* FindKind(std::string_view api_version, std::string_view kind);

// "1.33", "v1.33.2" or "0.33" -> 33; nothing where it is not a release. Releases newer than the table's count
// as the newest.
std::optional<uint8_t> ParseRelease(std::string_view text);

// What `field` was in `release`: its JSON name, flags and message.
struct Shape {
  std::string_view json;
  uint8_t flags;
  uint16_t message;
};
Shape ShapeIn(const Field& field, uint8_t release);

// Whether an object of `release` prints `field` although the wire has nothing of it.
bool PrintsAbsent(const Field& field, uint8_t release);

}  // namespace etcdmedic::k8s
