// SPDX-License-Identifier: Apache-2.0
#include "views/report_document.h"

#include <algorithm>

#include "views/member_fields.h"
#include "views/verify_members.h"

namespace etcdmedic::tool {
namespace {

using render::Document;

void WriteSegment(Document& document, const report::SegmentMap& segment) {
  document.Field("file", segment.file);
  document.Field("size", segment.size);
  document.FieldIf("first_index", segment.first_index);
  document.FieldIf("last_index", segment.last_index);
  document.Field("record_count", segment.records);
  document.Field("unused_size", segment.unused_size);
  document.Field("damage_count", segment.damages);
  document.Field("damaged_size", segment.damaged_size);
}

void WriteGroup(Document& document, const report::PageGroup& group) {
  document.Field("page_state", NameOf(group.state));
  if (group.state == report::PageState::kBucket) document.Field("bucket", group.bucket);
  document.Field("page_count", group.pages);
}

// Neighbouring cells of one group as one run.
void WriteMap(Document& document, const report::PageMap& map) {
  document.List("page_groups", map.groups, [&](const auto& group) { WriteGroup(document, group); });
  document.Key("page_runs");
  document.BeginList();
  for (size_t begin = 0, end = 0; begin < map.cells.size(); begin = end) {
    while (end < map.cells.size() && map.cells[end] == map.cells[begin]) ++end;
    const report::PageGroup& group = map.groups[map.cells[begin]];
    document.BeginMap();
    document.Field("first_page", begin * map.pages_a_cell);
    document.Field("last_page", std::min(end * map.pages_a_cell, map.pages) - 1);
    document.Field("page_state", NameOf(group.state));
    if (group.state == report::PageState::kBucket) document.Field("bucket", group.bucket);
    document.EndMap();
  }
  document.EndList();
}

void WriteUse(Document& document, const objects::SpaceUse& use) {
  document.Field("key_count", use.keys);
  document.Field("size", use.size);
  document.Field("revision_count", use.revisions);
  document.Field("history_size", use.history);
}

void WriteGrouping(Document& document, std::string_view list, std::string_view name,
                   const report::Grouping& grouping) {
  document.List(list, grouping.largest, [&](const report::SpaceGroup& group) {
    document.FieldIf(name, group.name);
    WriteUse(document, group.use);
  });
}

void WriteKeys(Document& document, std::string_view list, const std::vector<report::LargeKey>& keys) {
  document.List(list, keys, [&](const report::LargeKey& key) {
    document.Field("key", key.key);
    document.Field("value_size", key.value_size);
    document.Field("revision_count", key.revisions);
    document.Field("history_size", key.history);
    document.Field("mod_revision", key.mod_revision);
  });
}

void WriteLease(Document& document, const mvcc::Lease& lease) {
  document.Field("lease_id", Hex(static_cast<uint64_t>(lease.id)));
  document.Field("lease_id_decimal", fmt::format("{}", lease.id));
  document.Field("known", lease.known);
  if (lease.known) document.Field("ttl", lease.ttl);
  document.FieldIf("remaining_ttl", lease.remaining_ttl);
  document.Field("key_count", lease.keys.size());
}

void WriteKeySpace(Document& document, const report::KeySpace& keys) {
  document.Field("history_size", keys.total.history);
  document.Field("deleted_key_count", keys.deleted);
  document.Field("object_count", keys.of_kubernetes);
  WriteGrouping(document, "resources", "resource", keys.kinds);
  WriteGrouping(document, "namespaces", "namespace", keys.namespaces);
  WriteGrouping(document, "prefixes", "prefix", keys.prefixes);
  document.List("revision_bars", keys.histogram.bars(), [&](const report::RevisionBar& bar) {
    document.Field("first_revision", bar.first);
    document.Field("last_revision", bar.last);
    document.Field("live_count", bar.live);
    document.Field("history_count", bar.history);
    document.Field("deleted_count", bar.deleted);
  });
  WriteKeys(document, "largest_keys", keys.largest);
  WriteKeys(document, "rewritten_keys", keys.rewritten);
  document.List("leases", keys.leases, [&](const mvcc::Lease& lease) { WriteLease(document, lease); });
}

void WriteMemberReport(Document& document, const ReportedMember& member, const check::Standing* standing) {
  const member::MemberState& state = *member.state;
  const check::Report& checked = *member.checked;
  document.Field("path", state.layout.given);
  document.Field("path_kind", NameOf(state.layout.kind));
  document.Field("running", state.in_use.running);
  document.Field("sound", checked.sound());
  if (standing != nullptr) {
    document.Field("role", NameOf(standing->role));
    WriteStandingFields(document, *standing);
  }
  WritePrediction(document, "prediction", checked.version, checked.prediction);
  document.List("predictions", member.predictions,
                [&](const auto& each) { WritePrediction(document, each.version, each.prediction); });
  WriteNextSteps(document, member.next);
  WriteFindings(document, checked.findings);
  const auto& keys = member.gathered.key_space;
  WriteLogFields(document, state);
  document.List("segments", member.gathered.segments,
                [&](const auto& segment) { WriteSegment(document, segment); });
  WriteElectionFields(document, member.elections);
  if (state.backend && state.db_map) {
    WriteBackendFields(document, state, keys ? std::optional(keys->total.keys) : std::nullopt);
    document.List("members", state.backend->membership.members,
                  [&](const cluster::Member& each) { WriteMember(document, each); });
    document.Ids("removed_members", state.backend->membership.removed);
  }
  if (member.gathered.pages) WriteMap(document, *member.gathered.pages);
  if (keys) WriteKeySpace(document, *keys);
}

}  // namespace

void WriteReport(Document& document, const ReportData& data) {
  document.Field("sound", data.sound());
  if (data.comparison) {
    WriteComparisonFields(document, *data.comparison);
    WriteFindings(document, data.comparison->findings);
    document.Texts("next_steps", data.advice);
  }
  size_t number = 0;
  document.List("reports", data.members, [&](const ReportedMember& member) {
    WriteMemberReport(document, member, data.comparison ? &data.comparison->standings[number++] : nullptr);
  });
}

}  // namespace etcdmedic::tool
