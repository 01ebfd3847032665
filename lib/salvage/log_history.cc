// SPDX-License-Identifier: Apache-2.0
#include "salvage/log_history.h"

#include <algorithm>
#include <functional>

#include "diag/naming_sink.h"
#include "mvcc/auth.h"
#include "replay/backend_writer.h"
#include "replay/machine.h"
#include "salvage/anchors.h"
#include "salvage/beginning.h"
#include "salvage/copies.h"

namespace etcdmedic::salvage {
namespace {

using replay::LogEntry;
using replay::Machine;

// The buckets that a history from an empty cluster tells whole.
constexpr std::string_view kBuckets[] = {"alarm",   "auth",  "authRoles", "authUsers",
                                         "cluster", "lease", "members",   "members_removed"};
// How many entries of a run are tried as the place where it meets the records.
constexpr int kMostTries = 8;
// Of the records that both have so many may differ, and one in a hundred: flipped bits. More, and the two are
// of different histories, or the place is wrong.
constexpr uint64_t kMostContradictions = 8;

// How what a machine makes compares with what was found.
struct Score {
  uint64_t equal = 0;
  uint64_t differ = 0;
  bool credible() const { return differ <= kMostContradictions + equal / 100; }
};

// One way to apply a run of entries.
struct Play {
  Machine machine;
  Score score;
  std::map<int64_t, int64_t> compacted = {};
  size_t entries = 0;  // that were applied
};

// A torn tail was never acknowledged. Where a segment of another member is, one of this one was.
bool EndLost(const LogSource& source) {
  const raft::Log& log = source.log;
  if (raft::CommittedIn(log) > log.last_index()) return true;
  if (log.segments.empty()) return false;
  return log.segments.back().foreign ||
         std::ranges::any_of(log.segments.back().damages, [](const auto& damage) {
           return !damage.followed && damage.healings.empty() && damage.fault != wal::Fault::kTornTail;
         });
}

// Only the segment that is written to has space ahead.
bool EndShown(const LogSource& source) {
  if (source.log.segments.empty()) return false;
  const raft::Segment& last = source.log.segments.back();
  return last.damages.empty() && std::ranges::any_of(last.slack, [](const raft::SlackSpan& span) {
           return span.kind == wal::Slack::kZeroTail && span.length > 0;
         });
}

class HistoryBuilder {
 public:
  HistoryBuilder(const std::vector<LogSource>& logs, const std::vector<DbSource>& sources,
                 std::span<const Copy> copies)
      : logs_(logs), sources_(sources), copies_(copies), primary_(PrimaryOf(sources)) {
    if (primary_ != nullptr) compacted_ = primary_->compacted;
    floor_ = std::max<int64_t>(compacted_, 1);
  }

  LogHistory Build() {
    for (const EntryRun& run : CommittedRuns(logs_)) {
      const bool first = run.front().index == 1 && BeginEmpty(logs_);
      if ((first && FromEmpty(run)) || FromAnchor(run) || FromIndex(run)) continue;
      for (const LogEntry& entry : run) KeepUnplaced(entry);
    }
    history_.end_lost = std::ranges::any_of(logs_, EndLost);
    history_.end_shown = std::ranges::any_of(logs_, EndShown);
    return std::move(history_);
  }

 private:
  template <class Begin>
  std::optional<Play> Best(std::span<const LogEntry> entries, const Begin& begin) const {
    std::optional<Play> best;
    for (const unsigned minor : replay::kMinors) {
      Play play = Apply(entries, begin(replay::MachineOptions{.minor = minor}));
      if (!best || play.score.differ < best->score.differ) best = std::move(play);
      if (best->score.differ == 0) break;
    }
    if (!best->score.credible()) best.reset();
    return best;
  }

  Play Apply(std::span<const LogEntry> entries, Machine machine) const {
    Play play{std::move(machine), {}};
    int64_t compacted = play.machine.keys().compacted();
    for (const LogEntry& entry : entries) {
      if (play.machine.Apply(entry).effect == replay::Effect::kUnknown) break;
      ++play.entries;
      const replay::KeySpace& keys = play.machine.keys();
      if (keys.compacted() != compacted) play.compacted[keys.revision()] = compacted = keys.compacted();
    }
    play.score = Compare(play.machine.keys().records());
    return play;
  }

  // Both are in the order of revisions.
  Score Compare(const std::vector<replay::Record>& records) const {
    Score score;
    auto copy = copies_.begin();
    std::string value;
    for (const replay::Record& record : records) {
      const auto is_before = [&](const Copy& each) {
        return each.Revision() < std::pair(record.revision.main, static_cast<uint32_t>(record.revision.sub));
      };
      while (copy != copies_.end() && is_before(*copy)) ++copy;
      if (copy == copies_.end()) break;
      if (copy->main != record.revision.main || copy->sub != record.revision.sub || copy->unframed) continue;
      value.clear();
      replay::AppendValue(record, value);
      const bool same = copy->tombstone == record.tombstone &&
                        AsText(ValueOf(*copy, sources_[copy->source].bytes)) == value;
      ++(same ? score.equal : score.differ);
    }
    return score;
  }

  bool FromEmpty(const EntryRun& run) {
    const auto play = Best(run, [](const replay::MachineOptions& options) { return Machine(options); });
    if (!play) return false;
    history_.compacted = play->compacted;
    for (const std::string_view bucket : kBuckets) {
      // What etcd 3.4 hashed of a password, no log tells.
      if (bucket == "authUsers" && !play->machine.lost_passwords().empty()) continue;
      bolt::EntriesByKey& entries = history_.buckets[std::string(bucket)];
      for (auto& [key, value] : replay::EntriesOf(play->machine, bucket)) entries[key] = value;
    }
    Keep(*play, {{}, true, true});
    return true;
  }

  // From the first entry whose revision a record tells.
  bool FromAnchor(const EntryRun& run) {
    if (copies_.empty()) return false;
    if (!anchors_ || anchored_at_ != floor_) anchors_.emplace(sources_, copies_, anchored_at_ = floor_);
    int tries = 0;
    for (size_t at = 0; at < run.size() && tries < kMostTries; ++at) {
      const auto revision = anchors_->RevisionOf(run[at]);
      if (!revision) continue;
      ++tries;
      if (PlayFrom(run, at + 1, *revision, run[at].term, true)) return true;
    }
    return false;
  }

  // From a file whose consistent index the run follows, or meets.
  bool FromIndex(const EntryRun& run) {
    for (const DbSource& source : sources_) {
      if (!source.readable || !source.consistent_index) continue;
      const uint64_t index = *source.consistent_index;
      if (index + 1 < run.front().index || index >= run.back().index) continue;
      const int64_t newest = NewestLive(source);
      if (newest >= floor_ && PlayFrom(run, index + 1 - run.front().index, newest, 0, false)) return true;
    }
    return false;
  }

  int64_t NewestLive(const DbSource& source) const {
    const auto number = static_cast<uint64_t>(&source - sources_.data());
    int64_t newest = std::max<int64_t>(source.compacted, 1);
    for (const Copy& copy : copies_) {
      if (copy.origin == Origin::kLive && copy.source == number) newest = std::max(newest, copy.main);
    }
    return newest;
  }

  // Applies the entries from position `at` on to the records up to `revision`, which the entry before made.
  bool PlayFrom(const EntryRun& run, size_t at, int64_t revision, uint64_t term, bool confirm) {
    if (at >= run.size()) return false;
    const FoundState found = StateAt({sources_, copies_, history_.records, primary_}, revision);
    replay::Beginning beginning{run[at].index - 1, term, revision, compacted_, found.keys, AuthOf(primary_)};
    const auto play = Best(std::span(run).subspan(at), [&](const replay::MachineOptions& options) {
      return Machine::From(beginning, options);
    });
    // Where nothing that was found confirms the place, it is a guess.
    if (!play || (confirm && play->score.equal <= play->score.differ)) return false;
    Keep(*play, {{}, false, found.complete});
    return true;
  }

  static mvcc::Auth AuthOf(const DbSource* source) {
    if (source == nullptr) return {};
    diag::NoSink reported;  // when the file was read
    const auto store = mvcc::Store::Open(source->bytes, source->name, reported);
    return store ? mvcc::ReadAuth(*store, reported) : mvcc::Auth{};
  }

  void Keep(const Play& play, Stretch stretch) {
    const replay::KeySpace& keys = play.machine.keys();
    stretch.span = {keys.started_at() + 1, keys.revision()};
    floor_ = std::max(floor_, keys.revision());
    history_.last_index = play.machine.index();
    if (stretch.span.first > stretch.span.last) return;
    history_.stretches.push_back(stretch);
    history_.records.insert(history_.records.end(), keys.records().begin(), keys.records().end());
  }

  void KeepUnplaced(const LogEntry& entry) {
    const auto put = FirstPutOf(entry);
    if (put) history_.unplaced.push_back({NameOf(entry), entry.index, put->key, put->value, put->lease});
  }

  // Of the log that the entry is read from.
  std::string_view NameOf(const LogEntry& entry) const {
    const auto holds = [&](const raft::Segment& segment) {
      const std::byte* const begin = segment.bytes.data();
      return std::less_equal<>()(begin, entry.body.data()) &&
             std::less<>()(entry.body.data(), begin + segment.bytes.size());
    };
    const auto found = std::ranges::find_if(
        logs_, [&](const LogSource& source) { return std::ranges::any_of(source.log.segments, holds); });
    return found == logs_.end() ? logs_.front().name : found->name;
  }

  const std::vector<LogSource>& logs_;
  const std::vector<DbSource>& sources_;
  const std::span<const Copy> copies_;
  const DbSource* const primary_;
  int64_t compacted_ = -1;
  int64_t floor_ = 1;  // a stretch may begin with the state of this revision, or of a later one
  std::optional<Anchors> anchors_;
  int64_t anchored_at_ = 0;
  LogHistory history_;
};

}  // namespace

const Stretch* LogHistory::Covering(int64_t main) const {
  const auto found =
      std::ranges::lower_bound(stretches, main, {}, [](const Stretch& each) { return each.span.last; });
  return found == stretches.end() || found->span.first > main ? nullptr : &*found;
}

int64_t LogHistory::CompactedAt(int64_t revision) const {
  const auto after = compacted.upper_bound(revision);
  return after == compacted.begin() ? -1 : std::prev(after)->second;
}

LogHistory HistoryOf(const std::vector<LogSource>& logs, const std::vector<DbSource>& sources,
                     std::span<const Copy> copies) {
  return HistoryBuilder(logs, sources, copies).Build();
}

}  // namespace etcdmedic::salvage
