// SPDX-License-Identifier: Apache-2.0
// The log completed with entries of other members.
#include <fmt/format.h>

#include <algorithm>

#include "plan/draft.h"
#include "plan/edit.h"
#include "plan/rebuild.h"

namespace etcdmedic::plan {
namespace {

// Collects the sound entries of [first, last] that survive in the log which they are of.
class Taker final : public wal::SegmentVisitor {
 public:
  Taker(const raft::Log& log, uint64_t first, uint64_t last, std::vector<raft::Entry>& out)
      : log_(log), first_(first), last_(last), out_(out) {}

  void OnRecord(const wal::Record& record) override {
    raft::Entry entry;
    if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
    if (entry.index < first_ || entry.index > last_ || log_.TermAt(entry.index) != entry.term) return;
    if (out_.empty() || entry.index == out_.back().index + 1) out_.push_back(entry);
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage&) override {}

 private:
  const raft::Log& log_;
  const uint64_t first_, last_;
  std::vector<raft::Entry>& out_;
};

// All of [first, last] from one member; nothing where it does not hold them, or does not know them to be
// committed, or where its terms do not fit between those around the hole.
std::vector<raft::Entry> TakeFrom(const Sibling& other, const raft::Log& own, uint64_t first, uint64_t last) {
  const raft::Log& log = other.state->log;
  if (other.Committed() < last || log.ContiguousFrom(first) < last) return {};
  std::vector<raft::Entry> entries;
  Taker taker(log, first, last, entries);
  for (size_t i = 0; i < log.segments.size(); ++i) member::ReadSegmentAgain(*other.state, i, taker);
  if (entries.empty() || entries.front().index != first || entries.back().index != last) return {};
  const auto before = own.TermAt(first - 1), after = own.TermAt(last + 1);
  const bool fits = before.value_or(0) <= entries.front().term &&
                    entries.back().term <= after.value_or(entries.back().term);
  return fits ? entries : std::vector<raft::Entry>();
}

struct Hole {
  uint64_t first = 0;
  uint64_t last = 0;
};

std::vector<Hole> HolesOf(const raft::Log& log, uint64_t first, uint64_t last) {
  std::vector<Hole> holes;
  uint64_t next = first;
  for (const raft::Run& run : log.surviving) {
    if (run.last < next) continue;
    if (run.first > last) break;
    if (run.first > next) holes.push_back({next, run.first - 1});
    next = run.last + 1;
  }
  if (next <= last) holes.push_back({next, last});
  return holes;
}

struct Filling {
  std::vector<raft::Entry> entries;
  std::vector<std::string> provenance;
};

// What fills every hole; nothing where one stays open.
std::optional<Filling> Fill(const Draft& draft, const std::vector<Hole>& holes) {
  Filling filling;
  for (const Hole& hole : holes) {
    bool filled = false;
    for (const Sibling& other : draft.options.siblings) {
      const auto entries = TakeFrom(other, draft.state.log, hole.first, hole.last);
      if (entries.empty()) continue;
      filling.entries.insert(filling.entries.end(), entries.begin(), entries.end());
      filling.provenance.push_back(fmt::format("{} of term {}: the log of {}",
                                               raft::NameEntries(hole.first, hole.last), entries.front().term,
                                               other.name));
      filled = true;
      break;
    }
    if (!filled) return std::nullopt;
  }
  return filling;
}

Step StepOf(const Draft& draft, const std::vector<Hole>& holes, Filling filling, std::vector<Edit> edits) {
  Step step{.heals = draft.CodesOfLog(), .edits = std::move(edits)};
  uint64_t count = 0;
  for (const Hole& hole : holes) count += hole.last - hole.first + 1;
  step.title = fmt::format(
      "rewrite the log with {} of another member, from {} to {}; set the old segments aside",
      count == 1 ? "an entry" : fmt::format("{} entries", count), holes.front().first, holes.back().last);
  step.why =
      "the members agree on the terms of all committed entries that both hold, so that they hold the same "
      "entries; these are committed";
  step.provenance = std::move(filling.provenance);
  return step;
}

}  // namespace

bool PlanBorrowed(Draft& draft) {
  if (draft.options.siblings.empty() || !draft.TailWhole()) return false;
  const uint64_t reach = draft.KnownReach();
  for (const Base& base : BasesOf(draft.state)) {
    const auto holes = HolesOf(draft.state.log, base.index + 1, reach);
    auto filling = holes.empty() ? std::nullopt : Fill(draft, holes);
    if (!filling) continue;
    auto edits = RebuildLog(draft.state, base, reach, filling->entries);
    if (edits && draft.Add(StepOf(draft, holes, std::move(*filling), std::move(*edits)))) return true;
  }
  return false;
}

}  // namespace etcdmedic::plan
