// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "k8s/wrapping_forms.h"
#include "text/json_text.h"
#include "text/text_codec.h"

namespace etcdmedic::k8s {
namespace {

// etcdctl writes 7, the gRPC gateway "7".
std::optional<int64_t> RevisionOf(text::ObjectView map) {
  const std::string_view digits = map["mod_revision"].text();
  int64_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return read.ec == std::errc() ? std::optional<int64_t>(number) : std::nullopt;
}

std::optional<StoredItem> EtcdctlItem(text::ObjectView map) {
  const auto key = text::FromBase64(map.StringAt("key"));
  auto value = text::FromBase64(map.StringAt("value"));
  if (!value || value->empty() || !key) return std::nullopt;
  if (key->empty() && !LooksStored(*value)) return std::nullopt;
  return StoredItem{*key, RevisionOf(map), std::move(*value)};
}

// Text where it is UTF-8, else base64 under another name.
std::optional<std::string> OwnBytes(text::ObjectView map, const std::string& name) {
  if (map[name].is_string()) return std::string(map[name].text());
  const text::ObjectView base64 = map[name + "_base64"];
  return base64 ? text::FromBase64(base64.text()) : std::nullopt;
}

std::optional<StoredItem> OwnItem(text::ObjectView root, text::ObjectView map) {
  const bool own = root.StringAt("schema").starts_with("etcdmedic.") || map["value_base64"] ||
                   LooksStored(map.StringAt("value"));
  if (!own) return std::nullopt;
  auto value = OwnBytes(map, "value");
  const auto key = OwnBytes(map, "key");
  if (!key || !value || value->empty()) return std::nullopt;
  return StoredItem{*key, RevisionOf(map), std::move(*value)};
}

void Collect(const text::ObjectTree& tree, JsonItems& found) {
  for (size_t node = 0; node < tree.size(); ++node) {
    const text::ObjectView map = tree.ViewAt(node);
    if (!map.is_map()) continue;
    auto item = OwnItem(tree.root(), map);
    found.own = found.own || item;
    if (!item) item = EtcdctlItem(map);
    if (item) found.items.push_back(std::move(*item));
  }
}

}  // namespace

std::optional<size_t> EndOfJson(std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  size_t depth = 0;
  bool quoted = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      ++depth;
    } else if (!quoted && (c == '}' || c == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return std::nullopt;
}

std::optional<JsonItems> ReadJsonItems(std::string_view text) {
  JsonItems found;
  text::ObjectTree tree;
  text = Trim(text);
  if (!text.starts_with('{') && !text.starts_with('[')) return std::nullopt;
  if (!text::ReadJson(text, tree)) {
    Collect(tree, found);
    text = {};
  }
  for (; !text.empty(); text = Trim(text)) {  // several documents, or one with a flaw
    const auto end = EndOfJson(text);
    if (!end || text::ReadJson(text.substr(0, *end), tree).stopped) return std::nullopt;
    Collect(tree, found);
    text.remove_prefix(*end);
  }
  return found.items.empty() ? std::nullopt : std::optional(std::move(found));
}

}  // namespace etcdmedic::k8s
