// SPDX-License-Identifier: Apache-2.0
#include "text/json_tree.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "text/json_writer.h"
#include "text/utf8.h"

namespace etcdmedic::text {
namespace {

using Type = JsonValue::Type;

bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The four hexadecimal digits at `at`, or -1.
int32_t HexAt(const char* at, const char* end) {
  if (end - at < 4) return -1;
  uint32_t value = 0;
  const auto [rest, error] = std::from_chars(at, at + 4, value, 16);
  return error == std::errc() && rest == at + 4 ? static_cast<int32_t>(value) : -1;
}

}  // namespace

bool JsonTree::Parse(std::string_view json) {
  nodes_.clear();
  open_.clear();
  if (json.size() > INT32_MAX) return false;
  buffer_.assign(json);
  at_ = buffer_.data();
  end_ = at_ + buffer_.size();
  if (Document()) return true;
  nodes_.clear();
  return false;
}

bool JsonTree::Document() {
  do {
    SkipBlanks();
    if (!OneValue() || !AfterValue()) return false;
  } while (!open_.empty());
  SkipBlanks();
  return at_ == end_;
}

// A scalar, or the opening of a container up to its first value (an empty one is closed at once).
bool JsonTree::OneValue() {
  for (;;) {
    if (at_ == end_) return false;
    const char c = *at_;
    if (c == '"') {
      std::string_view text;
      if (!String(text)) return false;
      Add(Type::kString, text);
      return true;
    }
    if (c != '{' && c != '[') {
      if (c == 't') return Word(Type::kBool, "true");
      if (c == 'f') return Word(Type::kBool, "false");
      if (c == 'n') return Word(Type::kNull, "null");
      return Number();
    }
    ++at_;
    if (open_.size() == kDeepest) return false;
    open_.push_back(Add(c == '{' ? Type::kMap : Type::kList, {}));
    SkipBlanks();
    if (at_ != end_ && *at_ == (c == '{' ? '}' : ']')) {
      ++at_;
      open_.pop_back();
      return true;
    }
    if (c == '{' && !Key(key_)) return false;
    SkipBlanks();
  }
}

// After a value: closes what ends here, and is before the next value where there is one.
bool JsonTree::AfterValue() {
  while (!open_.empty()) {
    SkipBlanks();
    if (at_ == end_) return false;
    const bool map = nodes_[open_.back()].type == Type::kMap;
    const char c = *at_++;
    if (c == ',') {
      SkipBlanks();
      return !map || Key(key_);
    }
    if (c != (map ? '}' : ']')) return false;
    open_.pop_back();
  }
  return true;
}

bool JsonTree::Key(std::string_view& key) {
  if (at_ == end_ || *at_ != '"' || !String(key)) return false;
  SkipBlanks();
  return at_ != end_ && *at_++ == ':';
}

bool JsonTree::String(std::string_view& text) {
  char* const begin = ++at_;
  char* write = begin;
  while (at_ != end_ && *at_ != '"') {
    if (*at_ != '\\') {
      *write++ = *at_++;
      continue;
    }
    write = UnescapeAt(at_, write);
    if (write == nullptr) return false;
  }
  if (at_ == end_) return false;
  ++at_;
  text = {begin, static_cast<size_t>(write - begin)};
  return true;
}

// Reads one escape at `read` and writes what it stands for; null where it is none.
char* JsonTree::UnescapeAt(char*& read, char* write) {
  static constexpr std::string_view kNames = "\"\\/bfnrt", kMeans = "\"\\/\b\f\n\r\t";
  if (end_ - read < 2) return nullptr;
  const char name = read[1];
  if (name != 'u') {
    const size_t at = kNames.find(name);
    if (at == std::string_view::npos) return nullptr;
    *write++ = kMeans[at];
    read += 2;
    return write;
  }
  int32_t rune = HexAt(read + 2, end_);
  if (rune < 0) return nullptr;
  read += 6;
  if (rune >= 0xD800 && rune < 0xE000) {
    const bool pair = rune < 0xDC00 && end_ - read >= 6 && read[0] == '\\' && read[1] == 'u';
    const int32_t low = pair ? HexAt(read + 2, end_) : -1;
    if (low >= 0xDC00 && low < 0xE000) {
      rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
      read += 6;
    } else {
      rune = 0xFFFD;
    }
  }
  std::string bytes;
  AppendUtf8(bytes, static_cast<uint32_t>(rune));
  return std::copy(bytes.begin(), bytes.end(), write);
}

bool JsonTree::Word(JsonValue::Type type, std::string_view word) {
  const std::string_view left(at_, static_cast<size_t>(end_ - at_));
  if (!left.starts_with(word)) return false;
  Add(type, left.substr(0, word.size()));
  at_ += word.size();
  return true;
}

bool JsonTree::Number() {
  const char* const begin = at_;
  if (at_ != end_ && *at_ == '-') ++at_;
  if (at_ == end_ || !IsDigit(*at_)) return false;
  while (at_ != end_ && (IsDigit(*at_) || std::strchr(".eE+-", *at_) != nullptr) && *at_ != '\0') ++at_;
  Add(Type::kNumber, {begin, static_cast<size_t>(at_ - begin)});
  return true;
}

uint32_t JsonTree::Add(JsonValue::Type type, std::string_view text) {
  const auto at = static_cast<uint32_t>(nodes_.size());
  nodes_.push_back({type, {}, text});
  if (open_.empty()) return at;
  Node& parent = nodes_[open_.back()];
  if (parent.type == Type::kMap) nodes_[at].key = key_;
  (parent.first == kNil ? parent.first : nodes_[parent.last].next) = at;
  parent.last = at;
  ++parent.size;
  return at;
}

void JsonTree::SkipBlanks() {
  while (at_ != end_ && IsBlank(*at_)) ++at_;
}

JsonValue::Type JsonValue::type() const { return tree_ == nullptr ? Type::kNone : tree_->nodes_[at_].type; }

std::string_view JsonValue::text() const {
  return tree_ == nullptr ? std::string_view() : tree_->nodes_[at_].text;
}

std::string_view JsonValue::key() const {
  return tree_ == nullptr ? std::string_view() : tree_->nodes_[at_].key;
}

std::string_view JsonValue::TextOr(std::string_view fallback) const {
  return text().empty() || type() == Type::kNull ? fallback : text();
}

int64_t JsonValue::Integer(int64_t fallback) const {
  if (type() != Type::kNumber) return fallback;
  int64_t value = 0;
  const std::string_view digits = text();
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && rest == digits.data() + digits.size() ? value : fallback;
}

JsonValue JsonValue::operator[](std::string_view key) const {
  JsonValue found;
  if (!is_map()) return found;
  for (const JsonValue member : *this) {
    if (member.key() == key) found = member;
  }
  return found;
}

JsonValue JsonValue::At(std::string_view dotted) const {
  JsonValue value = *this;
  while (value && !dotted.empty()) {
    const size_t dot = dotted.find('.');
    value = value[dotted.substr(0, dot)];
    dotted = dot == std::string_view::npos ? std::string_view() : dotted.substr(dot + 1);
  }
  return value;
}

size_t JsonValue::size() const { return tree_ == nullptr ? 0 : tree_->nodes_[at_].size; }

JsonValue JsonValue::First() const {
  if (tree_ == nullptr || tree_->nodes_[at_].first == JsonTree::kNil) return {};
  return {tree_, tree_->nodes_[at_].first};
}

JsonValue JsonValue::Next() const {
  if (tree_ == nullptr || tree_->nodes_[at_].next == JsonTree::kNil) return {};
  return {tree_, tree_->nodes_[at_].next};
}

JsonValue JsonValue::Item(size_t at) const {
  if (!is_list()) return {};
  JsonValue item = First();
  for (; at > 0 && item; --at) item = item.Next();
  return item;
}

void JsonValue::AppendJson(std::string& out) const {
  // Containers that are open, innermost last; a tree is no deeper than kDeepest.
  std::vector<JsonValue> open;
  JsonValue value = *this;
  while (value) {
    if (!open.empty() && open.back().is_map()) {
      AppendGoJsonString(out, value.key());
      out += ':';
    }
    if (value.type() == Type::kString)
      AppendGoJsonString(out, value.text());
    else if (value.is_map() || value.is_list())
      out += value.is_map() ? '{' : '[';
    else
      out += value.text();
    if (const JsonValue first = value.First()) {
      open.push_back(value);
      value = first;
      continue;
    }
    if (value.is_map() || value.is_list()) out += value.is_map() ? '}' : ']';
    JsonValue next = open.empty() ? JsonValue() : value.Next();
    while (!next && !open.empty()) {
      out += open.back().is_map() ? '}' : ']';
      next = open.size() > 1 ? open.back().Next() : JsonValue();
      open.pop_back();
    }
    if (next) out += ',';
    value = next;
  }
}

}  // namespace etcdmedic::text
