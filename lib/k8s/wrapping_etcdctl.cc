// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "k8s/envelope.h"
#include "k8s/wrapping_forms.h"
#include "text/go_string.h"
#include "text/text_codec.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_view_literals;

constexpr size_t kLongestKey = 4096;

// Takes the first line, without its line feed, off the text.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// The words that watch and txn print before keys and values.
bool SkipWord(std::string_view& text) {
  for (const std::string_view word : {"PUT\n"sv, "DELETE\n"sv, "SUCCESS\n\n"sv, "FAILURE\n\n"sv, "\n"sv}) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

// A line that is a key, and a value on the next: the length of the key.
std::optional<size_t> KeyLine(std::string_view text) {
  const size_t end = text.substr(0, kLongestKey).find('\n');
  if (end == 0 || end == std::string_view::npos || !LooksStored(text.substr(end + 1))) return std::nullopt;
  const bool printable = std::ranges::all_of(
      text.substr(0, end), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  return printable ? std::optional<size_t>(end) : std::nullopt;
}

// A key that was deleted: a line, and an empty one after it.
bool SkipDeleted(std::string_view& text) {
  const size_t end = text.substr(0, kLongestKey).find('\n');
  if (end == 0 || end == std::string_view::npos || text.substr(end + 1, 1) != "\n") return false;
  text.remove_prefix(end + 2);
  return true;
}

// Whether `text`, which follows a value, is its line feed and then the end or the next value.
bool FollowsValue(std::string_view text) {
  if (!text.starts_with('\n')) return false;
  text.remove_prefix(1);
  const bool word = text.starts_with("PUT\n") || text.starts_with("DELETE\n");
  return text.empty() || word || text.starts_with(kMagic) || KeyLine(text);
}

// Of a value of neither protobuf nor JSON; only keys that begin with a slash are taken for the next one.
size_t EndOfOther(std::string_view text) {
  for (size_t at = text.find("\n/"); at != std::string_view::npos; at = text.find("\n/", at + 1)) {
    if (KeyLine(text.substr(at + 1))) return at;
  }
  return text.size() - (text.ends_with('\n') ? 1 : 0);
}

// JSON that the API server stores ends with a line feed of its own.
size_t EndOfValue(std::string_view text) {
  if (const auto end = EndOfEnvelope(text, FollowsValue)) return *end;
  const auto json = EndOfJson(text);
  if (!json) return EndOfOther(text);
  const bool own_line_feed = text.substr(*json).starts_with("\n\n");
  return *json + (own_line_feed ? 1 : 0);
}

std::optional<std::string> FromEscapedHex(std::string_view line) {
  std::string digits;
  for (size_t at = 0; at < line.size(); at += 4) {
    if (line.substr(at, 2) != "\\x" || line.size() - at < 4) return std::nullopt;
    digits += line.substr(at + 2, 2);
  }
  return text::FromHex(digits);
}

struct PrintedField {
  std::string name;
  std::string_view content;
};

// "Name" : content
std::optional<PrintedField> ReadField(std::string_view line) {
  size_t at = 0;
  auto name = text::ReadGoString(line, at);
  const size_t colon = line.find_first_not_of(' ', at);
  if (!name || colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
  if (name->starts_with("Prev")) name->erase(0, 4);
  return PrintedField{std::move(*name), Trim(line.substr(colon + 1))};
}

// Sets what the field says of the item; false where its content is not what such a field has.
bool SetField(const PrintedField& field, StoredItem& item) {
  size_t at = 0;
  if (field.name == "ModRevision") {
    int64_t revision = 0;
    const std::string_view digits = field.content;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), revision).ec == std::errc())
      item.mod_revision = revision;
  } else if (field.name == "Key" || field.name == "Value") {
    auto bytes = text::ReadGoString(field.content, at);
    if (!bytes) return false;
    if (field.name == "Key") item = {};
    (field.name == "Key" ? item.key : item.value) = std::move(*bytes);
  }
  return true;
}

}  // namespace

std::optional<Items> ReadEtcdctlSimple(std::string_view text) {
  Items items;
  while (!text.empty()) {
    if (SkipWord(text)) continue;
    StoredItem item;
    const auto key = KeyLine(text);
    if (!key && SkipDeleted(text)) continue;
    if (!text.starts_with(kMagic)) {
      if (!key && items.empty()) return std::nullopt;
      item.key = TakeLine(text);  // what is not a value of Kubernetes is kept where others were before it
    }
    const size_t end = EndOfValue(text);
    item.value = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    items.push_back(std::move(item));
  }
  if (items.empty()) return std::nullopt;
  return items;
}

std::optional<Items> ReadEtcdctlHex(std::string_view text) {
  Items items;
  std::string key;
  while (!text.empty()) {
    const std::string_view line = Trim(TakeLine(text));
    if (line.empty() || line == "PUT" || line == "DELETE") continue;
    auto bytes = FromEscapedHex(line);
    if (!bytes) return std::nullopt;
    if (!LooksStored(*bytes)) {
      key = std::move(*bytes);
      continue;
    }
    items.push_back({std::move(key), std::nullopt, std::move(*bytes)});
    key.clear();
  }
  if (items.empty()) return std::nullopt;
  return items;
}

std::optional<Items> ReadEtcdctlFields(std::string_view text) {
  Items items;
  StoredItem next;
  while (!text.empty()) {
    const std::string_view line = Trim(TakeLine(text));
    if (line.empty()) continue;
    const auto field = ReadField(line);
    if (!field || !SetField(*field, next)) return std::nullopt;
    if (field->name != "Value") continue;
    if (!next.value.empty()) items.push_back(std::move(next));
    next = {};
  }
  if (items.empty()) return std::nullopt;
  return items;
}

}  // namespace etcdmedic::k8s
