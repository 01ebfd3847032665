// SPDX-License-Identifier: Apache-2.0
#include "objects/write_clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "k8s/object_times.h"
#include "mvcc/revision.h"

namespace etcdmedic::objects {
namespace {

// Times are cut to seconds, and a request takes a while from its time to its revision.
constexpr int64_t kSlack = 2;

}  // namespace

std::string_view NameOf(WitnessKind kind) {
  constexpr std::string_view kNames[] = {"creation", "renewal", "write"};
  return kNames[static_cast<size_t>(kind)];
}

std::optional<TimeMark> MarkOf(int64_t revision, int64_t version, Bytes value) {
  const k8s::ObjectTimes times = k8s::TimesOf(value);
  if (times.renewed) return TimeMark{revision, *times.renewed, WitnessKind::kRenewal};
  if (version == 1 && times.created) return TimeMark{revision, *times.created, WitnessKind::kCreation};
  const auto written = std::max(times.written, times.created);
  if (!written) return std::nullopt;
  return TimeMark{revision, *written, WitnessKind::kWrite};
}

std::optional<TimeWitness> WitnessOf(const mvcc::KeyValue& kv, Bytes value) {
  const auto mark = MarkOf(kv.mod_revision, kv.version, value);
  return mark ? std::optional(TimeWitness{*mark, std::string(kv.key)}) : std::nullopt;
}

std::vector<TimeMark> Consistent(std::span<const TimeMark> marks) {
  // Patience sorting: the last mark of the best chain of each length, and what precedes each.
  std::vector<size_t> ends;
  std::vector<size_t> before(marks.size());
  for (size_t i = 0; i < marks.size(); ++i) {
    const auto place =
        std::ranges::upper_bound(ends, marks[i].seconds, {}, [&](size_t at) { return marks[at].seconds; });
    before[i] = place == ends.begin() ? marks.size() : *std::prev(place);
    if (place == ends.end())
      ends.push_back(i);
    else
      *place = i;
  }
  std::vector<TimeMark> chain;
  for (size_t at = ends.empty() ? marks.size() : ends.back(); at < marks.size(); at = before[at])
    chain.push_back(marks[at]);
  std::ranges::reverse(chain);
  return chain;
}

TimeSpan Surroundings::Bounds::span() const {
  TimeSpan span;
  if (lower != nullptr) span.earliest = lower->seconds;
  if (upper != nullptr) span.latest = upper->seconds + kSlack;
  return span;
}

Surroundings::Bounds Surroundings::Of(int64_t revision, std::span<const TimeMark> chain,
                                      std::span<const TimeMark> writes) {
  Bounds bounds;
  for (const TimeMark& each : chain) {
    if (each.revision <= revision) bounds.lower = &each;
    if (each.revision >= revision && bounds.upper == nullptr) bounds.upper = &each;
  }
  // A write tells more where it is later than what is certain, and no later than what is certain after it.
  const auto before = [&](int64_t at) {
    return std::ranges::upper_bound(writes, at, {}, &TimeMark::revision);
  };
  const auto end = before(revision);
  const auto begin = bounds.lower == nullptr ? writes.begin() : before(bounds.lower->revision);
  constexpr auto kMost = static_cast<std::ptrdiff_t>(kMostWrites);
  for (const TimeMark& each :
       std::ranges::subrange(std::max(begin, end - std::min(kMost, end - writes.begin())), end)) {
    const bool later = bounds.lower == nullptr || each.seconds > bounds.lower->seconds;
    if (later && bounds.upper != nullptr && each.seconds <= bounds.upper->seconds) bounds.lower = &each;
  }
  return bounds;
}

void WriteClock::Collect(int64_t revision, Direction direction, std::vector<TimeWitness>& found) {
  auto cursor = store_.view().CursorOf("key");
  if (!cursor) return;
  bool at = cursor->Seek(mvcc::EncodeRevisionKey({{revision, 0}, false}));
  if (direction == Direction::kBack) at = at ? cursor->Prev() : cursor->Last();
  size_t exact = 0;
  for (size_t read = 0; at && read < Surroundings::kMostEntries && exact < Surroundings::kEnough; ++read) {
    const auto key = mvcc::ParseRevisionKey(cursor->key());
    mvcc::KeyValue kv;
    if (key && !key->tombstone && mvcc::ParseKeyValue(cursor->value(), kv)) {
      auto witness = WitnessOf(kv, stored_.Open(kv.key, AsBytes(kv.value)).bytes);
      if (witness) {
        witness->revision = key->revision.main;
        exact += witness->kind != WitnessKind::kWrite ? 1 : 0;
        found.push_back(std::move(*witness));
      }
    }
    at = direction == Direction::kBack ? cursor->Prev() : cursor->Next();
  }
  if (direction == Direction::kBack) std::ranges::reverse(found);
}

Result<TimeInterval> WriteClock::When(int64_t revision) {
  if (revision < 1 || revision > store_.current_revision()) {
    return Fail(
        Errc::kRefused, store_.file(),
        fmt::format("there is no revision {}; the newest is {}", revision, store_.current_revision()));
  }
  std::vector<TimeWitness> all, later;
  Collect(revision, Direction::kBack, all);
  Collect(revision, Direction::kForward, later);
  std::ranges::move(later, std::back_inserter(all));
  std::vector<TimeMark> exact, writes;
  for (const TimeWitness& each : all) (each.kind == WitnessKind::kWrite ? writes : exact).push_back(each);
  const std::vector<TimeMark> chain = Consistent(exact);
  const Surroundings::Bounds bounds = Surroundings::Of(revision, chain, writes);
  TimeInterval interval{bounds.span(), {}};
  const auto add = [&](const TimeMark* mark) {
    const auto is_it = [&](const TimeWitness& each) {
      return each.revision == mark->revision && each.seconds == mark->seconds && each.kind == mark->kind;
    };
    interval.witnesses.push_back(*std::ranges::find_if(all, is_it));
  };
  if (bounds.lower != nullptr) add(bounds.lower);
  if (bounds.upper != nullptr && bounds.upper != bounds.lower) add(bounds.upper);
  return interval;
}

Result<RevisionInterval> WriteClock::At(int64_t seconds) {
  RevisionInterval interval;
  int64_t low = 1, high = store_.current_revision() + 1;
  while (low < high) {  // the first revision that is not surely before
    const int64_t middle = low + (high - low) / 2;
    const auto when = When(middle);
    if (!when) return Propagate(when);
    if (when->latest && *when->latest < seconds)
      low = middle + 1;
    else
      high = middle;
  }
  interval.before = low - 1;
  high = store_.current_revision() + 1;
  while (low < high) {  // the first that is surely after
    const int64_t middle = low + (high - low) / 2;
    const auto when = When(middle);
    if (!when) return Propagate(when);
    if (when->earliest && *when->earliest > seconds)
      high = middle;
    else
      low = middle + 1;
  }
  if (low <= store_.current_revision()) interval.after = low;
  return interval;
}

}  // namespace etcdmedic::objects
