// SPDX-License-Identifier: Apache-2.0
// A new db of the records that stand on any page of the old one, with what the log has written since it
// begins; and the db that a leader sent, which etcd keeps beside its own.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/try.h"
#include "plan/backend_ways.h"
#include "plan/edit.h"
#include "plan/rebuild.h"
#include "salvage/copies.h"
#include "salvage/salvage.h"

namespace etcdmedic::plan {

using salvage::Confidence;
using salvage::Losses;
using salvage::Origin;
using salvage::Span;

namespace {

struct Gathered {
  std::vector<salvage::DbSource> sources;
  std::vector<salvage::LogSource> logs;
  salvage::LogHistory log;
  salvage::Salvaged salvaged;
};

// The log as it was when the backend had applied the entries up to `applied`: the records that later ones
// make are not the backend's, and etcd makes them.
salvage::LogSource LogUpTo(const Draft& draft, uint64_t applied) {
  salvage::LogSource source = salvage::ReadLogSource("the log", LogInputs(draft));
  raft::Log& log = source.log;
  std::erase_if(log.surviving, [&](const raft::Run& run) { return run.first > applied; });
  if (!log.surviving.empty()) log.surviving.back().last = std::min(log.surviving.back().last, applied);
  std::erase_if(log.snapshots, [&](const raft::SnapshotMark& mark) { return mark.index > applied; });
  if (log.state) log.state->commit = std::min(log.state->commit, applied);
  return source;
}

// Null where nothing can be read.
std::unique_ptr<Gathered> Gather(const Draft& draft) {
  auto made = std::make_unique<Gathered>();
  made->sources.push_back(salvage::OpenDbSource(Db(draft), DbName(draft), 0, false));
  const auto applied = made->sources.front().consistent_index;
  if (!made->sources.front().readable || !applied) return nullptr;
  made->logs.push_back(LogUpTo(draft, *applied));
  auto copies = salvage::FindCopies(made->sources, 0);
  made->log = salvage::HistoryOf(made->logs, made->sources, copies);
  made->salvaged = salvage::Salvage(made->sources, std::move(copies), made->log, {});
  return made->salvaged.records().empty() ? nullptr : std::move(made);
}

std::string NameOf(const Span& span) {
  return span.first == span.last ? fmt::format("revision {}", span.first)
                                 : fmt::format("revisions {} to {}", span.first, span.last);
}

// By key and revision, as far as it is known.
std::string NameLosses(const Losses& losses, uint64_t doubtful) {
  constexpr size_t kMostNamed = 20;
  std::vector<std::string> lost;
  for (const Span& gap : losses.gaps) lost.push_back("the changes of " + NameOf(gap));
  for (const int64_t main : losses.partial) lost.push_back(fmt::format("some changes of revision {}", main));
  for (const Span& span : losses.unproven)
    lost.push_back(
        fmt::format("keys that were last changed in {} and were on a lost page, if any", NameOf(span)));
  for (const std::string& key : losses.suspects)
    lost.push_back(fmt::format("the deletion of \"{}\", if it was deleted before the compaction", key));
  for (const std::string& name : losses.buckets) lost.push_back("entries of bucket " + name);
  if (losses.tail) lost.emplace_back("the newest changes, if there were any");
  if (doubtful > 0)
    lost.push_back(fmt::format("the right content of {} records, if another copy is", doubtful));
  std::string text;
  for (size_t i = 0; i < std::min(lost.size(), kMostNamed); ++i) text += (i == 0 ? "" : "; ") + lost[i];
  if (lost.size() > kMostNamed) text += fmt::format("; and {} more", lost.size() - kMostNamed);
  return text;
}

std::vector<std::string> ProvenanceOf(const salvage::Salvaged& salvaged) {
  constexpr std::pair<Origin, std::string_view> kOrigins[] = {
      {Origin::kLive, "from the tree of the newer meta page"},
      {Origin::kOlder, "from the tree of the older meta page"},
      {Origin::kFreed, "from pages that no meta page leads to"},
      {Origin::kOrphan, "from pages beyond those in use"},
      {Origin::kLog, "from the log"}};
  std::vector<std::string> lines;
  for (const auto& [origin, words] : kOrigins) {
    if (const uint64_t count = salvaged.CountOf(origin))
      lines.push_back(fmt::format("{} records {}", count, words));
  }
  return lines;
}

void PlanGathered(Draft& draft, bool lossy) {
  const std::string title =
      "write db again with the records of all of its pages and of the log; set the old file aside";
  if (!draft.state.whole() || draft.state.log.segments.empty() || draft.WasRefused(title)) return;
  const auto gathered = Gather(draft);
  if (!gathered) return;
  const salvage::Salvaged& salvaged = gathered->salvaged;
  const uint64_t doubtful = salvaged.CountOf(Confidence::kDoubtful);
  if ((salvaged.losses().any() || doubtful > 0) != lossy) return;
  auto edits = NewDb(draft, [&](bolt::PageSink& sink) -> Result<void> {
    const uint32_t page_size = draft.state.db->metas.page_size;
    const auto built = salvage::Write(salvaged, {}, sink, {.page_size = page_size}, salvage::Marked::kNo);
    if (!built) return Propagate(built);
    return {};
  });
  if (!edits) return;
  Step step = WayTo(
      draft, title,
      "a record is what etcd wrote where its revision key and its content agree, and it never changes; the "
      "log's entries are under their CRC",
      std::move(*edits));
  step.provenance = ProvenanceOf(salvaged);
  if (lossy) {
    step.safety = Safety::kLossy;
    step.loss = NameLosses(salvaged.losses(), doubtful);
  } else {
    step.why += "; no revision is missing";
  }
  draft.Add(std::move(step));
}

}  // namespace

void GatherRecords(Draft& draft) { PlanGathered(draft, false); }
void GatherWithLoss(Draft& draft) { PlanGathered(draft, true); }

void TakeSnapDb(Draft& draft) {
  for (const member::SnapDb& each : draft.state.snap_dbs) {
    if (!each.map || !each.db || !each.db->sound || !each.consistent_index) continue;
    auto edits = EditsForOlderBackend(draft, *each.consistent_index);
    if (!edits) continue;
    const std::string& name = DbName(draft);
    edits->push_back(RenameEdit(name, Db(draft), AsideName(draft.state, name)));
    edits->push_back(RenameEdit(each.file, each.map->bytes(), name));
    const bool added = draft.Add(WayTo(
        draft, fmt::format("take {} in place of db; set the old file aside", each.file),
        fmt::format("a leader sent it; it has applied entries up to {}, and the log holds all that follow",
                    *each.consistent_index),
        std::move(*edits)));
    if (added) return;
  }
}

}  // namespace etcdmedic::plan
