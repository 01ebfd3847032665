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

// Go leaves out what is 0 or empty. A secret as well is base64 of what is shown in its place, so that
// programs can read the document.
void WriteKeyValue(render::Document& document, const Context& context, const mvcc::KeyValue& kv,
                   bool keys_only) {
  const auto bytes = [&](std::string_view key, std::string_view text) {
    if (text.empty()) return;
    document.Key(key);
    document.Encoded(AsBytes(text));
  };
  bytes("key", kv.key);
  document.FieldIf("create_revision", kv.create_revision);
  document.FieldIf("mod_revision", kv.mod_revision);
  document.FieldIf("version", kv.version);
  const bool hidden = context.hides_values() && k8s::HoldsSecret(kv.key, AsBytes(kv.value));
  if (!keys_only) bytes("value", hidden ? kSecretMask : std::string_view(kv.value));
  document.FieldIf("lease", kv.lease);
}

}  // namespace

EtcdctlHeader HeaderOf(const OpenedStore& opened) {
  const auto metadata = MetadataOf(opened.layout).value_or(raft::Metadata{});
  diag::NoSink reported;  // by the check
  return {metadata.cluster_id, metadata.node_id, opened.store->current_revision(),
          mvcc::ReadBackendState(*opened.store, reported).term.value_or(0)};
}

void WriteHeader(render::Document& document, const EtcdctlHeader& header) {
  document.FieldIf("cluster_id", header.cluster_id);
  document.FieldIf("member_id", header.member_id);
  document.FieldIf("revision", header.revision);
  document.FieldIf("raft_term", header.raft_term);
}

Result<uint64_t> WriteEtcdctlRange(Context& context, const OpenedStore& opened, const KeyQuery& query) {
  const auto at = opened.store->RevisionOr(query.revision);
  if (!at) return tl::make_unexpected(at.error());
  Result<uint64_t> count = 0;
  WriteGoDocument(context, [&](render::Document& document) {
    document.Map("header", [&] { WriteHeader(document, HeaderOf(opened)); });
    uint64_t written = 0;
    count = mvcc::VisitKeys(*opened.store, query, [&](const mvcc::KeyValue& kv) {
      if (written++ == 0) {
        document.Key("kvs");
        document.BeginList();
      }
      document.BeginMap();
      WriteKeyValue(document, context, kv, query.keys_only);
      document.EndMap();
      return !context.out.closed();
    });
    if (written > 0) document.EndList();
    if (count && *count > written && !query.count_only) document.Field("more", true);
    document.FieldIf("count", count.value_or(0));
  });
  return count;
}

void WriteEtcdctlHistory(Context& context, const OpenedStore& opened,
                         const std::vector<mvcc::Change>& changes) {
  WriteGoDocument(context, [&](render::Document& document) {
    document.Map("Header", [&] { WriteHeader(document, HeaderOf(opened)); });
    document.List("Events", changes, [&](const mvcc::Change& change) {
      mvcc::KeyValue kv = change.kv;
      if (change.tombstone) {
        kv.mod_revision = change.revision.main;  // its message has the key alone
        document.Field("type", 1);
      }
      document.Map("kv", [&] { WriteKeyValue(document, context, kv, false); });
    });
    document.Field("CompactRevision", 0);
    document.Field("Canceled", false);
    document.Field("Created", false);
  });
}

}  // namespace etcdmedic::tool
