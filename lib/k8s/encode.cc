// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "k8s/encode_value.h"
#include "k8s/envelope.h"
#include "k8s/unknown_fields.h"
#include "proto/wire.h"
#include "text/json_writer.h"
#include "text/write_tree.h"
#include "text/yaml_reader.h"

namespace etcdmedic::k8s {
namespace {

using proto::AppendDelimited;
using proto::AppendNumber;

// Groups whose servers store JSON although protobuf types exist.
constexpr std::string_view kJsonGroups[] = {"apiextensions.k8s.io/", "apiregistration.k8s.io/"};

// Never throws; keeps the first fault and finishes the walk.
class Encoder {
 public:
  Encoder(uint8_t release, UnknownFields kept, const std::string& file)
      : release_(release), kept_(std::move(kept)), file_(file) {}

  Result<std::string> Whole(const Message& message, text::ObjectView tree) {
    std::string out;
    Fields(message, tree, FieldPath{}, out);
    CheckMembers(message, tree, FieldPath{}, message.type_meta[kByName] != 0);
    if (fault_) return Fail(Errc::kMalformed, file_, fault_.text());
    if (!kept_.empty())
      return Fail(Errc::kMalformed, file_,
                  fmt::format("an unknown field belongs to {}, which is not there", kept_.first_path()));
    return out;
  }

 private:
  bool Exists(const Field& field) const { return release_ >= field.since && release_ <= field.until; }

  // All fields of `message`, ascending by number; members of `tree` that it does not have are the caller's to
  // find.
  void Fields(const Message& message, text::ObjectView tree, const FieldPath& frame, std::string& out) {
    for (unsigned number = 1; number < message.lookup_size; ++number) {
      const Field* field = FindField(message, number);
      if (field == nullptr) continue;
      const Shape shape = ShapeIn(*field, release_);
      if ((shape.flags & kInline) != 0 && field->type == Type::kMessage) {
        Inline(*field, tree, frame, out);
        continue;
      }
      const text::ObjectView member = tree[shape.json];
      const bool there = member && !member.is_null();
      if (!there && (!Exists(*field) || !IsAlwaysWritten(*field, shape))) continue;
      EncodeField(*field, shape, there ? member : text::ObjectView(), frame, out);
    }
    kept_.MoveTo(frame, out);
  }

  // The Go types write numbers, strings and messages that are not pointers even where they are zero.
  static bool IsAlwaysWritten(const Field& field, const Shape& shape) {
    if (field.label != Label::kSingle || (shape.flags & kPointer) != 0 || field.type == Type::kBytes)
      return false;
    return field.type != Type::kMessage || MessageAt(shape.message).well_known != WellKnownType::kWrap;
  }

  void Inline(const Field& field, text::ObjectView tree, const FieldPath& frame, std::string& out) {
    const Message& view = MessageAt(field.message);
    std::string inner;
    Fields(view, tree,
           FieldPath{&frame, NameOf(view).substr(NameOf(view).rfind('.') + 1), FieldPath::kInlined}, inner);
    if (!inner.empty() || Exists(field)) AppendDelimited(field.number, inner, out);
  }

  void EncodeField(const Field& field, const Shape& shape, text::ObjectView tree, const FieldPath& frame,
                   std::string& out) {
    if (field.label == Label::kMap) return Map(field, shape, tree, frame, out);
    if (field.label == Label::kSingle)
      return Value(field, shape, field.number, tree, FieldPath{&frame, shape.json}, out);
    FieldPath inside{&frame, shape.json, 0};
    if (!tree.is_list()) return fault_.Note(inside, "no list", tree);
    for (const text::ObjectView item : tree) {
      Value(field, shape, field.number, item, inside, out);
      ++inside.index;
    }
  }

  void Map(const Field& field, const Shape& shape, text::ObjectView tree, const FieldPath& frame,
           std::string& out) {
    if (!tree.is_map()) return fault_.Note(FieldPath{&frame, shape.json}, "no map", tree);
    std::vector<text::ObjectView> members(tree.begin(), tree.end());
    std::ranges::stable_sort(members, {}, &text::ObjectView::key);
    for (const text::ObjectView member : members) {
      std::string entry;
      AppendDelimited(1, member.key(), entry);
      const FieldPath inside{&frame, shape.json, FieldPath::kKey, member.key()};
      Value(field, shape, 2, member, inside, entry);
      if (field.type != Type::kMessage) kept_.MoveTo(inside, entry);
      AppendDelimited(field.number, entry, out);
    }
  }

  void Value(const Field& field, const Shape& shape, uint64_t number, text::ObjectView tree,
             const FieldPath& frame, std::string& out) {
    if (field.type != Type::kMessage) return EncodeScalar(field.type, number, tree, frame, fault_, out);
    std::string inner;
    EncodeMessage(MessageAt(shape.message), tree, frame, inner);
    AppendDelimited(number, inner, out);
  }

  void EncodeMessage(const Message& message, text::ObjectView tree, const FieldPath& frame,
                     std::string& out) {
    if (message.well_known == WellKnownType::kNone || message.well_known == WellKnownType::kUnknown)
      return Object(message, tree, frame, out);
    if (message.well_known == WellKnownType::kWrap)
      Items(message, 1, tree, frame, out);
    else if (!EncodeWellKnown(message.well_known, tree, frame, fault_, out))
      SchemaOr(message, tree, frame, out);
    kept_.MoveTo(frame, out);
  }

  void Object(const Message& message, text::ObjectView tree, const FieldPath& frame, std::string& out) {
    if (tree && !tree.is_map() && !tree.is_null()) return fault_.Note(frame, "a map belongs here", tree);
    Fields(message, tree, frame, out);
    CheckMembers(message, tree, frame, false);
  }

  // A member that no field prints would be lost.
  void CheckMembers(const Message& message, text::ObjectView tree, const FieldPath& frame, bool type_meta) {
    for (const text::ObjectView member : tree) {
      bool known = type_meta && (member.key() == "kind" || member.key() == "apiVersion");
      for (unsigned slot = 0; slot < message.slot_count && !known; ++slot) {
        const Field& field = SlotField(message, kByName, slot);
        known = field.number != 0 && ShapeIn(field, release_).json == member.key();
      }
      if (!known) return fault_.Note(FieldPath{&frame, member.key()}, "no release has this field", member);
    }
  }

  void Items(const Message& message, uint64_t number, text::ObjectView tree, const FieldPath& frame,
             std::string& out) {
    const Field* field = FindField(message, number);
    if (tree && !tree.is_list() && !tree.is_null()) return fault_.Note(frame, "no list", tree);
    const Shape shape{JsonName(*field), field->flags, field->message};
    for (const text::ObjectView item : tree) Value(*field, shape, number, item, frame, out);
  }

  void SchemaOr(const Message& message, text::ObjectView tree, const FieldPath& frame, std::string& out) {
    const bool map = tree.is_map();
    if (message.well_known == WellKnownType::kSchemaOrBool) {
      AppendNumber(1, map || EncodeBool(tree, frame, fault_) ? 1 : 0, out);
      if (map) Schema(*FindField(message, 2), tree, frame, out);
      return;
    }
    if (map) return Schema(*FindField(message, 1), tree, frame, out);
    Items(message, 2, tree, frame, out);
  }

  void Schema(const Field& field, text::ObjectView tree, const FieldPath& frame, std::string& out) {
    Value(field, Shape{JsonName(field), field.flags, field.message}, field.number, tree, frame, out);
  }

  const uint8_t release_;
  UnknownFields kept_;
  const std::string& file_;
  EncodeFault fault_;
};

bool IsStoredAsJson(std::string_view api_version, std::string_view kind) {
  const bool json_group =
      std::ranges::any_of(kJsonGroups, [&](auto group) { return api_version.starts_with(group); });
  return json_group || FindKind(api_version, kind) == nullptr;
}

// As an API server stores it: json.Marshal's text and a line feed.
std::string AsJson(text::ObjectView root) {
  const bool yaml = root.line() > 0;
  std::string json;
  text::JsonWriter writer(json);
  const auto order = yaml ? text::KeyOrder::kBytewise : text::KeyOrder::kStored;
  text::WriteTree(root, {.order = order, .keep_numbers = !yaml}, writer);
  return json + '\n';
}

std::string Wrapped(std::string_view api_version, std::string_view kind, std::string_view raw) {
  std::string type_meta;
  AppendDelimited(1, api_version, type_meta);
  AppendDelimited(2, kind, type_meta);
  std::string value(kMagic);
  AppendDelimited(1, type_meta, value);
  AppendDelimited(2, raw, value);
  AppendDelimited(3, "", value);
  AppendDelimited(4, "", value);
  return value;
}

}  // namespace

Result<std::string> Encode(std::string_view text, const EncodeOptions& options, const std::string& file) {
  text::ObjectTree tree;
  if (auto read = text::ReadDocument(text, file, tree); !read) return tl::make_unexpected(read.error());
  const text::ObjectView root = tree.root();
  const std::string_view api_version = root["apiVersion"].TextOr("");
  const std::string_view kind = root["kind"].TextOr("");
  if (api_version.empty() || kind.empty())
    return Fail(Errc::kMalformed, file, "no object: apiVersion and kind are missing");
  if (IsStoredAsJson(api_version, kind)) return AsJson(root);
  auto kept = UnknownFields::Read(text, file);
  if (!kept) return tl::make_unexpected(kept.error());
  const uint8_t release = ParseRelease(options.release).value_or(tables::kNewestRelease);
  const Message& message = MessageAt(FindKind(api_version, kind)->message);
  const auto raw = Encoder(release, std::move(*kept), file).Whole(message, root);
  if (!raw) return raw;
  return Wrapped(api_version, kind, *raw);
}

}  // namespace etcdmedic::k8s
