// SPDX-License-Identifier: Apache-2.0
#include "objects/write_clock.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.h"
#include "k8s/object_times.h"
#include "mvcc/revision.h"

namespace etcdmedic::objects {
namespace {

// Witnesses to look for on each side of a revision, and entries to read for them at most.
constexpr size_t kEnough = 24;
constexpr size_t kMostEntries = 20'000;
// Times are cut to seconds, and a request takes a while from its time to its revision.
constexpr int64_t kSlack = 2;

}  // namespace

std::string_view NameOf(WitnessKind kind) {
  constexpr std::string_view kNames[] = {"creation", "renewal", "write"};
  return kNames[static_cast<size_t>(kind)];
}

std::optional<TimeWitness> WitnessOf(const mvcc::KeyValue& kv, Bytes value) {
  const k8s::ObjectTimes times = k8s::TimesOf(value);
  TimeWitness witness{kv.mod_revision, 0, WitnessKind::kWrite, std::string(kv.key)};
  const auto as = [&](WitnessKind kind, int64_t seconds) {
    witness.kind = kind;
    witness.seconds = seconds;
    return witness;
  };
  if (times.renewed) return as(WitnessKind::kRenewal, *times.renewed);
  if (kv.version == 1 && times.created) return as(WitnessKind::kCreation, *times.created);
  const auto written = std::max(times.written, times.created);
  if (!written) return std::nullopt;
  return as(WitnessKind::kWrite, *written);
}

std::vector<TimeWitness> Consistent(const std::vector<TimeWitness>& witnesses) {
  // Patience sorting: the last witness of the best chain of each length, and what precedes each.
  std::vector<size_t> ends;
  std::vector<size_t> before(witnesses.size());
  for (size_t i = 0; i < witnesses.size(); ++i) {
    const auto place = std::ranges::upper_bound(ends, witnesses[i].seconds, {},
                                                [&](size_t at) { return witnesses[at].seconds; });
    before[i] = place == ends.begin() ? witnesses.size() : *std::prev(place);
    if (place == ends.end())
      ends.push_back(i);
    else
      *place = i;
  }
  std::vector<TimeWitness> chain;
  for (size_t at = ends.empty() ? witnesses.size() : ends.back(); at < witnesses.size(); at = before[at])
    chain.push_back(witnesses[at]);
  std::ranges::reverse(chain);
  return chain;
}

void WriteClock::Collect(int64_t revision, Direction direction, std::vector<TimeWitness>& found) {
  auto cursor = store_.view().CursorOf("key");
  if (!cursor) return;
  bool at = cursor->Seek(mvcc::EncodeRevisionKey({{revision, 0}, false}));
  if (direction == Direction::kBack) at = at ? cursor->Prev() : cursor->Last();
  size_t exact = 0;
  for (size_t read = 0; at && read < kMostEntries && exact < kEnough; ++read) {
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
  all.insert(all.end(), later.begin(), later.end());
  std::vector<TimeWitness> exact;
  std::ranges::copy_if(all, std::back_inserter(exact),
                       [](const TimeWitness& each) { return each.kind != WitnessKind::kWrite; });
  const std::vector<TimeWitness> chain = Consistent(exact);
  TimeInterval interval;
  const TimeWitness *lower = nullptr, *upper = nullptr;
  for (const TimeWitness& each : chain) {
    if (each.revision <= revision) lower = &each;
    if (each.revision >= revision && upper == nullptr) upper = &each;
  }
  // A write tells more where it is later than what is certain, and no later than what is certain after it.
  for (const TimeWitness& each : all) {
    if (each.kind != WitnessKind::kWrite || each.revision > revision) continue;
    const bool later_than = lower == nullptr || each.seconds > lower->seconds;
    if (later_than && upper != nullptr && each.seconds <= upper->seconds) lower = &each;
  }
  if (lower != nullptr) {
    interval.earliest = lower->seconds;
    interval.witnesses.push_back(*lower);
  }
  if (upper != nullptr) {
    interval.latest = upper->seconds + kSlack;
    if (upper != lower) interval.witnesses.push_back(*upper);
  }
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
