// SPDX-License-Identifier: Apache-2.0
#include "mvcc/backend.h"

#include "bolt/view.h"

namespace etcdmedic::mvcc {
namespace {

std::optional<uint64_t> BigEndian(Bytes value) { return ByteReader(value).Big<uint64_t>(); }

void ReadMeta(const bolt::View& view, BackendState& state) {
  view.ForEach("meta", [&](Bytes key, Bytes value) {
    const std::string_view name = AsText(key);
    if (name == "consistent_index") state.consistent_index = BigEndian(value);
    if (name == "term") state.term = BigEndian(value);
    if (name == "confState") state.conf_state_json = AsText(value);
    if (name == "storageVersion") state.storage_version = AsText(value);
    if (name == "finishedCompactRev" && value.size() >= 8)
      state.compact_revision = static_cast<int64_t>(*BigEndian(value));
    return true;
  });
}

}  // namespace

std::optional<BackendState> ReadBackendState(Bytes db, const std::string& file, diag::FindingSink& sink) {
  const auto view = bolt::View::Open(db, file, sink);
  if (!view) return std::nullopt;
  BackendState state;
  state.txid = view->meta().txid;
  state.page_size = view->meta().page_size;
  ReadMeta(*view, state);
  view->ForEach("cluster", [&](Bytes key, Bytes value) {
    if (AsText(key) == "clusterVersion") state.cluster_version = AsText(value);
    return true;
  });
  view->ForEach("members", [&](Bytes key, Bytes value) {
    state.members.emplace_back(AsText(key), AsText(value));
    return true;
  });
  view->ForEach("members_removed", [&](Bytes key, Bytes) {
    state.removed_members.emplace_back(AsText(key));
    return true;
  });
  if (const auto last = view->LastKey("key"); last && last->size() >= 8) {
    state.revision = static_cast<int64_t>(*BigEndian(*last));
  }
  return state;
}

}  // namespace etcdmedic::mvcc
