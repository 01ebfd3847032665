// SPDX-License-Identifier: Apache-2.0
#include "plan/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crc32c.h"
#include "plan/backend_faults.h"
#include "raft/entry.h"

namespace etcdmedic::plan {
namespace {

using diag::Code;

// One number for a record's type and data. Equal data has equal numbers; that two different records share one
// does not matter beside the other tests.
uint64_t Print(const wal::Record& record) {
  return (uint64_t{Crc32c(record.data, static_cast<uint32_t>(record.type))} << 32) ^ record.data.size();
}

// What the segment must start from where its own crc record is the one that is damaged; nothing where that
// record can be believed, which holds in whatever order the segments stand.
std::optional<uint32_t> SeedOf(const raft::Log& log, size_t at) {
  const bool damaged = std::ranges::any_of(log.segments[at].damages, [](const wal::Damage& damage) {
    return damage.offset == 0 && !damage.healings.empty() && damage.record &&
           damage.record->type == wal::RecordType::kCrc;
  });
  if (!damaged) return std::nullopt;
  return at == 0 ? 0 : log.segments[at - 1].chain.end_crc;
}

// The log of each moment is mapped on its own, so that what was read counts as memory once for each of them.
void ReleasePagesOf(const member::MemberState& state, Bytes segment) {
  for (const MappedFile& map : state.maps) {
    if (map.bytes().data() == segment.data()) map.ReleasePages();
  }
}

// What can be read of a log, whatever the order of its segments.
class Reading final : public wal::SegmentVisitor {
 public:
  explicit Reading(const member::MemberState& state) {
    const raft::Log& log = state.log;
    for (size_t i = 0; i < log.segments.size(); ++i) {
      wal::ReadSegment(log.segments[i].bytes, {SeedOf(log, i), i + 1 == log.segments.size()}, *this);
      ReleasePagesOf(state, log.segments[i].bytes);
    }
    for (auto* prints : {&sound_, &readable_}) {
      std::ranges::sort(*prints);
      prints->erase(std::unique(prints->begin(), prints->end()), prints->end());  // copies count once
    }
  }

  void OnRecord(const wal::Record& record) override {
    if (record.type == wal::RecordType::kCrc)
      return;  // it says what the segment before ends with, and no more
    sound_.push_back(Print(record));
    readable_.push_back(Print(record));
    NoteEntry(record);
  }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage& damage) override {
    if (damage.healings.empty() || !damage.record || damage.record->type == wal::RecordType::kCrc) return;
    readable_.push_back(Print(*damage.record));
    NoteEntry(*damage.record);
  }

  bool HoldsAllOf(const Reading& before) const {
    return std::ranges::includes(sound_, before.sound_) && std::ranges::includes(readable_, before.readable_);
  }

  // The first entry in any segment of `before`, within the two indexes, that is not here as it was; 0 where
  // all are. What a later leader replaced, here too, does not count.
  uint64_t FirstMissing(const Reading& before, uint64_t from, uint64_t to) const {
    uint64_t first = 0;
    for (const Place& entry : before.all_) {
      if (entry.index < from || entry.index > to || (first != 0 && entry.index >= first)) continue;
      const auto next = std::ranges::upper_bound(entries_, entry.index, {}, &Place::index);
      const bool same = next != entries_.begin() && *std::prev(next) == entry;
      const bool replaced = next != entries_.begin() && std::prev(next)->term > entry.term;
      if (!same && !replaced) first = entry.index;
    }
    return first;
  }

 private:
  struct Place {
    uint64_t index;
    uint64_t term;
    uint64_t print;
    friend bool operator==(const Place&, const Place&) = default;
  };

  // Later entries replace those from their index on, as etcd reads them.
  void NoteEntry(const wal::Record& record) {
    raft::Entry entry;
    if (record.type != wal::RecordType::kEntry || !raft::ParseEntry(record.data, entry)) return;
    while (!entries_.empty() && entries_.back().index >= entry.index) entries_.pop_back();
    entries_.push_back({entry.index, entry.term, Print(record)});
    all_.push_back(entries_.back());
  }

  std::vector<uint64_t> sound_, readable_;
  std::vector<Place> all_;      // entries as they are stored
  std::vector<Place> entries_;  // those that a reader of the whole log is left with, ascending
};

bool Serves(const Moment& moment) {
  return moment.report.prediction.outcome == startup::Outcome::kStarts ||
         moment.report.prediction.outcome == startup::Outcome::kRepairsAndStarts;
}

size_t Count(const Moment& moment, Code code) {
  return static_cast<size_t>(std::ranges::count(moment.report.findings, code, &diag::Finding::code));
}

// What follows where revisions are missing.
bool IsOfLoss(Code code) { return code == Code::kMvccRevisionGap || code == Code::kMvccHistory; }

// Errors about the backend: no step of the log may add one. Where a step loses revisions, and says so, more
// keys have gaps than could be seen while the page was unreadable.
size_t BackendErrors(const Moment& moment, bool lossy) {
  return static_cast<size_t>(std::ranges::count_if(moment.report.findings, [&](const diag::Finding& finding) {
    const std::string_view name = InfoOf(finding.code).name;
    return finding.severity >= diag::Severity::kError && !(lossy && IsOfLoss(finding.code)) &&
           (name.starts_with("DB-") || name.starts_with("MVCC-"));
  }));
}

bool MakesSegment(const Step& step) {
  return std::ranges::any_of(step.edits, [](const Edit& edit) {
    return edit.kind == EditKind::kCreate && edit.file.ends_with(".wal");
  });
}

uint64_t Applied(const Moment& moment) {
  return moment.state->backend ? moment.state->backend->consistent_index.value_or(0) : 0;
}

// A new log must hold every entry that the backend has not applied, but for those that the step names as
// lost.
std::string ReasonAgainstLog(const Step& step, const Moment& before, const Moment& after) {
  const Reading old(*before.state), fresh(*after.state);
  uint64_t missing =
      fresh.FirstMissing(old, Applied(before) + 1, step.lost_first == 0 ? UINT64_MAX : step.lost_first - 1);
  if (missing == 0 && step.lost_first != 0 && step.lost_last != 0)
    missing = fresh.FirstMissing(old, step.lost_last + 1, UINT64_MAX);
  return missing == 0 ? "" : fmt::format("entry {} would be lost silently", missing);
}

// Or makes one where there was none.
bool ChangesBackend(const Step& step, const Moment& before, const Moment& after) {
  const auto edits = [&](const member::File& db) {
    return std::ranges::find(step.edits, db.name, &Edit::file) != step.edits.end();
  };
  return std::ranges::any_of(before.state->layout.db, edits) ||
         std::ranges::any_of(after.state->layout.db, edits);
}

// A backend that was changed must keep every rule that there is, and the log must lead on from it. Where it
// is left to etcd to make one, etcd must do so.
std::string ReasonAgainstBackend(const Step& step, const Moment& before, const Moment& after) {
  std::vector<Code> faults = BackendFaults(after.report.findings);
  // Where revisions are lost, and the step says so, the others have gaps between them.
  if (step.safety == Safety::kLossy) std::erase_if(faults, IsOfLoss);
  if (!faults.empty()) return "the backend would still be damaged";
  if (!after.state->has_db)
    return startup::IsGood(after.report.prediction.outcome) ? "" : "etcd would not start";
  if (!after.state->backend || !after.state->db->sound) return "the backend would still be damaged";
  const uint64_t applied = Applied(after);
  const bool index_is_wrong = std::ranges::find(step.heals, Code::kDbAhead) != step.heals.end();
  uint64_t known = std::max(index_is_wrong ? 0 : Applied(before), before.state->log.last_index());
  if (step.lost_first != 0) known = std::min(known, step.lost_first - 1);
  if (std::max(after.state->log.ContiguousFrom(applied + 1), applied) >= known) return "";
  return fmt::format("the log does not hold entry {}, which the backend would lack", applied + 1);
}

bool AnswersSomething(const Step& step, const Moment& before, const Moment& after) {
  if (Serves(after) && !Serves(before)) return true;
  return std::ranges::any_of(step.heals, [&](Code code) { return Count(after, code) < Count(before, code); });
}

// A snapshot that can be read is set aside only where etcd is known to start without it.
bool SetsSnapshotAside(const Step& step, const Moment& before) {
  return std::ranges::any_of(before.state->snapshots, [&](const member::SnapFile& file) {
    return file.content && std::ranges::find(step.edits, file.file, &Edit::file) != step.edits.end();
  });
}

}  // namespace

std::string ReasonAgainst(const std::vector<Step>& steps, const Moment& before, const Moment& after) {
  if (Serves(before) && !Serves(after)) return "etcd starts now, and would not afterwards";
  const bool lossy =
      std::ranges::any_of(steps, [](const Step& step) { return step.safety == Safety::kLossy; });
  if (BackendErrors(after, lossy) > BackendErrors(before, lossy))
    return "the backend and the log would contradict each other more";
  for (const Step& step : steps) {
    if (!step.asked_for && !AnswersSomething(step, before, after))
      return "what it should answer would be there as before";
    if (ChangesBackend(step, before, after)) {
      if (std::string reason = ReasonAgainstBackend(step, before, after); !reason.empty()) return reason;
    }
    if (SetsSnapshotAside(step, before) && !Serves(after))
      return "etcd would not start without the snapshots either";
    if (!MakesSegment(step)) continue;
    if (std::string reason = ReasonAgainstLog(step, before, after); !reason.empty()) return reason;
  }
  if (std::ranges::any_of(steps, MakesSegment)) return "";
  return Reading(*after.state).HoldsAllOf(Reading(*before.state)) ? "" : "sound records would be changed";
}

}  // namespace etcdmedic::plan
