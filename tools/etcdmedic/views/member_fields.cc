// SPDX-License-Identifier: Apache-2.0
#include "views/member_fields.h"

#include <algorithm>

#include "inputs/present_state.h"

namespace etcdmedic::tool {
namespace {

void WriteTerm(render::Document& document, const raft::Term& term) {
  document.Field("term", term.term);
  document.Id("leader_id", term.leader);
  document.Field("leader_certain", term.leader_certain);
  document.FieldIf("began_at_index", term.first_index);
  document.FieldIf("first_index", term.first_entry);
  document.FieldIf("last_index", term.last_entry);
  document.List("votes", term.votes, [&](const raft::Vote& vote) {
    document.Id("member_id", vote.member);
    document.Id("candidate_id", vote.candidate);
  });
}

}  // namespace

uint64_t SizeOf(const std::vector<member::File>& files) {
  uint64_t size = 0;
  for (const member::File& file : files) size += file.size;
  return size;
}

uint64_t EntriesOf(const bolt::FileReport& report, std::string_view name) {
  const auto bucket = std::ranges::find(report.buckets, name, &bolt::BucketInfo::name);
  return bucket == report.buckets.end() ? 0 : bucket->entries;
}

uint64_t FreePagesOf(const bolt::FileReport& report) {
  return static_cast<uint64_t>(std::ranges::count(report.pages, bolt::PageUse::kFree, &bolt::PageInfo::use));
}

void WriteLogFields(render::Document& document, const member::MemberState& state) {
  if (state.log.metadata) {
    document.Id("member_id", state.log.metadata->node_id);
    document.Id("cluster_id", state.log.metadata->cluster_id);
  }
  if (!state.log.segments.empty()) {
    document.Field("segment_count", state.log.segments.size());
    document.Field("log_size", SizeOf(state.layout.segments));
    document.FieldIf("first_index", state.log.first_index());
    document.FieldIf("last_index", state.log.last_index());
  }
  if (state.log.state) {
    document.Field("term", state.log.state->term);
    document.Id("vote_id", state.log.state->vote);
    document.Field("commit", state.log.state->commit);
  }
  const member::SnapFile* const snap = state.NewestSnapshot();
  if (snap == nullptr) return;
  document.Map("snapshot", [&] {
    document.Field("file", snap->file);
    document.Field("index", snap->content->index);
    document.Field("term", snap->content->term);
  });
}

void WriteBackendFields(render::Document& document, const member::MemberState& state,
                        std::optional<uint64_t> keys) {
  const mvcc::BackendState& backend = *state.backend;
  document.Field("db_size", SizeOf(state.layout.db));
  if (state.db_map->compressed()) document.Field("unpacked_db_size", state.db_map->bytes().size());
  document.Field("page_size", backend.page_size);
  document.Field("transaction", backend.txid);
  if (state.db) {
    document.Field("used_page_count", state.db->pages.size() - FreePagesOf(*state.db));
    document.Field("free_page_count", FreePagesOf(*state.db));
  }
  document.Field("revision", backend.revision);
  document.Field("compact_revision", backend.compact_revision);
  if (state.db) document.Field("revision_count", EntriesOf(*state.db, "key"));
  document.Field("key_count", keys);
  if (state.db) document.Field("lease_count", EntriesOf(*state.db, "lease"));
  document.Field("consistent_index", backend.consistent_index);
  document.Field("applied_term", backend.term);
  document.FieldIf("storage_version", backend.storage_version);
  document.FieldIf("cluster_version", backend.membership.cluster_version);
  document.Field("member_count", backend.membership.Count());
  document.FieldIf("downgrade_target", backend.downgrade_target);
  WriteAlarms(document, backend.alarms);
}

void WriteElectionFields(render::Document& document, const raft::Elections& elections) {
  document.List("terms", elections.terms, [&](const raft::Term& term) { WriteTerm(document, term); });
  document.List("membership_changes", elections.membership, [&](const raft::MembershipChange& change) {
    document.Field("index", change.index);
    document.Field("term", change.term);
    document.Field("change", change.change);
    document.Id("member_id", change.member);
    document.FieldIf("name", change.name);
    if (!change.peer_urls.empty()) document.Texts("peer_urls", change.peer_urls);
  });
}

}  // namespace etcdmedic::tool
