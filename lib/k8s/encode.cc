// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <map>
#include <numeric>

#include "k8s/envelope.h"
#include "k8s/remarks.h"
#include "k8s/schema.h"
#include "k8s/special_parse.h"
#include "proto/wire.h"
#include "text/text_codec.h"
#include "text/tree.h"

namespace etcdmedic::k8s {
namespace {

using proto::AppendDelimited;
using proto::AppendNumber;
using proto::AppendTag;

const text::Tree kNothing{};

// Groups whose servers store JSON although protobuf types exist.
constexpr std::string_view kJsonGroups[] = {"apiextensions.k8s.io/", "apiregistration.k8s.io/"};

bool IsScalar(const text::Tree& tree) {
  return tree.kind == text::Tree::Kind::kPlain || tree.kind == text::Tree::Kind::kQuoted;
}

// Comments of unknown fields: path -> bytes, from the text that Decode made.
struct KeptFields {
  std::map<std::string, std::string, std::less<>> by_path;
};

Result<KeptFields> ReadKept(std::string_view text, const std::string& file) {
  KeptFields kept;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with("# ") || !line.substr(2).starts_with(kUnknownFieldMark)) continue;
    line.remove_prefix(2 + kUnknownFieldMark.size());
    const size_t number = line.rfind(" number=");
    const size_t bytes = line.rfind(" bytes=");
    const auto raw = bytes == std::string_view::npos ? std::nullopt : text::FromHex(line.substr(bytes + 7));
    if (number == std::string_view::npos || !raw) {
      return Fail(Errc::kMalformed, file,
                  fmt::format("an unknown field's comment that is not whole: {}", line));
    }
    kept.by_path[line.substr(0, number) == "." ? "" : std::string(line.substr(0, number))] += *raw;
  }
  return kept;
}

// Never throws; keeps the first error and finishes the walk.
class Encoder {
 public:
  Encoder(uint8_t release, KeptFields kept, const std::string& file)
      : release_(release), kept_(std::move(kept)), file_(file) {}

  Result<std::string> Whole(const Message& message, const text::Tree& tree) {
    std::string out;
    Fields(message, tree, Frame{}, out);
    CheckMembers(message, tree, Frame{}, message.type_meta[kByName] != 0);
    if (!fault_.empty()) return Fail(Errc::kMalformed, file_, fault_);
    if (!kept_.by_path.empty()) {
      return Fail(
          Errc::kMalformed, file_,
          fmt::format("an unknown field belongs to {}, which is not there", kept_.by_path.begin()->first));
    }
    return out;
  }

 private:
  void Fault(const Frame& frame, std::string_view what, const text::Tree& tree) {
    if (!fault_.empty()) return;
    fault_ = fmt::format("{}: {}", PathText(frame), what);
    if (tree.line > 0) fault_ += fmt::format(" (line {})", tree.line);
  }

  bool Exists(const Field& field) const { return release_ >= field.since && release_ <= field.until; }

  // All fields of `message`, ascending by number; members of `tree` that it does not have are the caller's to
  // find.
  void Fields(const Message& message, const text::Tree& tree, const Frame& frame, std::string& out) {
    for (unsigned number = 1; number < message.lookup_size; ++number) {
      const Field* field = FindField(message, number);
      if (field == nullptr) continue;
      const Shape shape = ShapeIn(*field, release_);
      if ((shape.flags & kInline) != 0 && field->type == Type::kMessage) {
        Inline(*field, tree, frame, out);
        continue;
      }
      const text::Tree* member = tree.Find(shape.json);
      const bool there = member != nullptr && !text::MeansNull(*member);
      if (!there && (!Exists(*field) || !IsAlwaysWritten(*field, shape))) continue;
      Field_(*field, shape, there ? *member : kNothing, frame, out);
    }
    const auto kept =
        kept_.by_path.empty() ? kept_.by_path.end() : kept_.by_path.find(PathText(frame, SIZE_MAX));
    if (kept == kept_.by_path.end()) return;
    out += kept->second;
    kept_.by_path.erase(kept);
  }

  // The Go types write numbers, strings and messages that are not pointers even where they are zero.
  static bool IsAlwaysWritten(const Field& field, const Shape& shape) {
    if (field.label != Label::kSingle || (shape.flags & kPointer) != 0 || field.type == Type::kBytes)
      return false;
    return field.type != Type::kMessage || MessageAt(shape.message).special != Special::kWrap;
  }

  void Inline(const Field& field, const text::Tree& tree, const Frame& frame, std::string& out) {
    const Message& view = MessageAt(field.message);
    std::string inner;
    Fields(view, tree, Frame{&frame, NameOf(view).substr(NameOf(view).rfind('.') + 1), Frame::kInlined},
           inner);
    if (!inner.empty() || Exists(field)) AppendDelimited(field.number, inner, out);
  }

  void Field_(const Field& field, const Shape& shape, const text::Tree& tree, const Frame& frame,
              std::string& out) {
    if (field.label == Label::kMap) return Map(field, shape, tree, frame, out);
    if (field.label == Label::kSingle)
      return Value(field, shape, field.number, tree, Frame{&frame, shape.json}, out);
    Frame inside{&frame, shape.json, 0};
    if (tree.kind != text::Tree::Kind::kList) return Fault(inside, "no list", tree);
    for (const text::Tree& item : tree.items) {
      Value(field, shape, field.number, item, inside, out);
      ++inside.index;
    }
  }

  void Map(const Field& field, const Shape& shape, const text::Tree& tree, const Frame& frame,
           std::string& out) {
    if (tree.kind != text::Tree::Kind::kMap) return Fault(Frame{&frame, shape.json}, "no map", tree);
    std::vector<size_t> order(tree.items.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {}, [&](size_t i) -> std::string_view { return tree.keys[i]; });
    for (const size_t i : order) {
      std::string entry;
      AppendDelimited(1, tree.keys[i], entry);
      const Frame inside{&frame, shape.json, Frame::kKey, tree.keys[i]};
      Value(field, shape, 2, tree.items[i], inside, entry);
      if (field.type != Type::kMessage) Kept(inside, entry);
      AppendDelimited(field.number, entry, out);
    }
  }

  void Kept(const Frame& frame, std::string& out) {
    if (kept_.by_path.empty()) return;
    const auto kept = kept_.by_path.find(PathText(frame, SIZE_MAX));
    if (kept == kept_.by_path.end()) return;
    out += kept->second;
    kept_.by_path.erase(kept);
  }

  void Value(const Field& field, const Shape& shape, uint64_t number, const text::Tree& tree,
             const Frame& frame, std::string& out) {
    if (field.type == Type::kMessage) {
      std::string inner;
      Message_(MessageAt(shape.message), tree, frame, inner);
      return AppendDelimited(number, inner, out);
    }
    if (!IsScalar(tree) && !text::MeansNull(tree)) return Fault(frame, "a single value belongs here", tree);
    switch (field.type) {
      case Type::kString:
        return AppendDelimited(number, text::MeansNull(tree) ? std::string_view() : tree.text, out);
      case Type::kBytes:
        return BytesValue(number, tree, frame, out);
      case Type::kBool:
        return AppendNumber(number, Bool(tree, frame) ? 1 : 0, out);
      case Type::kDouble:
        return Double(number, tree, frame, out);
      default:
        return AppendNumber(number, static_cast<uint64_t>(Integer(field.type, tree, frame)), out);
    }
  }

  void BytesValue(uint64_t number, const text::Tree& tree, const Frame& frame, std::string& out) {
    const auto bytes = text::FromBase64(tree.text);
    if (!bytes) return Fault(frame, "no base64", tree);
    AppendDelimited(number, *bytes, out);
  }

  bool Bool(const text::Tree& tree, const Frame& frame) {
    if (text::MeansNull(tree)) return false;
    if (!text::MeansTrue(tree.text) && !text::MeansFalse(tree.text))
      Fault(frame, "neither true nor false", tree);
    return text::MeansTrue(tree.text);
  }

  int64_t Integer(Type type, const text::Tree& tree, const Frame& frame) {
    if (text::MeansNull(tree)) return 0;
    int64_t value = 0;
    const char* end = tree.text.data() + tree.text.size();
    const auto [stop, error] = std::from_chars(tree.text.data(), end, value);
    const bool fits = type == Type::kInt64 || (value >= INT32_MIN && value <= INT32_MAX);
    if (error != std::errc() || stop != end || !fits) Fault(frame, "no whole number of this size", tree);
    return value;
  }

  void Double(uint64_t number, const text::Tree& tree, const Frame& frame, std::string& out) {
    double value = 0;
    const char* end = tree.text.data() + tree.text.size();
    if (!text::MeansNull(tree)) {
      const auto [stop, error] = std::from_chars(tree.text.data(), end, value);
      if (error != std::errc() || stop != end) return Fault(frame, "no number", tree);
    }
    AppendTag(number, proto::kFixed64, out);
    const auto bits = std::bit_cast<uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(bits >> shift);
  }

  void Message_(const Message& message, const text::Tree& tree, const Frame& frame, std::string& out) {
    switch (message.special) {
      case Special::kNone:
      case Special::kUnknown:
        return Object(message, tree, frame, out);
      case Special::kTime:
      case Special::kMicroTime:
        Time(tree, frame, out);
        break;
      case Special::kDuration:
        Duration(tree, frame, out);
        break;
      case Special::kQuantity:
        AppendDelimited(1, IsScalar(tree) ? std::string_view(tree.text) : "0", out);
        break;
      case Special::kIntOrString:
        IntOrString(tree, frame, out);
        break;
      case Special::kRawExtension:
      case Special::kFieldsV1:
      case Special::kJson:
        Json(message.special, tree, out);
        break;
      case Special::kWrap:
        Items(message, 1, tree, frame, out);
        break;
      default:
        SchemaOr(message, tree, frame, out);
        break;
    }
    Kept(frame, out);
  }

  void Object(const Message& message, const text::Tree& tree, const Frame& frame, std::string& out) {
    if (tree.kind != text::Tree::Kind::kMap && !text::MeansNull(tree))
      return Fault(frame, "a map belongs here", tree);
    Fields(message, tree, frame, out);
    CheckMembers(message, tree, frame, false);
  }

  // A member that no field prints would be lost.
  void CheckMembers(const Message& message, const text::Tree& tree, const Frame& frame, bool type_meta) {
    for (size_t i = 0; i < tree.keys.size() && fault_.empty(); ++i) {
      bool known = type_meta && (tree.keys[i] == "kind" || tree.keys[i] == "apiVersion");
      for (unsigned slot = 0; slot < message.slot_count && !known; ++slot) {
        const Field& field = SlotField(message, kByName, slot);
        known = field.number != 0 && ShapeIn(field, release_).json == tree.keys[i];
      }
      if (!known) Fault(Frame{&frame, tree.keys[i]}, "no release has this field", tree.items[i]);
    }
  }

  void Time(const text::Tree& tree, const Frame& frame, std::string& out) {
    if (text::MeansNull(tree)) return;
    const auto time = ParseInstant(tree.text);
    if (!time) return Fault(frame, "no time as in 2006-01-02T15:04:05Z", tree);
    AppendNumber(1, static_cast<uint64_t>(time->seconds), out);
    AppendNumber(2, static_cast<uint64_t>(time->nanos), out);
  }

  void Duration(const text::Tree& tree, const Frame& frame, std::string& out) {
    const auto duration = text::MeansNull(tree) ? std::optional<int64_t>(0) : ParseDuration(tree.text);
    if (!duration) return Fault(frame, "no duration as in 1h30m", tree);
    AppendNumber(1, static_cast<uint64_t>(*duration), out);
  }

  void IntOrString(const text::Tree& tree, const Frame& frame, std::string& out) {
    const size_t digits = tree.text.starts_with('-') ? 1 : 0;
    const bool is_number =
        tree.text.size() > digits && tree.text.find_first_not_of("0123456789", digits) == std::string::npos;
    const bool is_text = tree.kind == text::Tree::Kind::kQuoted ||
                         (tree.kind == text::Tree::Kind::kPlain && !is_number && !text::MeansNull(tree));
    AppendNumber(1, is_text ? 1 : 0, out);
    AppendNumber(2, is_text ? 0 : static_cast<uint64_t>(Integer(Type::kInt32, tree, frame)), out);
    AppendDelimited(3, is_text ? std::string_view(tree.text) : std::string_view(), out);
  }

  static void Json(Special special, const text::Tree& tree, std::string& out) {
    if (text::MeansNull(tree)) return;
    const bool fields = special == Special::kFieldsV1;
    std::string text;
    // JSON came in its own order; YAML lost it, but both writers are known to sort.
    const bool yaml = tree.line > 0;
    text::AppendJson(tree,
                     !yaml    ? text::KeySequence::kAsIs
                     : fields ? text::KeySequence::kFieldsV1
                              : text::KeySequence::kBytewise,
                     !fields, text);
    AppendDelimited(1, text, out);
  }

  void Items(const Message& message, uint64_t number, const text::Tree& tree, const Frame& frame,
             std::string& out) {
    const Field* field = FindField(message, number);
    if (tree.kind != text::Tree::Kind::kList && !text::MeansNull(tree)) return Fault(frame, "no list", tree);
    const Shape shape{JsonName(*field), field->flags, field->message};
    for (const text::Tree& item : tree.items) Value(*field, shape, number, item, frame, out);
  }

  void SchemaOr(const Message& message, const text::Tree& tree, const Frame& frame, std::string& out) {
    const bool map = tree.kind == text::Tree::Kind::kMap;
    if (message.special == Special::kSchemaOrBool) {
      AppendNumber(1, map || Bool(tree, frame) ? 1 : 0, out);
      if (map) Schema(*FindField(message, 2), tree, frame, out);
      return;
    }
    if (map) return Schema(*FindField(message, 1), tree, frame, out);
    Items(message, 2, tree, frame, out);
  }

  void Schema(const Field& field, const text::Tree& tree, const Frame& frame, std::string& out) {
    Value(field, Shape{JsonName(field), field.flags, field.message}, field.number, tree, frame, out);
  }

  const uint8_t release_;
  KeptFields kept_;
  const std::string& file_;
  std::string fault_;
};

std::string TextOf(const text::Tree& tree, std::string_view key) {
  const text::Tree* member = tree.Find(key);
  return member != nullptr && IsScalar(*member) ? member->text : std::string();
}

bool IsStoredAsJson(std::string_view api_version, std::string_view kind) {
  const bool json_group =
      std::ranges::any_of(kJsonGroups, [&](auto group) { return api_version.starts_with(group); });
  return json_group || FindKind(api_version, kind) == nullptr;
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
  const auto tree = text::ParseTree(text, file);
  if (!tree) return tl::make_unexpected(tree.error());
  const std::string api_version = TextOf(*tree, "apiVersion");
  const std::string kind = TextOf(*tree, "kind");
  if (api_version.empty() || kind.empty())
    return Fail(Errc::kMalformed, file, "no object: apiVersion and kind are missing");
  if (IsStoredAsJson(api_version, kind)) {
    std::string json;
    text::AppendJson(*tree, tree->line > 0 ? text::KeySequence::kBytewise : text::KeySequence::kAsIs, true,
                     json);
    return json + '\n';
  }
  auto kept = ReadKept(text, file);
  if (!kept) return tl::make_unexpected(kept.error());
  const uint8_t release = ParseRelease(options.release).value_or(tables::kNewestRelease);
  const Message& message = MessageAt(FindKind(api_version, kind)->message);
  const auto raw = Encoder(release, std::move(*kept), file).Whole(message, *tree);
  if (!raw) return raw;
  return Wrapped(api_version, kind, *raw);
}

}  // namespace etcdmedic::k8s
