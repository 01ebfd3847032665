// SPDX-License-Identifier: Apache-2.0
#include "salvage/lost_and_found.h"

#include <fmt/format.h>

#include "base/try.h"
#include "mvcc/key_value.h"
#include "text/base64.h"
#include "text/json_writer.h"
#include "text/utf8.h"

namespace etcdmedic::salvage {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

// Bytes under `name` where they are text, and under name_base64 where not.
void WriteBytes(text::JsonWriter& json, std::string_view name, std::string_view bytes) {
  if (text::IsUtf8(bytes)) {
    json.Key(name);
    json.String(bytes);
    return;
  }
  std::string encoded;
  text::AppendBase64(encoded, AsBytes(bytes));
  json.Key(std::string(name) + "_base64");
  json.String(encoded);
}

void WriteNumber(text::JsonWriter& json, std::string_view name, int64_t number) {
  json.Key(name);
  json.Int(number);
}

void WriteText(text::JsonWriter& json, std::string_view name, std::string_view value) {
  json.Key(name);
  json.String(value);
}

void WriteRow(const LostAndFound& found, const DbSource& source, std::string& out) {
  const Copy& copy = found.copy;
  mvcc::KeyValue kv;
  mvcc::ParseKeyValue(ValueOf(copy, source.bytes), kv);
  text::JsonWriter json(out);
  json.BeginMap();
  WriteText(json, "schema", "etcdmedic.lost-and-found/v1");
  WriteBytes(json, "key", kv.key);
  WriteNumber(json, "mod_revision", copy.main);
  WriteNumber(json, "sub_revision", copy.sub);
  json.Key("deleted");
  json.Bool(copy.tombstone);
  WriteText(json, "lost_and_found_reason", NameOf(found.reason));
  WriteText(json, "origin", NameOf(copy.origin));
  WriteText(json, "confidence", NameOf(copy.confidence));
  WriteText(json, "file", source.name);
  WriteNumber(json, "offset", static_cast<int64_t>(copy.place));
  if (!copy.tombstone) {
    WriteNumber(json, "create_revision", kv.create_revision);
    WriteNumber(json, "version", kv.version);
    if (kv.lease != 0) WriteText(json, "lease_id", fmt::format("{:x}", static_cast<uint64_t>(kv.lease)));
    WriteBytes(json, "value", kv.value);
  }
  json.EndMap();
  out += '\n';
}

// What an entry puts, where nothing tells at which revision.
void WriteRow(const Unplaced& put, std::string& out) {
  text::JsonWriter json(out);
  json.BeginMap();
  WriteText(json, "schema", "etcdmedic.lost-and-found/v1");
  WriteBytes(json, "key", put.key);
  WriteText(json, "lost_and_found_reason", "unplaced");
  WriteText(json, "origin", NameOf(Origin::kLog));
  WriteText(json, "confidence", NameOf(Confidence::kCertain));
  WriteText(json, "file", put.log);
  WriteNumber(json, "index", static_cast<int64_t>(put.index));
  if (put.lease != 0) WriteText(json, "lease_id", fmt::format("{:x}", static_cast<uint64_t>(put.lease)));
  WriteBytes(json, "value", put.value);
  json.EndMap();
  out += '\n';
}

}  // namespace

Result<void> WriteLostAndFound(const Salvaged& salvaged, const std::vector<DbSource>& sources,
                               const WriteLines& write) {
  std::string lines;
  const auto write_block = [&]() -> Result<void> {
    if (lines.size() < kBlock) return {};
    RETURN_IF_ERROR(write(lines));
    lines.clear();
    return {};
  };
  for (const LostAndFound& found : salvaged.lost_and_found()) {
    WriteRow(found, sources[found.copy.source], lines);
    RETURN_IF_ERROR(write_block());
  }
  for (const Unplaced& put : salvaged.log().unplaced) {
    WriteRow(put, lines);
    RETURN_IF_ERROR(write_block());
  }
  return lines.empty() ? Result<void>{} : write(lines);
}

}  // namespace etcdmedic::salvage
