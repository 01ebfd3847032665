// SPDX-License-Identifier: Apache-2.0
#include "witness/witness_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace etcdmedic::witness {
namespace {

using diag::Code;

constexpr size_t kMostFindings = 10'000;

std::string Quoted(std::string_view key) { return fmt::format("\"{}\"", key.substr(0, 200)); }

std::string NameOfWrite(bool tombstone, std::string_view key, size_t value_size) {
  return tombstone ? fmt::format("a deletion of {}", Quoted(key))
                   : fmt::format("a put of {} with a value of {} bytes", Quoted(key), value_size);
}

// Where two values begin to differ.
std::string FirstDifference(Bytes log, std::string_view stored, uint64_t offset) {
  const auto [ours, theirs] = std::ranges::mismatch(AsText(log), stored);
  const auto at = static_cast<size_t>(ours - AsText(log).begin());
  if (at == log.size() || at == stored.size())
    return fmt::format("the value has {} bytes, the log has {}", stored.size(), log.size());
  return fmt::format("byte {} of its value, at offset {}, is {:02x}, the log has {:02x}", at, offset + at,
                     static_cast<unsigned char>(stored[at]), std::to_integer<unsigned>(log[at]));
}

}  // namespace

void WitnessWriter::Add(Code code, Where where, uint64_t length, std::string message,
                        WitnessReport& report) const {
  if (report.findings.size() < kMostFindings)
    report.findings.push_back({code, std::move(where), length, std::move(message)});
}

void WitnessWriter::Correct(const Waiting& entry, const Effect& effect,
                            const keyspace::RevisionRow& row) const {
  const bool same_kind = effect.tombstone == (row.tombstone != 0);
  if (corrections_ == nullptr || !effect.sum_known || !same_kind) return;
  if (corrections_->records.size() == kMostFindings) return;
  corrections_->records.push_back({entry.step->index,
                                   row.place,
                                   row.value_size,
                                   {{row.main, row.sub}, effect.tombstone},
                                   effect.key,
                                   effect.value,
                                   effect.lease,
                                   effect.create_revision,
                                   effect.version});
}

uint64_t WitnessWriter::LengthOf(const keyspace::RevisionRow& row) {
  return (row.tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize) + row.value_size;
}

std::string WitnessWriter::NameOf(const Waiting& entry) const {
  return fmt::format("entry {} ({} at {})", entry.step->index, input_.log.segments[entry.segment].file,
                     entry.step->offset);
}

std::string WitnessWriter::Compare(const Effect& effect, const keyspace::RevisionRow& row) const {
  const auto kv = match_.Read(row);
  if (!kv) return "the record does not parse";
  const bool same_kind = effect.tombstone == (row.tombstone != 0) && kv->key == AsText(effect.key);
  if (!same_kind) return "the db has " + NameOfWrite(row.tombstone != 0, kv->key, kv->value.size());
  if (kv->value != AsText(effect.value))
    return FirstDifference(effect.value, kv->value, input_.store.OffsetOf(AsBytes(kv->value)));
  return fmt::format("its lease is {:x}, the log has {:x}", static_cast<uint64_t>(kv->lease),
                     static_cast<uint64_t>(effect.lease));
}

void WitnessWriter::Differs(const Waiting& entry, int64_t revision, keyspace::RevisionTable::Rows rows,
                            bool complete, WitnessReport& report) const {
  report.wrong = "a record of the backend is not what the log's entry wrote, and etcd serves the record";
  const Where end = rows.empty() ? Where{input_.store.file(), 0} : PlaceOf(rows.back());
  for (uint32_t sub = 0; sub < entry.effects.size(); ++sub) {
    const Effect& effect = entry.effects[sub];
    const std::string log =
        fmt::format("at revision {} the log has {}, {}", revision,
                    NameOfWrite(effect.tombstone, AsText(effect.key), effect.value.size()), NameOf(entry));
    const auto row = std::ranges::find(rows, sub, &keyspace::RevisionRow::sub);
    if (row == rows.end()) {
      if (complete) Add(Code::kMvccLogMismatch, end, 0, log + "; the db has no such record", report);
    } else if (!match_.Same(effect, *row)) {
      Add(Code::kMvccLogMismatch, PlaceOf(*row), LengthOf(*row), log + "; " + Compare(effect, *row), report);
      Correct(entry, effect, *row);
    }
  }
  for (const keyspace::RevisionRow& row : rows) {
    if (row.sub < entry.effects.size()) continue;
    const auto kv = match_.Read(row);
    Add(Code::kMvccLogMismatch, PlaceOf(row), LengthOf(row),
        fmt::format(
            "at revision {}.{} the db has {}, of which {} says nothing", revision, row.sub,
            kv ? NameOfWrite(row.tombstone != 0, kv->key, kv->value.size()) : "a record that does not parse",
            NameOf(entry)),
        report);
  }
}

void WitnessWriter::History(const Waiting& entry, const Effect& effect, const keyspace::RevisionRow& row,
                            WitnessReport& report) const {
  const auto kv = match_.Read(row);
  if (!kv) return;
  Correct(entry, effect, row);
  report.wrong = "a record of the backend is not what the log's entry wrote, and etcd serves the record";
  Add(Code::kMvccLogMismatch, PlaceOf(row), LengthOf(row),
      fmt::format(
          "at revision {} {} has create_revision {} and version {}; by the log, {}, they are {} and {}",
          row.main, Quoted(kv->key), kv->create_revision, kv->version, NameOf(entry), effect.create_revision,
          effect.version),
      report);
}

void WitnessWriter::Alien(const keyspace::RevisionRow& row, WitnessReport& report) const {
  const auto kv = match_.Read(row);
  if (!kv) return;
  report.wrong = "a record of the backend is not what the log's entry wrote, and etcd serves the record";
  Add(Code::kMvccLogMismatch, PlaceOf(row), LengthOf(row),
      fmt::format("at revision {} the db has {}; none of the log's entries that made the revisions around it "
                  "writes that",
                  row.main, NameOfWrite(false, kv->key, kv->value.size())),
      report);
}

void WitnessWriter::Vanished(std::string_view key, int64_t revision, WitnessReport& report) const {
  report.wrong = "keys that were written and never deleted are missing";
  Add(Code::kMvccLogMismatch, {input_.store.file(), 0}, 0,
      fmt::format("by the log {} exists{}; the db does not have that record", Quoted(key),
                  revision == 0 ? std::string() : fmt::format(" since revision {}", revision)),
      report);
}

void WitnessWriter::Apart(const Waiting& first, int64_t from, const Waiting* again, int64_t to,
                          WitnessReport& report) const {
  report.wrong = "the backend and the log have different histories";
  const std::string until =
      again == nullptr ? std::string("to the end") : fmt::format("to revision {}, {}", to, NameOf(*again));
  Add(Code::kDbHistoryForeign, {input_.store.file(), 0}, 0,
      fmt::format("from revision {} on, {}, {}, the db's records are not what the log's entries write", from,
                  NameOf(first), until),
      report);
}

void WitnessWriter::Slipped(const Waiting& entry, int64_t revision, int64_t low, int64_t high,
                            WitnessReport& report) const {
  report.wrong = "the backend and the log have different histories";
  Add(Code::kDbHistoryForeign, {input_.store.file(), 0}, 0,
      fmt::format(
          "{} made revision {} of the db; by the entries before it it makes {}", NameOf(entry), revision,
          low == high                                      ? fmt::format("{}", low)
          : high > std::numeric_limits<int64_t>::max() / 4 ? fmt::format("{} at least", low)
                                                           : fmt::format("one from {} to {}", low, high)),
      report);
}

void WitnessWriter::TooLow(int64_t newest, int64_t low, const Waiting* first, WitnessReport& report) const {
  report.wrong = fmt::format(
      "the backend says that it has applied entry {} and lacks what entries up to there wrote; etcd does not "
      "apply them again, so {} revisions at least are lost",
      input_.applied, low - newest);
  Add(Code::kDbRevisionBehind, {input_.store.file(), 0}, 0,
      fmt::format(
          "consistent_index is {}; the log's entries up to there make revision {} at least, the db ends "
          "at {}{}",
          input_.applied, low, newest,
          first == nullptr ? std::string() : "; the first that it lacks is " + NameOf(*first)),
      report);
}

// A later leader's first entry, at an index that the backend had applied already, takes the place of an entry
// that the log has lost. etcd passes over it, and what the lost entry wrote stays.
bool WitnessWriter::LostOne() const {
  for (const raft::Segment& segment : input_.log.segments) {
    for (const raft::EntryMark& mark : segment.marks) {
      const bool leader = mark.type == raft::EntryType::kNormal && mark.data.empty();
      const auto before = input_.log.TermAt(mark.index - 1);
      const bool later = before && *before > 1 && mark.term > *before;
      if (leader && later && mark.index <= input_.applied) return true;
    }
  }
  return false;
}

void WitnessWriter::TooHigh(int64_t newest, int64_t high, WitnessReport& report) const {
  if (newest == high + 1 && LostOne()) {
    report.findings.push_back(
        {Code::kDbIndexBehind,
         {input_.store.file(), 0},
         0,
         fmt::format(
             "the backend holds revision {}, one more than the log's entries up to {} make: the log has lost "
             "an entry that was applied, and a later leader took its index",
             newest, input_.applied),
         diag::Severity::kNote});
    return;
  }
  report.wrong =
      "entries that the backend already holds are applied a second time, so its revisions run ahead of its "
      "peers'";
  Add(Code::kDbIndexBehind, {input_.store.file(), 0}, 0,
      fmt::format(
          "consistent_index is {}, yet the backend holds revision {}; the log's entries up to there make "
          "revision {} at most",
          input_.applied, newest, high),
      report);
}

std::string DescribeProven(const WitnessReport& report) {
  constexpr size_t kMostSpans = 4;
  std::string text;
  for (size_t i = 0; i < std::min(report.proven.size(), kMostSpans); ++i) {
    const keyspace::RevisionSpan& span = report.proven[i];
    text += i == 0 ? "revisions " : i + 1 == report.proven.size() ? " and " : ", ";
    text += span.begin + 1 == span.end ? fmt::format("{}", span.begin)
                                       : fmt::format("{} to {}", span.begin, span.end - 1);
  }
  if (report.proven.size() > kMostSpans)
    text += fmt::format(" and others up to {}", report.proven.back().end - 1);
  return text.empty() ? text : text + " are proven by the log";
}

bool HistoriesDiffer(const std::vector<diag::Finding>& findings) {
  return std::ranges::any_of(findings, [](const diag::Finding& finding) {
    return finding.code == Code::kDbHistoryForeign || finding.code == Code::kRaftHistoryMixed;
  });
}

}  // namespace etcdmedic::witness
