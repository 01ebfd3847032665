// SPDX-License-Identifier: Apache-2.0
#include "k8s/wrapping.h"

#include <algorithm>
#include <charconv>

#include "k8s/byte_dump.h"
#include "k8s/go_string.h"
#include "k8s/json_text.h"
#include "k8s/text_codec.h"
#include "k8s/wire.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_view_literals;
using Items = std::vector<StoredItem>;

constexpr std::string_view kMagic = "k8s\0"sv;
constexpr std::string_view kWithLineFeed = ", a line feed behind the value";

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Whether the API server stores values that begin like this.
bool LooksStored(std::string_view text) {
  return text.starts_with(kMagic) || text.starts_with("k8s:enc:") || text.starts_with("\xD9\xD9\xF7") ||
         text.starts_with("{");
}

// An envelope of protobuf with the line feed that etcdctl puts behind a value.
bool HasLineFeedBehind(std::string_view text) {
  if (!text.starts_with(kMagic) || !text.ends_with('\n')) return false;
  const auto whole = [](std::string_view fields) {
    WireReader reader(AsBytes(fields));
    WireField field;
    WireStep step = reader.Next(field);
    while (step == WireStep::kField) step = reader.Next(field);
    return step == WireStep::kEnd;
  };
  const std::string_view fields = text.substr(kMagic.size());
  return !whole(fields) && whole(fields.substr(0, fields.size() - 1));
}

// --- etcd's own messages -----------------------------------------------------------------------------------

// mvccpb.KeyValue: 1 key, 2 create revision, 3 mod revision, 4 version, 5 value, 6 lease.
std::optional<StoredItem> ReadKeyValue(Bytes bytes) {
  StoredItem item;
  WireReader reader(bytes);
  WireField field;
  WireStep step = reader.Next(field);
  for (; step == WireStep::kField; step = reader.Next(field)) {
    const bool text = field.number == 1 || field.number == 5;
    if (field.number > 6 || field.wire_type != (text ? kDelimited : kVarint)) return std::nullopt;
    if (field.number == 1) item.key = AsText(field.bytes);
    if (field.number == 5) item.value = AsText(field.bytes);
    if (field.number == 3) item.mod_revision = static_cast<int64_t>(field.value);
  }
  if (step != WireStep::kEnd || item.key.empty() || !item.mod_revision) return std::nullopt;
  return item;
}

// RangeResponse: 1 header, 2 kvs, 3 more, 4 count.
std::optional<Items> ReadRangeResponse(std::string_view text) {
  Items items;
  WireReader reader(AsBytes(text));
  WireField field;
  WireStep step = reader.Next(field);
  for (; step == WireStep::kField; step = reader.Next(field)) {
    const bool message = field.number <= 2;
    if (field.number > 4 || field.wire_type != (message ? kDelimited : kVarint)) return std::nullopt;
    if (field.number != 2) continue;
    auto item = ReadKeyValue(field.bytes);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  if (step != WireStep::kEnd || items.empty()) return std::nullopt;
  return items;
}

std::optional<Items> ReadBareKeyValue(std::string_view text) {
  auto item = ReadKeyValue(AsBytes(text));
  if (!item) return std::nullopt;
  Items items;
  items.push_back(std::move(*item));
  return items;
}

// --- what etcdctl prints -----------------------------------------------------------------------------------

std::optional<StoredItem> ItemOf(const ObjectTree& tree, std::optional<size_t> node) {
  const auto value = FromBase64(tree.TextAt(node, "value"));
  const auto key = FromBase64(tree.TextAt(node, "key"));
  if (!value || !key || key->empty()) return std::nullopt;
  StoredItem item{*key, std::nullopt, *value};
  if (const auto revision = tree.Find(node, "mod_revision")) {
    const std::string_view digits = tree.Text(*revision);
    int64_t number = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec == std::errc())
      item.mod_revision = number;
  }
  return item;
}

// {"kvs":[{"key":…,"mod_revision":…,"value":…}]} of get, {"Events":[{"kv":{…}}]} of watch.
std::optional<Items> ReadEtcdctlJson(std::string_view text) {
  if (!text.starts_with('{')) return std::nullopt;
  ObjectTree tree;
  if (ReadJson(text, tree).stopped) return std::nullopt;
  Items items;
  for (const std::string_view name : {"kvs"sv, "Events"sv, "events"sv}) {
    const auto list = tree.Find(tree.root(), name);
    if (!list || tree.At(*list).kind != NodeKind::kList) continue;
    for (size_t at = *list + 1; at < tree.At(*list).end; at = tree.At(at).end) {
      const auto inner = tree.Find(at, "kv");
      auto item = ItemOf(tree, inner ? inner : std::optional<size_t>(at));
      if (item) items.push_back(std::move(*item));
    }
  }
  if (items.empty()) return std::nullopt;
  return items;
}

// Lines of "Key" : "…", "ModRevision" : 7, "Value" : "…".
std::optional<Items> ReadEtcdctlFields(std::string_view text) {
  Items items;
  StoredItem next;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    size_t at = 0;
    const auto name = ReadGoString(line, at);
    const size_t colon = line.find_first_not_of(' ', at);
    if (!name || colon == std::string_view::npos || line[colon] != ':') return std::nullopt;
    const std::string_view content = Trim(line.substr(colon + 1));
    size_t start = 0;
    if (*name == "Key") {
      auto key = ReadGoString(content, start);
      if (!key) return std::nullopt;
      next = {};
      next.key = std::move(*key);
    } else if (*name == "ModRevision") {
      int64_t revision = 0;
      if (std::from_chars(content.data(), content.data() + content.size(), revision).ec == std::errc())
        next.mod_revision = revision;
    } else if (*name == "Value") {
      auto value = ReadGoString(content, start);
      if (!value) return std::nullopt;
      next.value = std::move(*value);
      items.push_back(std::move(next));
      next = {};
    }
  }
  if (items.empty()) return std::nullopt;
  return items;
}

// A line that is a key, and a value on the next: where `text` begins with one, the length of the key.
std::optional<size_t> KeyLine(std::string_view text) {
  constexpr size_t kLongestKey = 4096;
  if (!text.starts_with('/')) return std::nullopt;
  const size_t end = text.substr(0, kLongestKey).find('\n');
  if (end == std::string_view::npos || !LooksStored(text.substr(end + 1))) return std::nullopt;
  const bool printable = std::ranges::all_of(
      text.substr(0, end), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  return printable ? std::optional<size_t>(end) : std::nullopt;
}

// Keys and values in turn, a line feed behind each.
std::optional<Items> ReadEtcdctlSimple(std::string_view text) {
  Items items;
  for (auto key = KeyLine(text); key; key = KeyLine(text)) {
    const std::string_view rest = text.substr(*key + 1);
    size_t end = rest.find("\n/");
    while (end != std::string_view::npos && !KeyLine(rest.substr(end + 1))) end = rest.find("\n/", end + 1);
    std::string_view value = rest.substr(0, end);
    if (end == std::string_view::npos && value.ends_with('\n')) value.remove_suffix(1);
    items.push_back({std::string(text.substr(0, *key)), std::nullopt, std::string(value)});
    text = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  if (items.empty()) return std::nullopt;
  return items;
}

// --- text that stands for bytes ----------------------------------------------------------------------------

std::optional<std::string> BytesOfQuoted(std::string_view text) {
  text = Trim(text);
  size_t at = 0;
  auto bytes = ReadGoString(text, at);
  return at == text.size() ? bytes : std::nullopt;
}

// The same, its quotes lost.
std::optional<std::string> BytesOfBareQuoted(std::string_view text) {
  text = Trim(text);
  if (!text.starts_with("k8s\\")) return std::nullopt;
  return BytesOfQuoted('"' + std::string(text) + '"');
}

std::optional<std::string> BytesOfHex(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("0x") || text.starts_with("0X") || text.starts_with("\\x")) text.remove_prefix(2);
  std::string digits(text);
  std::ranges::replace(digits, ':', ' ');
  return FromHex(digits);
}

std::optional<std::string> BytesOfBase64(std::string_view text) { return FromBase64(Trim(text)); }

struct Reader {
  std::string_view name;
  std::optional<Items> (*read)(std::string_view);
};
constexpr Reader kReaders[] = {
    {"the output of etcdctl -w json", ReadEtcdctlJson},
    {"the output of etcdctl -w protobuf", ReadRangeResponse},
    {"an etcd KeyValue", ReadBareKeyValue},
    {"the output of etcdctl", ReadEtcdctlSimple},
    {"the output of etcdctl -w fields", ReadEtcdctlFields},
};

struct Codec {
  std::string_view name;
  std::optional<std::string> (*read)(std::string_view);
};
constexpr Codec kCodecs[] = {
    {"a quoted string", BytesOfQuoted}, {"a string with escapes", BytesOfBareQuoted},
    {"a dump of bytes", ReadByteDump},  {"hex", BytesOfHex},
    {"base64", BytesOfBase64},
};

std::optional<Unwrapped> ReadItems(std::string_view text) {
  for (const Reader& reader : kReaders) {
    if (auto items = reader.read(text)) return Unwrapped{std::string(reader.name), std::move(*items)};
  }
  return std::nullopt;
}

// Text that stands for bytes which the API server stores, or which are a wrapping themselves.
std::optional<Unwrapped> ReadEncoded(std::string_view text) {
  for (const Codec& codec : kCodecs) {
    auto bytes = codec.read(text);
    if (!bytes || bytes->empty()) continue;
    if (auto inner = ReadItems(*bytes)) {
      inner->recognised = std::string(codec.name) + " of " + inner->recognised;
      return inner;
    }
    if (!LooksStored(*bytes)) continue;
    Unwrapped unwrapped{std::string(codec.name), {}};
    if (HasLineFeedBehind(*bytes)) {
      bytes->pop_back();
      unwrapped.recognised += kWithLineFeed;
    }
    unwrapped.items.push_back({{}, std::nullopt, std::move(*bytes)});
    return unwrapped;
  }
  return std::nullopt;
}

}  // namespace

Unwrapped Unwrap(Bytes input) {
  std::string_view text = AsText(input);
  const bool stored = LooksStored(text) && !text.starts_with('{');
  if (!stored) {
    if (auto items = ReadItems(text)) return std::move(*items);
    if (auto encoded = ReadEncoded(text)) return std::move(*encoded);
  }
  Unwrapped raw{"raw bytes", {}};
  if (HasLineFeedBehind(text)) {
    text.remove_suffix(1);
    raw.recognised += kWithLineFeed;
  }
  raw.items.push_back({{}, std::nullopt, std::string(text)});
  return raw;
}

}  // namespace etcdmedic::k8s
