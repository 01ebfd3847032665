// SPDX-License-Identifier: Apache-2.0
#include "k8s/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.h"
#include "k8s/number_text.h"

namespace etcdmedic::k8s {
namespace {

constexpr size_t kStep = 4;  // columns a level

// Bytes that a JSON string holds as they are. Those outside ASCII need a closer look.
constexpr std::array<bool, 256> kAsItIs = [] {
  std::array<bool, 256> table{};
  for (size_t c = 0x20; c < 0x80; ++c) table[c] = true;
  for (const char c : std::string_view("\"\\<>&")) table[static_cast<unsigned char>(c)] = false;
  return table;
}();

void AppendHex(std::string& out, uint32_t point) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(point >> shift) & 0xF];
}

void AppendEscape(std::string& out, char c) {
  static constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kTo = "\"\\bfnrt";
  const size_t known = kFrom.find(c);
  if (known != std::string_view::npos)
    (out += '\\') += kTo[known];
  else
    AppendHex(out, static_cast<unsigned char>(c));
}

// Appends the character at `at` and gives its length.
size_t AppendCharacter(std::string& out, std::string_view text, size_t at) {
  const size_t length = Utf8Length(text, at);
  const uint32_t point = length == 0 ? 0xFFFD : Utf8Point(text, at, length);
  if (length == 1)
    AppendEscape(out, text[at]);
  else if (length == 0 || point == 0x2028 || point == 0x2029)
    AppendHex(out, point);
  else
    out.append(text, at, length);
  return std::max<size_t>(length, 1);
}

template <class T>
void AppendInteger(std::string& out, T value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace

void AppendGoJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && kAsItIs[static_cast<unsigned char>(text[end])]) ++end;
    out.append(text, at, end - at);
    at = end < text.size() ? end + AppendCharacter(out, text, end) : end;
  }
  out += '"';
}

void JsonWriter::NewLine() {
  out_ += '\n';
  out_.append(depth_ * kStep, ' ');
}

// The comma and the line break in front of a key or an item.
void JsonWriter::Before() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == outer_) return;
  if (!first_) out_ += ',';
  if (indented_) NewLine();
  first_ = false;
}

void JsonWriter::Begin(char bracket) {
  Before();
  out_ += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::End(char bracket) {
  --depth_;
  if (indented_ && !first_) NewLine();
  out_ += bracket;
  first_ = false;
}

void JsonWriter::Key(std::string_view key) {
  Before();
  AppendGoJsonString(out_, key);
  out_ += indented_ ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::String(std::string_view text) {
  Before();
  AppendGoJsonString(out_, text);
}

void JsonWriter::Int(int64_t value) {
  Before();
  AppendInteger(out_, value);
}

void JsonWriter::Uint(uint64_t value) {
  Before();
  AppendInteger(out_, value);
}

void JsonWriter::Double(double value) {
  Before();
  AppendJsonDouble(out_, value);
}

void JsonWriter::Number(std::string_view number) {
  Before();
  AppendJsonNumber(out_, number);
}

void JsonWriter::Verbatim(std::string_view json) {
  Before();
  out_.append(json);
}

void JsonWriter::Bool(bool value) {
  Before();
  out_ += value ? "true" : "false";
}

void JsonWriter::Null() {
  Before();
  out_ += "null";
}

}  // namespace etcdmedic::k8s
