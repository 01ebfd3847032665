// SPDX-License-Identifier: Apache-2.0
// Writes a YAML document byte by byte as sigs.k8s.io/yaml, and so kubectl, would: docs/format/k8s-text.md,
// "YAML". JsonWriter has the same interface; what walks an object is a template over both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/yaml_scalar.h"

namespace etcdmedic::text {

// Appends to `out`, which outlives it. Calls come as in a document: a value, or a container whose Begin and
// End match; in a map a Key before each value. After the root value another document may follow; what stands
// between them ("---\n") is up to the caller. Depth is up to the caller, too: 16 bytes a level are kept.
class YamlWriter {
 public:
  explicit YamlWriter(std::string& out) : out_(out), line_start_(out.size()) {}

  void BeginMap() { Begin(false); }
  void EndMap() { End(); }
  void BeginList() { Begin(true); }
  void EndList() { End(); }

  // Keys are printed in the order in which they come: YamlKeyLess tells the usual one.
  void Key(std::string_view key);
  // A key that is a JSON name of the tables.
  void Member(std::string_view name) { Key(name); }

  // Any bytes; see AppendYamlScalar.
  void String(std::string_view text);
  void Int(int64_t value);
  void Uint(uint64_t value);
  // As if it had been read from the JSON that Go prints for it.
  void Double(double value);
  // The text of a JSON number.
  void Number(std::string_view number);
  void WrittenNumber(std::string_view number) { Number(number); }
  // A whole number of any size.
  void Digits(std::string_view digits) { Raw(digits); }
  void Bool(bool value) { Raw(value ? "true" : "false"); }
  void Null() { Raw("null"); }

  // "# text" on a line of its own, once for each line of `text`, before the key, item or end that comes next;
  // not between a key and its value.
  void Comment(std::string_view text);

 private:
  struct Level {
    size_t indent = 0;
    bool list = false;
    bool started = false;    // something is in it
    bool commented = false;  // and so far only comments
  };
  // What the next value continues behind.
  enum class After : uint8_t { kNothing, kKey, kMark };  // kMark: "-", or the ":" of a `? key`

  void Begin(bool list);
  void End();
  void BeforeValue();
  void AfterValue();
  void StartLevel(Level& level);
  void GoToIndent(size_t indent);
  void NewLine();
  void ComplexKey(std::string_view key, size_t indent);
  void Raw(std::string_view text);
  size_t IndentOfParent() const;

  std::string& out_;
  std::vector<Level> levels_;
  std::string scratch_;
  size_t line_start_;
  After after_ = After::kNothing;
  bool at_line_start_ = true;
};

// The order of keys in YAML: numbers in them by value ("a2" before "a10"), letters after all else.
// Not transitive for some odd keys, so sort stably (std::stable_sort keeps to its bounds then, std::sort does
// not).
bool YamlKeyLess(std::string_view a, std::string_view b);

}  // namespace etcdmedic::text
