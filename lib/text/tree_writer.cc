// SPDX-License-Identifier: Apache-2.0
#include "text/tree_writer.h"

#include <charconv>
#include <cmath>
#include <functional>

#include "text/number_text.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

constexpr size_t kMostDigits = 24;

}  // namespace

void TreeWriter::Text(NodeKind kind, std::string_view text) {
  const std::less_equal<const char*> before;
  const char* const end = lasting_.data() + lasting_.size();
  const bool lasts = before(lasting_.data(), text.data()) && before(text.data() + text.size(), end);
  lasts ? tree_.Add(kind, text) : tree_.AddCopy(kind, text);
}

void TreeWriter::String(std::string_view text) {
  if (IsUtf8(text)) return Text(NodeKind::kString, text);
  tree_.AddCopy(NodeKind::kString, ToValidUtf8(text));
}

void TreeWriter::Int(int64_t value) {
  char text[kMostDigits];
  const char* const end = std::to_chars(text, text + kMostDigits, value).ptr;
  tree_.AddCopy(NodeKind::kInteger, {text, static_cast<size_t>(end - text)});
}

void TreeWriter::Uint(uint64_t value) {
  char text[kMostDigits];
  const char* const end = std::to_chars(text, text + kMostDigits, value).ptr;
  tree_.AddCopy(NodeKind::kInteger, {text, static_cast<size_t>(end - text)});
}

void TreeWriter::Double(double value) {
  if (!std::isfinite(value)) return Null();
  std::string text;
  AppendJsonDouble(text, value);
  tree_.AddCopy(NodeKind::kNumber, text);
}

void TreeWriter::Number(std::string_view number) {
  std::string text;
  AppendJsonNumber(text, number);
  if (text == "null") return Null();
  text == number ? Text(NodeKind::kNumber, number) : tree_.AddCopy(NodeKind::kNumber, text);
}

}  // namespace etcdmedic::text
