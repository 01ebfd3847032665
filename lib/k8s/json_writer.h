// SPDX-License-Identifier: Apache-2.0
// Writes a JSON document as Go's json.Marshal does, or json.MarshalIndent with the four blanks of
// `kubectl -o json`: docs/format/k8s-text.md, "JSON". The interface is YamlWriter's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace etcdmedic::k8s {

// A JSON string with its quotes: <, > and & as \u003c, \u003e, \u0026, U+2028 and U+2029 escaped, invalid
// UTF-8 as \ufffd.
void AppendGoJsonString(std::string& out, std::string_view text);

// Appends to `out`, which outlives it. No line break follows the root value. Keys are printed in the order in
// which they come; json.Marshal has struct fields in the order of their declaration and map keys bytewise.
class JsonWriter {
 public:
  enum class Style : uint8_t { kCompact, kIndented };

  // `depth`: containers that stand around what is written, for its indentation.
  explicit JsonWriter(std::string& out, Style style = Style::kCompact, size_t depth = 0)
      : out_(out), outer_(depth), depth_(depth), indented_(style == Style::kIndented) {}

  void BeginMap() { Begin('{'); }
  void EndMap() { End('}'); }
  void BeginList() { Begin('['); }
  void EndList() { End(']'); }

  void Key(std::string_view key);

  // Any bytes; see AppendGoJsonString.
  void String(std::string_view text);
  void Int(int64_t value);
  void Uint(uint64_t value);
  // Not a number and infinities become null.
  void Double(double value);
  // The text of a JSON number: whole ones of 64 bits as they are, others as Go prints a float64.
  void Number(std::string_view number);
  // Any text that is a JSON value already.
  void Verbatim(std::string_view json);
  void Bool(bool value);
  void Null();

  // Nothing: JSON has no comments.
  void Comment(std::string_view) {}

 private:
  void Begin(char bracket);
  void End(char bracket);
  void Before();
  void NewLine();

  std::string& out_;
  size_t outer_;
  size_t depth_;
  bool indented_;
  bool first_ = true;  // nothing stands in the container yet
  bool after_key_ = false;
};

}  // namespace etcdmedic::k8s
