// SPDX-License-Identifier: Apache-2.0
#include "etcdctl_json.h"

#include "mvcc/backend.h"
#include "raft/entry.h"
#include "render/text.h"
#include "wal/frame.h"

namespace etcdmedic::tool {
namespace {

// The metadata record stands right behind the crc record that starts a segment.
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

std::string KeyValueText(const mvcc::KeyValue& kv, bool keys_only) {
  std::string out = "{";
  AppendText(out, "key", kv.key);
  AppendNumber(out, "create_revision", kv.create_revision);
  AppendNumber(out, "mod_revision", kv.mod_revision);
  AppendNumber(out, "version", kv.version);
  if (!keys_only) AppendText(out, "value", kv.value);
  AppendNumber(out, "lease", kv.lease);
  return out + "}";
}

}  // namespace

std::string EtcdctlHeader(const OpenedStore& opened) {
  const auto metadata = MetadataOf(opened.layout);
  diag::FindingList unused;
  const auto backend = mvcc::ReadBackendState(opened.map->bytes(), {}, unused);
  std::string out = "\"header\":{";
  AppendNumber(out, "cluster_id", metadata ? metadata->cluster_id : 0);
  AppendNumber(out, "member_id", metadata ? metadata->node_id : 0);
  AppendNumber(out, "revision", opened.store->current_revision());
  AppendNumber(out, "raft_term", backend && backend->term ? *backend->term : 0);
  return out + "}";
}

Result<uint64_t> WriteEtcdctlRange(Context& context, const OpenedStore& opened, const mvcc::KeyRange& range,
                                   const EtcdctlQuery& query) {
  const auto at = opened.store->RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  context.out.Print("{{{}", EtcdctlHeader(opened));
  uint64_t count = 0;
  const auto done = opened.store->Range(range, *at, [&](const mvcc::KeyValue& kv) {
    if (!query.count_only && (query.limit == 0 || count < query.limit)) {
      context.out.Write(count == 0 ? ",\"kvs\":[" : ",");
      context.out.Write(KeyValueText(kv, query.keys_only));
    }
    ++count;
    return !context.out.closed();
  });
  if (!done) return tl::make_unexpected(done.error());
  if (count > 0 && !query.count_only) context.out.Write("]");
  if (query.limit > 0 && count > query.limit && !query.count_only) context.out.Write(",\"more\":true");
  if (count > 0) context.out.Print(",\"count\":{}", count);
  context.out.Write("}\n");
  return count;
}

}  // namespace etcdmedic::tool
