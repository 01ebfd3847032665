// SPDX-License-Identifier: Apache-2.0
#include "k8s/encode_value.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>

#include "k8s/well_known.h"
#include "proto/wire.h"
#include "text/json_writer.h"
#include "text/text_codec.h"
#include "text/time.h"
#include "text/write_tree.h"
#include "text/yaml_reader.h"

namespace etcdmedic::k8s {
namespace {

using proto::AppendDelimited;
using proto::AppendNumber;
using proto::AppendTag;

bool IsNull(text::ObjectView value) { return !value || value.is_null(); }

std::string_view TextOf(text::ObjectView value) {
  return value.is_null() ? std::string_view() : value.text();
}

template <class T>
std::optional<T> Parse(std::string_view text) {
  T value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

int64_t Integer(Type type, text::ObjectView value, const FieldPath& frame, EncodeFault& fault) {
  if (IsNull(value)) return 0;
  const auto number = Parse<int64_t>(value.text());
  const bool fits = number && (type == Type::kInt64 || (*number >= INT32_MIN && *number <= INT32_MAX));
  if (!fits) fault.Note(frame, "no whole number of this size", value);
  return number.value_or(0);
}

void Double(uint64_t number, text::ObjectView value, const FieldPath& frame, EncodeFault& fault,
            std::string& out) {
  const auto parsed = IsNull(value) ? std::optional(0.0) : Parse<double>(value.text());
  if (!parsed) return fault.Note(frame, "no number", value);
  AppendTag(number, proto::kFixed64, out);
  const auto bits = std::bit_cast<uint64_t>(*parsed);
  for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>(bits >> shift);
}

void Time(text::ObjectView value, const FieldPath& frame, EncodeFault& fault, std::string& out) {
  if (IsNull(value)) return;
  const auto time = text::ParseTime(value.text());
  if (!time) return fault.Note(frame, "no time as in 2006-01-02T15:04:05Z", value);
  AppendNumber(1, static_cast<uint64_t>(time->seconds), out);
  AppendNumber(2, static_cast<uint64_t>(time->nanos), out);
}

void Duration(text::ObjectView value, const FieldPath& frame, EncodeFault& fault, std::string& out) {
  const auto duration = IsNull(value) ? std::optional<int64_t>(0) : ParseDuration(value.text());
  if (!duration) return fault.Note(frame, "no duration as in 1h30m", value);
  AppendNumber(1, static_cast<uint64_t>(*duration), out);
}

bool IsDigits(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void IntOrString(text::ObjectView value, const FieldPath& frame, EncodeFault& fault, std::string& out) {
  // YAML's plain 080 is a number, though not one of JSON.
  const bool is_number = value.kind() != text::NodeKind::kString || value.is_plain();
  const bool is_scalar = !IsNull(value) && !text::IsContainer(value.kind());
  const bool is_text = is_scalar && !(is_number && IsDigits(value.text()));
  AppendNumber(1, is_text ? 1 : 0, out);
  AppendNumber(2, is_text ? 0 : static_cast<uint64_t>(Integer(Type::kInt32, value, frame, fault)), out);
  AppendDelimited(3, is_text ? value.text() : std::string_view(), out);
}

void Json(WellKnownType type, text::ObjectView value, std::string& out) {
  if (IsNull(value)) return;
  const bool fields = type == WellKnownType::kFieldsV1;
  // JSON came in its own order; YAML lost it, but both writers are known to sort.
  const bool yaml = value.line() > 0;
  const text::KeyOrder order = !yaml    ? text::KeyOrder::kStored
                               : fields ? text::KeyOrder::kFieldsV1
                                        : text::KeyOrder::kBytewise;
  std::string json;
  text::JsonWriter writer(json,
                          fields ? text::JsonWriter::Style::kKeepHtml : text::JsonWriter::Style::kCompact);
  text::WriteTree(value, {.order = order, .keep_numbers = !yaml}, writer);
  AppendDelimited(1, json, out);
}

}  // namespace

void EncodeFault::Note(const FieldPath& frame, std::string_view what, text::ObjectView value) {
  if (!text_.empty()) return;
  text_ = fmt::format("{}: {}", PathText(frame), what);
  if (value.line() > 0) text_ += fmt::format(" (line {})", value.line());
}

bool EncodeBool(text::ObjectView value, const FieldPath& frame, EncodeFault& fault) {
  if (IsNull(value)) return false;
  const bool yes = text::MeansTrue(value.text());
  if (!yes && !text::MeansFalse(value.text())) fault.Note(frame, "neither true nor false", value);
  return yes;
}

void EncodeScalar(Type type, uint64_t number, text::ObjectView value, const FieldPath& frame,
                  EncodeFault& fault, std::string& out) {
  if (text::IsContainer(value.kind())) return fault.Note(frame, "a single value belongs here", value);
  switch (type) {
    case Type::kString:
      return AppendDelimited(number, TextOf(value), out);
    case Type::kBytes: {
      const auto bytes = text::FromBase64(TextOf(value));
      return bytes ? AppendDelimited(number, *bytes, out) : fault.Note(frame, "no base64", value);
    }
    case Type::kBool:
      return AppendNumber(number, EncodeBool(value, frame, fault) ? 1 : 0, out);
    case Type::kDouble:
      return Double(number, value, frame, fault, out);
    default:
      return AppendNumber(number, static_cast<uint64_t>(Integer(type, value, frame, fault)), out);
  }
}

bool EncodeWellKnown(WellKnownType type, text::ObjectView value, const FieldPath& frame, EncodeFault& fault,
                     std::string& out) {
  switch (type) {
    case WellKnownType::kTime:
    case WellKnownType::kMicroTime:
      Time(value, frame, fault, out);
      return true;
    case WellKnownType::kDuration:
      Duration(value, frame, fault, out);
      return true;
    case WellKnownType::kQuantity:
      if (text::IsContainer(value.kind())) fault.Note(frame, "a single value belongs here", value);
      AppendDelimited(1, IsNull(value) ? "0" : value.text(), out);
      return true;
    case WellKnownType::kIntOrString:
      IntOrString(value, frame, fault, out);
      return true;
    case WellKnownType::kRawExtension:
    case WellKnownType::kFieldsV1:
    case WellKnownType::kJson:
      Json(type, value, out);
      return true;
    default:
      return false;
  }
}

}  // namespace etcdmedic::k8s
