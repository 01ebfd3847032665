// SPDX-License-Identifier: Apache-2.0
// Writes a JSON document as Go's json.Marshal does, or json.MarshalIndent with the four blanks of
// `kubectl -o json`: docs/format/k8s-text.md, "JSON". The interface is YamlWriter's.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace etcdmedic::text {

// A JSON string with its quotes: <, > and & as \u003c, \u003e, \u0026, U+2028 and U+2029 escaped, invalid
// UTF-8 as \ufffd.
void AppendGoJsonString(std::string& out, std::string_view text);

// Appends to `out`, which outlives it and has all of a document once its root value has ended. No line break
// follows the root value. Keys are printed in the order in which they come; json.Marshal has struct fields in
// the order of their declaration and map keys bytewise.
class JsonWriter {
 public:
  // kKeepHtml: compact, but <, > and & print as they are, as json.Encoder prints after SetEscapeHTML(false).
  enum class Style : uint8_t { kCompact, kIndented, kKeepHtml };

  // `depth`: containers that stand around what is written, for its indentation.
  explicit JsonWriter(std::string& out, Style style = Style::kCompact, size_t depth = 0)
      : out_(out),
        outer_(depth),
        depth_(depth),
        indented_(style == Style::kIndented),
        keep_html_(style == Style::kKeepHtml) {}
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  bool indented() const { return indented_; }

  void BeginMap() { Begin('{'); }
  void EndMap() { End('}'); }
  void BeginList() { Begin('['); }
  void EndList() { End(']'); }

  void Key(std::string_view key);
  // A key that is a JSON name of the tables, which is there between quotes: k8s/schema.h.
  void Member(std::string_view name);

  // Any bytes; see AppendGoJsonString.
  void String(std::string_view text);
  void Int(int64_t value);
  void Uint(uint64_t value);
  // Not a number and infinities become null.
  void Double(double value);
  // The text of a JSON number: whole ones of 64 bits as they are, others as Go prints a float64.
  void Number(std::string_view number);
  // The same, as it is spelled.
  void WrittenNumber(std::string_view number) { Verbatim(number); }
  // A whole number of any size.
  void Digits(std::string_view digits) { Verbatim(digits); }
  // Any text that is a JSON value already.
  void Verbatim(std::string_view json);
  void Bool(bool value) { Verbatim(value ? "true" : "false"); }
  void Null() { Verbatim("null"); }

  // Nothing: JSON has no comments.
  void Comment(std::string_view) {}

 private:
  // Text gathers in `block_` and goes to `out_` block by block. Behind `limit` there is always room for the
  // comma, the longest key of the tables, number or escape, and a copy that writes in wide steps.
  static constexpr size_t kBlock = 4096, kSlack = 128;

  void Begin(char bracket) {
    Before();
    *at_++ = bracket;
    ++depth_;
    comma_ = 0;
  }
  void End(char bracket) {
    MakeRoom();
    --depth_;
    if (indented_ && comma_ != 0) NewLine();
    *at_++ = bracket;
    After();
  }

  void MakeRoom() {
    if (at_ >= block_ + kBlock) Flush();
  }
  void Flush() {
    out_.append(block_, static_cast<size_t>(at_ - block_));
    at_ = block_;
  }

  // The comma and the line break in front of a key or an item.
  void Before() {
    MakeRoom();
    *at_ = ',';
    at_ += comma_;
    if (indented_) BreakLine();
  }
  void After() {
    comma_ = depth_ != outer_ ? 1 : 0;
    if (comma_ == 0) Flush();
  }
  void Colon() {
    *at_++ = ':';
    if (indented_) *at_++ = ' ';
    comma_ = 0;
    after_key_ = true;
  }
  void BreakLine();
  void NewLine();
  void Quoted(std::string_view text);
  void Raw(std::string_view text);

  std::string& out_;
  size_t outer_;
  size_t depth_;
  size_t comma_ = 0;  // 1 where one is in front of what comes next
  bool indented_;
  bool keep_html_;
  bool after_key_ = false;
  char* at_ = block_;
  char block_[kBlock + kSlack];
};

}  // namespace etcdmedic::text
