// SPDX-License-Identifier: Apache-2.0
#include "text/json_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <limits>

#include "text/number_text.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

constexpr std::string_view kStep = "    ";  // a level

// Bytes that a JSON string holds as they are. Those outside ASCII need a closer look.
constexpr bool IsAsItIs(char c) {
  return static_cast<signed char>(c) >= 0x20 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

// Sixteen bytes at once, in whatever registers the machine has.
using Lane = int8_t __attribute__((vector_size(16)));

// All ones in the place of each byte that is not IsAsItIs. '<' and '>' differ in one bit, as do '"' and '&'.
Lane NotAsItIs(Lane bytes) {
  return (bytes < int8_t{0x20}) | (bytes == int8_t{'\\'}) | ((bytes | int8_t{2}) == int8_t{'>'}) |
         ((bytes | int8_t{4}) == int8_t{'&'});
}

// How many bytes at the front are as they are, of `bytes` in the order in which they are in memory.
size_t CleanAtFront(Lane bytes) {
  const Lane marks = NotAsItIs(bytes);
  const auto marked = std::bit_cast<std::array<uint64_t, 2>>(marks);
  const auto clean = [](uint64_t word) {
    constexpr bool kLittle = std::endian::native == std::endian::little;
    return static_cast<size_t>(kLittle ? std::countr_zero(word) : std::countl_zero(word)) / 8;
  };
  return marked[0] != 0 ? clean(marked[0]) : 8 + clean(marked[1]);
}

// What follows copies a string and looks at it in one step: to look first, as PlainRun of text/text_block.h
// does, and to copy then takes a sixth more time for a whole object, as most strings are short.

// Copies `size` bytes, one or two words of them, and gives how many at the front are as they are; not all of
// what was copied need be.
template <class Word>
size_t CopyWords(char* to, const char* from, size_t size) {
  constexpr uint64_t kRepeat = UINT64_MAX / std::numeric_limits<Word>::max();
  Word first, last;
  std::memcpy(&first, from, sizeof(Word));
  std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
  std::memcpy(to, &first, sizeof(Word));
  std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  const std::array<uint64_t, 2> both = {first * kRepeat, last * kRepeat};
  if (CleanAtFront(std::bit_cast<Lane>(both)) == sizeof(Lane)) return size;
  return static_cast<size_t>(std::find_if_not(from, from + size, IsAsItIs) - from);
}

size_t CopyClean(char* to, const char* from, size_t size) {
  if (size >= sizeof(Lane)) {
    Lane bytes;
    std::memcpy(&bytes, from, sizeof(bytes));
    std::memcpy(to, &bytes, sizeof(bytes));
    return CleanAtFront(bytes);
  }
  if (size >= 8) return CopyWords<uint64_t>(to, from, size);
  if (size >= 4) return CopyWords<uint32_t>(to, from, size);
  if (size >= 2) return CopyWords<uint16_t>(to, from, size);
  *to = *from;
  return IsAsItIs(*from) ? 1 : 0;
}

char* PutHex(char* to, uint32_t point) {
  static constexpr char kDigits[] = "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *to++ = kDigits[(point >> shift) & 0xF];
  return to;
}

char* PutEscape(char* to, char c) {
  static constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  static constexpr std::string_view kTo = "\"\\bfnrt";
  const size_t known = kFrom.find(c);
  if (known == std::string_view::npos) return PutHex(to, static_cast<unsigned char>(c));
  *to++ = '\\';
  *to++ = kTo[known];
  return to;
}

bool IsHtml(char c) { return c == '<' || c == '>' || c == '&'; }

// Puts the character at the front of `text`, six bytes at most, and takes it away there.
char* PutCharacter(char* to, std::string_view& text, bool keep_html) {
  const size_t length = Utf8Length(text, 0);
  const uint32_t point = length == 0 ? 0xFFFD : Utf8Point(text, 0, length);
  if (length == 1 && !(keep_html && IsHtml(text[0])))
    to = PutEscape(to, text[0]);
  else if (length == 0 || point == 0x2028 || point == 0x2029)
    to = PutHex(to, point);
  else
    to = std::copy_n(text.data(), length, to);
  text.remove_prefix(std::max<size_t>(length, 1));
  return to;
}

}  // namespace

void AppendGoJsonString(std::string& out, std::string_view text) { JsonWriter(out).String(text); }

// In runs that are as they are, and in what stands between them.
void JsonWriter::Quoted(std::string_view text) {
  char* at = at_;
  *at++ = '"';
  while (!text.empty()) {
    if (at >= block_ + kBlock) {
      at_ = at;
      Flush();
      at = at_;
    }
    const size_t size = std::min(text.size(), sizeof(Lane));
    const size_t clean = CopyClean(at, text.data(), size);
    at += clean;
    text.remove_prefix(clean);
    if (clean < size) at = PutCharacter(at, text, keep_html_);
  }
  *at++ = '"';
  at_ = at;
}

void JsonWriter::Raw(std::string_view text) {
  if (text.size() > kBlock) {
    Flush();
    out_.append(text);
    return;
  }
  if (text.size() > static_cast<size_t>(block_ + kBlock - at_)) Flush();
  at_ = std::copy(text.begin(), text.end(), at_);
}

void JsonWriter::NewLine() {
  Raw("\n");
  for (size_t level = 0; level < depth_; ++level) Raw(kStep);
}

void JsonWriter::BreakLine() {
  if (!after_key_ && depth_ != outer_) NewLine();
  after_key_ = false;
}

void JsonWriter::Key(std::string_view key) {
  Before();
  Quoted(key);
  Colon();
}

void JsonWriter::Member(std::string_view name) {
  Before();
  constexpr size_t kUsual = 32;
  const char* quoted = name.data() - 1;
  const size_t size = name.size() + 2;
  std::memcpy(at_, quoted, kUsual);
  if (size > kUsual) std::memcpy(at_, quoted, size);
  at_ += size;
  Colon();
}

void JsonWriter::String(std::string_view text) {
  Before();
  Quoted(text);
  After();
}

void JsonWriter::Int(int64_t value) {
  Before();
  at_ = std::to_chars(at_, at_ + kSlack, value).ptr;
  After();
}

void JsonWriter::Uint(uint64_t value) {
  Before();
  at_ = std::to_chars(at_, at_ + kSlack, value).ptr;
  After();
}

void JsonWriter::Double(double value) {
  std::string text;
  AppendJsonDouble(text, value);
  Verbatim(text);
}

void JsonWriter::Number(std::string_view number) {
  std::string text;
  AppendJsonNumber(text, number);
  Verbatim(text);
}

void JsonWriter::Verbatim(std::string_view json) {
  Before();
  Raw(json);
  After();
}

}  // namespace etcdmedic::text
