// SPDX-License-Identifier: Apache-2.0
// The log completed with entries of other members.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

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

// How far one member can fill a hole from `first` on: with entries that it holds and knows to be committed.
uint64_t ReachOf(const Sibling& other, uint64_t first, uint64_t last) {
  return std::min({last, other.Committed(), other.state->log.ContiguousFrom(first)});
}

// Those entries; nothing where they cannot be read, or do not fit between the terms around them.
std::vector<raft::Entry> TakeFrom(const Sibling& other, const Hole& piece, uint64_t term_before,
                                  std::optional<uint64_t> term_after) {
  std::vector<raft::Entry> entries;
  Taker taker(other.state->log, piece.first, piece.last, entries);
  for (size_t i = 0; i < other.state->log.segments.size(); ++i)
    member::ReadSegmentAgain(*other.state, i, taker);
  if (entries.empty() || entries.front().index != piece.first || entries.back().index != piece.last)
    return {};
  const bool fits =
      term_before <= entries.front().term && entries.back().term <= term_after.value_or(UINT64_MAX);
  return fits ? entries : std::vector<raft::Entry>();
}

// Entries for all holes, and which member each part of them is from.
class Filling {
 public:
  explicit Filling(const Draft& draft) : draft_(draft) {}

  // False where a part of the hole stays open.
  bool Fill(const Hole& hole) {
    for (uint64_t next = hole.first; next <= hole.last; next = entries.back().index + 1) {
      if (!FillFrom(next, hole)) return false;
    }
    return true;
  }

  std::vector<raft::Entry> entries;
  std::vector<std::string> provenance;
  std::set<const Sibling*> sources;

 private:
  // From whichever member leads on furthest.
  bool FillFrom(uint64_t next, const Hole& hole) {
    std::vector<std::pair<uint64_t, const Sibling*>> others;
    for (const Sibling& other : draft_.options.siblings) {
      if (const uint64_t reach = ReachOf(other, next, hole.last); reach >= next)
        others.emplace_back(reach, &other);
    }
    std::ranges::stable_sort(others, std::greater(), &decltype(others)::value_type::first);
    for (const auto& [reach, other] : others) {
      const auto taken = TakeFrom(*other, {next, reach}, TermBefore(next), TermAfter(hole));
      if (taken.empty()) continue;
      entries.insert(entries.end(), taken.begin(), taken.end());
      provenance.push_back(fmt::format("{} of term {}: the log of {}", raft::NameEntries(next, reach),
                                       taken.front().term, other->name));
      sources.insert(other);
      return true;
    }
    return false;
  }

  uint64_t TermBefore(uint64_t index) const {
    if (!entries.empty() && entries.back().index + 1 == index) return entries.back().term;
    return draft_.state.log.TermAt(index - 1).value_or(0);
  }
  std::optional<uint64_t> TermAfter(const Hole& hole) const { return draft_.state.log.TermAt(hole.last + 1); }

  const Draft& draft_;
};

Step StepOf(const Draft& draft, const std::vector<Hole>& holes, Filling filling, std::vector<Edit> edits) {
  Step step{.heals = draft.CodesOfLog(), .edits = std::move(edits)};
  uint64_t count = 0;
  for (const Hole& hole : holes) count += hole.last - hole.first + 1;
  step.title = fmt::format("rewrite the log with {} of {}, from {} to {}; set the old segments aside",
                           count == 1 ? "an entry" : fmt::format("{} entries", count),
                           filling.sources.size() == 1 ? "another member" : "other members",
                           holes.front().first, holes.back().last);
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
    Filling filling(draft);
    if (holes.empty() || !std::ranges::all_of(holes, [&](const Hole& hole) { return filling.Fill(hole); }))
      continue;
    auto edits = RebuildLog(draft.state, base, reach, filling.entries);
    if (edits && draft.Add(StepOf(draft, holes, std::move(filling), std::move(*edits)))) return true;
  }
  return false;
}

}  // namespace etcdmedic::plan
