// SPDX-License-Identifier: Apache-2.0
// A JSON document to look things up in: selectors, paths and printed columns need a field here and there, not
// all of an object. Numbers stay as they are spelled. docs/kubernetes.md, "Objects".
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::text {

class JsonTree;

// One value of a tree, or none: whatever is asked of none is none again, so lookups chain. Lasts until the
// tree parses again.
class JsonValue {
 public:
  enum class Type : uint8_t { kNone, kNull, kBool, kNumber, kString, kList, kMap };

  JsonValue() = default;
  Type type() const;
  explicit operator bool() const { return tree_ != nullptr; }
  bool is_map() const { return type() == Type::kMap; }
  bool is_list() const { return type() == Type::kList; }

  // A string without quotes and escapes; "null", "true", "12.50" for other scalars; empty for the rest.
  std::string_view text() const;
  // text() unless it is none, null or empty.
  std::string_view TextOr(std::string_view fallback) const;
  // A number without fraction that fits, else `fallback`.
  int64_t Integer(int64_t fallback = 0) const;
  bool IsTrue() const { return type() == Type::kBool && text() == "true"; }

  // The member of a map with that key (the last one, as Go has it), or none.
  JsonValue operator[](std::string_view key) const;
  // Members of members: "spec.template.spec". A key with a dot in it cannot be reached so.
  JsonValue At(std::string_view dotted) const;
  // Members of a list or map.
  size_t size() const;
  JsonValue First() const;
  JsonValue Next() const;           // the sibling behind, or none
  JsonValue Item(size_t at) const;  // of a list
  std::string_view key() const;     // of a member of a map
  // JSON, compact.
  void AppendJson(std::string& out) const;

  class Iterator;
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class JsonTree;
  JsonValue(const JsonTree* tree, uint32_t at) : tree_(tree), at_(at) {}
  const JsonTree* tree_ = nullptr;
  uint32_t at_ = 0;
};

class JsonTree {
 public:
  // Reads one document; what was in the tree before is gone. False where it is not JSON, nests deeper than
  // 512, or is larger than 2 GiB; the tree is empty then.
  bool Parse(std::string_view json);
  JsonValue root() const { return nodes_.empty() ? JsonValue() : JsonValue(this, 0); }

 private:
  friend class JsonValue;
  static constexpr uint32_t kNil = UINT32_MAX;
  static constexpr size_t kDeepest = 512;
  struct Node {
    JsonValue::Type type = JsonValue::Type::kNone;
    std::string_view key, text;
    uint32_t first = kNil, last = kNil, next = kNil;
    uint32_t size = 0;
  };
  bool Document();
  bool OneValue();
  bool AfterValue();
  bool Key(std::string_view& key);
  bool String(std::string_view& text);
  char* UnescapeAt(char*& read, char* write);
  bool Word(JsonValue::Type type, std::string_view word);
  bool Number();
  uint32_t Add(JsonValue::Type type, std::string_view text);
  void SkipBlanks();

  std::string buffer_;  // strings are unescaped in place: that never makes them longer
  char* at_ = nullptr;
  char* end_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<uint32_t> open_;
  std::string_view key_;
};

class JsonValue::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = JsonValue;
  using difference_type = std::ptrdiff_t;
  using pointer = const JsonValue*;
  using reference = JsonValue;

  explicit Iterator(JsonValue value) : value_(value) {}
  JsonValue operator*() const { return value_; }
  Iterator& operator++() {
    value_ = value_.Next();
    return *this;
  }
  bool operator==(const Iterator& other) const { return bool(value_) == bool(other.value_); }

 private:
  JsonValue value_;
};

inline JsonValue::Iterator JsonValue::begin() const { return Iterator(First()); }
inline JsonValue::Iterator JsonValue::end() const { return Iterator(JsonValue()); }

}  // namespace etcdmedic::text
