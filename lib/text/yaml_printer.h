// SPDX-License-Identifier: Apache-2.0
// The general, slower half of YAML scalars: any character, and lines that fold. yaml_scalar.cc keeps what
// most strings are to itself.
#pragma once

#include <string>
#include <string_view>

namespace etcdmedic::text {

constexpr size_t kFoldWidth = 80;        // a blank beyond this column folds the line
constexpr size_t kSimpleKeyLimit = 128;  // bytes of a key before a colon

// The styles that a text allows.
struct ScalarTraits {
  bool plain = true;
  bool single_quoted = true;
  bool block = true;
  bool multiline = false;
};

// `text` is UTF-8.
ScalarTraits Analyse(std::string_view text);

// "|2+" and a line break.
void AppendBlockHeader(std::string& out, std::string_view text);

// Writes one scalar and keeps the column. Each takes UTF-8.
class YamlPrinter {
 public:
  // `column`: characters that are before the scalar on its line.
  YamlPrinter(std::string& out, size_t indent, size_t column) : out_(out), indent_(indent), column_(column) {}

  void Plain(std::string_view text, bool fold);
  void SingleQuoted(std::string_view text, bool fold);
  void DoubleQuoted(std::string_view text, bool fold);
  // True where it ends at the start of a line.
  bool Literal(std::string_view text);

 private:
  void Put(std::string_view character);
  void PutBreak(std::string_view character);
  void PutEscape(std::string_view character);
  void StartLine();

  std::string& out_;
  size_t indent_;
  size_t column_;
  bool at_indent_ = false;  // nothing but blanks is on the line
  bool blank_after_ = false;
};

}  // namespace etcdmedic::text
