// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "pages/report_page.h"
#include "render/text.h"
#include "views/member_fields.h"

namespace etcdmedic::tool {
namespace {

// What is large on the page, and what is said below it.
void Tile(html::Writer& page, std::string_view what, std::string_view value, std::string_view note = {}) {
  const auto tile = page.In("div");
  page.Element("dt", what);
  page.Element("dd", value);
  if (!note.empty()) page.Element("dd", note, {{"class", "note"}});
}

void WriteLogTiles(html::Writer& page, const member::MemberState& state) {
  const raft::Log& log = state.log;
  if (log.segments.empty()) return;
  Tile(page, "Log",
       log.surviving.empty() ? std::string("no entries")
                             : fmt::format("{} to {}", Grouped(log.first_index()), Grouped(log.last_index())),
       fmt::format("entries in {}, {}", Counted(log.segments.size(), "segment"),
                   render::HumanSize(SizeOf(state.layout.segments))));
  if (log.state)
    Tile(page, "Term", Grouped(log.state->term), fmt::format("committed to {}", Grouped(log.state->commit)));
}

void WriteKeyTiles(html::Writer& page, const member::MemberState& state,
                   const std::optional<report::KeySpace>& keys) {
  const mvcc::BackendState& backend = *state.backend;
  const std::string compacted = backend.compact_revision.value_or(-1) < 0
                                    ? std::string("never compacted")
                                    : fmt::format("compacted to {}", Grouped(*backend.compact_revision));
  Tile(page, "Revision", Grouped(backend.revision.value_or(1)), compacted);
  if (!keys) return;
  Tile(page, "Keys", Grouped(keys->total.keys),
       fmt::format("{} in {}", render::HumanSize(keys->total.size),
                   Counted(keys->total.revisions, "revision")));
}

void WriteBackendTiles(html::Writer& page, const member::MemberState& state) {
  const mvcc::BackendState& backend = *state.backend;
  std::string note;
  if (state.db && state.db->meta) {
    const uint64_t free = FreePagesOf(*state.db);
    note = fmt::format("{} in use, {} free",
                       render::HumanSize((state.db->pages.size() - free) * backend.page_size),
                       render::HumanSize(free * backend.page_size));
  }
  Tile(page, "Backend", render::HumanSize(SizeOf(state.layout.db)), note);
  if (backend.consistent_index)
    Tile(page, "Applied", Grouped(*backend.consistent_index),
         "consistent_index: the last entry in the backend");
}

std::string AlarmsText(const std::vector<mvcc::Alarm>& alarms) {
  std::string text;
  for (const mvcc::Alarm& alarm : alarms)
    text += fmt::format("{}{}", text.empty() ? "alarm " : ", ", NameOf(alarm.type));
  return text.empty() ? "no alarms" : text;
}

}  // namespace

void WriteFacts(html::Writer& page, const ReportedMember& member) {
  const member::MemberState& state = *member.state;
  const auto tiles = page.In("dl", {{"class", "tiles"}});
  const bool backend = state.backend && state.db_map;
  if (backend) WriteKeyTiles(page, state, member.gathered.key_space);
  if (backend) WriteBackendTiles(page, state);
  WriteLogTiles(page, state);
  if (!backend) return;
  const auto& membership = state.backend->membership;
  Tile(page, "Cluster", Counted(membership.Count(), "member"), AlarmsText(state.backend->alarms));
  const std::string& storage = state.backend->storage_version;
  const std::string& cluster = membership.cluster_version;
  if (!storage.empty() || !cluster.empty())
    Tile(page, "Version", cluster.empty() ? storage : cluster,
         storage.empty() ? std::string("of the cluster") : fmt::format("storage version {}", storage));
}

void WritePredictions(html::Writer& page, const ReportedMember& member, const std::string& id, int level) {
  if (member.checked->prediction.outcome == startup::Outcome::kUnknown) return;
  const Section section(page, level, "If etcd started on these files", id);
  PageTable table(page, "What each release of etcd would do",
                  {{"Release"}, {"Outcome"}, {"Message in its log"}, {"Why"}});
  for (const auto& [version, prediction] : member.predictions) {
    PageTable::Row row(table);
    row.Text(fmt::format("etcd {}.{}{}", version.major, version.minor,
                         version == member.checked->version ? " (detected)" : ""))
        .Text(WordsFor(prediction.outcome))
        .Text(prediction.message)
        .Text(prediction.explanation);
  }
}

}  // namespace etcdmedic::tool
