// SPDX-License-Identifier: Apache-2.0
#include "k8s/wrapping.h"

#include <fmt/format.h>

#include <algorithm>

#include "k8s/byte_dump.h"
#include "k8s/envelope.h"
#include "k8s/wrapping_forms.h"
#include "proto/wire.h"
#include "text/json_text.h"
#include "text/utf8.h"

namespace etcdmedic::k8s {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kWithLineFeed = ", a line feed after the value";
constexpr std::string_view kThroughTerminal = R"( that went through a terminal (\r\n made \n again))";
constexpr unsigned kMostCodes = 3;  // one around the other

struct Form {
  std::string_view name;
  std::optional<Items> (*read)(std::string_view);
};
constexpr Form kForms[] = {
    {"the output of etcdctl -w protobuf", ReadResponse},    {"an etcd KeyValue", ReadBareKeyValue},
    {"the output of etcdctl", ReadEtcdctlSimple},           {"the output of etcdctl --hex", ReadEtcdctlHex},
    {"the output of etcdctl -w fields", ReadEtcdctlFields}, {"protobuf text", ReadProtobufText},
};

struct Code {
  std::string_view name;
  std::optional<std::string> (*read)(std::string_view);
};
constexpr Code kCodes[] = {
    {"a quoted string", BytesOfQuoted},
    {"a dump of bytes", ReadByteDump},
    {"a string with escapes", BytesOfBareQuoted},
    {"hex", BytesOfHex},
    {"base64", BytesOfBase64},
    {"a list of numbers", BytesOfNumbers},
    {"a field", BytesOfField},
};

struct Layer {
  std::string name;  // empty for the bytes themselves
  Items items;
  bool damaged = false;  // the bytes themselves, and not a whole envelope
};

bool NothingFollows(std::string_view following) { return following.empty(); }
bool LineFeedFollows(std::string_view following) { return following == "\n"; }

bool IsWholeEnvelope(std::string_view text) { return EndOfEnvelope(text, NothingFollows).has_value(); }

// An envelope of protobuf with the line feed that etcdctl prints after a value.
bool EndsWithLineFeed(std::string_view text) {
  return text.ends_with('\n') && !IsWholeEnvelope(text) && EndOfEnvelope(text, LineFeedFollows);
}

Layer Raw(std::string_view text) {
  Layer layer;
  layer.damaged = text.starts_with(kMagic) && !IsWholeEnvelope(text) && !EndsWithLineFeed(text);
  layer.items.push_back({{}, std::nullopt, std::string(text)});
  return layer;
}

// JSON that names no apiVersion where the API server writes it may be what a program printed of an object.
bool IsRaw(std::string_view text) {
  constexpr size_t kHead = size_t{64} << 10;
  if (!text.starts_with('{')) return LooksStored(text);
  text::ObjectTree tree;
  text::ReadJsonHead(text.substr(0, kHead), tree);
  return !text::HeadOf(tree.root()).api_version.empty();
}

// JSON that is not a known form: an object that names its kind or version, or whose damage hides them.
bool MayBeObject(std::string_view text) {
  if (!text.starts_with('{')) return false;
  text::ObjectTree tree;
  const bool damaged = text::ReadJson(text, tree).stopped;
  const text::ObjectHead head = text::HeadOf(tree.root());
  return damaged || !head.kind.empty() || !head.api_version.empty();
}

std::optional<Layer> ReadForm(std::string_view text) {
  if (auto json = ReadJsonItems(text))
    return Layer{json->own ? "the output of etcdmedic" : "the output of etcdctl -w json",
                 std::move(json->items)};
  for (const Form& form : kForms) {
    if (auto items = form.read(text)) return Layer{std::string(form.name), std::move(*items)};
  }
  return std::nullopt;
}

std::optional<Layer> ReadLayer(std::string_view text, unsigned codes_left);

std::optional<Layer> ReadCode(std::string_view text, unsigned codes_left) {
  for (const Code& code : kCodes) {
    const auto bytes = code.read(text);
    if (!bytes || bytes->empty() || *bytes == text) continue;
    auto inner = ReadLayer(*bytes, codes_left - 1);
    if (!inner) continue;
    inner->name = fmt::format("{}{}{}", code.name, inner->name.empty() ? "" : " of ", inner->name);
    return inner;
  }
  return std::nullopt;
}

std::optional<Layer> ReadLayer(std::string_view text, unsigned codes_left) {
  if (IsRaw(text)) {
    // Several values in a row, as --print-value-only prints them.
    Layer raw = Raw(text);
    if (!raw.damaged) return raw;
    if (auto items = ReadEtcdctlSimple(text); items && items->size() > 1)
      return Layer{"the output of etcdctl", std::move(*items)};
    return raw;
  }
  if (auto layer = ReadForm(text)) return layer;
  if (codes_left == 0) return std::nullopt;
  return ReadCode(text, codes_left);
}

// A line feed that was stored or logged with a value is none of its bytes either.
void TakeLineFeeds(Layer& layer) {
  bool taken = false;
  for (StoredItem& item : layer.items) {
    if (!EndsWithLineFeed(item.value)) continue;
    item.value.pop_back();
    taken = true;
  }
  if (taken) layer.name += kWithLineFeed;
}

Unwrapped Finish(Layer layer, std::string_view more = {}) {
  if (layer.name.empty()) layer.name = "raw bytes";
  TakeLineFeeds(layer);
  return {fmt::format("{}{}", layer.name, more), std::move(layer.items)};
}

bool IsText(std::string_view text) {
  const auto control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r';
  };
  return text::IsUtf8(text) && std::ranges::none_of(text, control);
}

// What it looks like, for who hoped that it is a value.
std::string Describe(std::string_view text) {
  constexpr std::string_view kBoltMagic = "\xED\xDA\x0C\xED"sv;
  constexpr size_t kBoltMagicAt = 16;
  if (text.empty()) return "is empty";
  if (text.substr(std::min(text.size(), kBoltMagicAt)).starts_with(kBoltMagic))
    return "is a bbolt database, not a value; `etcdmedic objects FILE` lists what is in it";
  if (text.starts_with("apiVersion:") || text.find("\napiVersion:") != std::string_view::npos)
    return "is YAML, so it is decoded already; `etcdmedic encode` gives the stored bytes of it";
  if (text.starts_with('{') || text.starts_with('['))
    return "is JSON, but neither a Kubernetes object (no apiVersion) nor keys and values as etcdctl prints "
           "them";
  return fmt::format(
      "{} bytes of {}; not a stored value (k8s\\0, JSON, CBOR, k8s:enc:), nor a known form of one",
      text.size(), IsText(text) ? "text" : "data");
}

}  // namespace

std::string UndoTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n') out += text[at];
  }
  return out;
}

Result<Unwrapped> Unwrap(Bytes input, const std::string& file) {
  const std::string_view text = AsText(input);
  auto layer = ReadLayer(text, kMostCodes);
  if ((!layer || layer->damaged) && text.find("\r\n") != std::string_view::npos) {
    auto undone = ReadLayer(UndoTerminal(text), kMostCodes);
    if (undone && !undone->damaged) return Finish(std::move(*undone), kThroughTerminal);
  }
  if (!layer && MayBeObject(text)) layer = Raw(text);
  if (layer) return Finish(std::move(*layer));
  return Fail(Errc::kUnsupported, file, Describe(text));
}

}  // namespace etcdmedic::k8s
