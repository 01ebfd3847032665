// SPDX-License-Identifier: Apache-2.0
#include "views/etcdctl_json.h"

#include "base/secret_mask.h"
#include "diag/naming_sink.h"
#include "k8s/secrets.h"
#include "mvcc/backend.h"
#include "raft/entry.h"
#include "render/text.h"
#include "wal/frame.h"

namespace etcdmedic::tool {
namespace {

// The metadata record is directly after the crc record that starts a segment.
std::optional<raft::Metadata> MetadataOf(const member::Layout& layout) {
  if (layout.segments.empty()) return std::nullopt;
  const auto map = MappedFile::Open(layout.segments.back().path);
  if (!map) return std::nullopt;
  uint64_t offset = 0;
  for (int records = 0; records < 4; ++records) {
    wal::Frame frame;
    wal::Record record;
    raft::Metadata metadata;
    if (wal::ReadFrame(map->bytes(), offset, frame) != wal::FrameFault::kNone) break;
    if (!wal::ParseRecord(frame, record)) break;
    if (record.type == wal::RecordType::kMetadata && raft::ParseMetadata(record.data, metadata))
      return metadata;
    offset = frame.end();
  }
  return std::nullopt;
}

// Number fields are left out where they are 0, as Go's encoder does.
template <class T>
void AppendNumber(std::string& out, std::string_view name, T number) {
  if (number == 0) return;
  if (out.back() != '{') out += ',';
  out += fmt::format("\"{}\":{}", name, number);
}

void AppendText(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  if (out.back() != '{') out += ',';
  out += fmt::format("\"{}\":\"{}\"", name, render::Base64(AsBytes(text)));
}

// A secret as well is base64 of what is shown in its place, so that programs can read the document.
std::string KeyValueText(const Context& context, const mvcc::KeyValue& kv, bool keys_only) {
  std::string out = "{";
  AppendText(out, "key", kv.key);
  AppendNumber(out, "create_revision", kv.create_revision);
  AppendNumber(out, "mod_revision", kv.mod_revision);
  AppendNumber(out, "version", kv.version);
  const bool hidden = context.hides_values() && k8s::HoldsSecret(kv.key, AsBytes(kv.value));
  if (!keys_only) AppendText(out, "value", hidden ? kSecretMask : std::string_view(kv.value));
  AppendNumber(out, "lease", kv.lease);
  return out + "}";
}

std::string HeaderText(const OpenedStore& opened) {
  const EtcdctlHeader header = HeaderOf(opened);
  std::string out = "{";
  AppendNumber(out, "cluster_id", header.cluster_id);
  AppendNumber(out, "member_id", header.member_id);
  AppendNumber(out, "revision", header.revision);
  AppendNumber(out, "raft_term", header.raft_term);
  return out + "}";
}

}  // namespace

EtcdctlHeader HeaderOf(const OpenedStore& opened) {
  const auto metadata = MetadataOf(opened.layout).value_or(raft::Metadata{});
  diag::NoSink reported;  // by the check
  return {metadata.cluster_id, metadata.node_id, opened.store->current_revision(),
          mvcc::ReadBackendState(*opened.store, reported).term.value_or(0)};
}

Result<uint64_t> WriteEtcdctlRange(Context& context, const OpenedStore& opened, const KeyQuery& query) {
  const auto at = opened.store->RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  context.out.Print("{{\"header\":{}", HeaderText(opened));
  uint64_t written = 0;
  const auto count = mvcc::VisitKeys(*opened.store, query, [&](const mvcc::KeyValue& kv) {
    context.out.Write(written++ == 0 ? ",\"kvs\":[" : ",");
    context.out.Write(KeyValueText(context, kv, query.keys_only));
    return !context.out.closed();
  });
  if (!count) return count;
  if (written > 0) context.out.Write("]");
  if (*count > written && !query.count_only) context.out.Write(",\"more\":true");
  if (*count > 0) context.out.Print(",\"count\":{}", *count);
  context.out.Write("}\n");
  return count;
}

void WriteEtcdctlHistory(Context& context, const OpenedStore& opened,
                         const std::vector<mvcc::Change>& changes) {
  context.out.Print("{{\"Header\":{},\"Events\":[", HeaderText(opened));
  bool first = true;
  for (const mvcc::Change& change : changes) {
    mvcc::KeyValue kv = change.kv;
    if (change.tombstone) kv.mod_revision = change.revision.main;  // its message has the key alone
    context.out.Print("{}{{{}\"kv\":{}}}", first ? "" : ",", change.tombstone ? "\"type\":1," : "",
                      KeyValueText(context, kv, false));
    first = false;
  }
  context.out.Write("],\"CompactRevision\":0,\"Canceled\":false,\"Created\":false}\n");
}

}  // namespace etcdmedic::tool
