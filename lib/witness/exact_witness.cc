// SPDX-License-Identifier: Apache-2.0
#include "witness/exact_witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/hex.h"
#include "mvcc/entry_table.h"
#include "raft/conf_change.h"
#include "replay/backend_writer.h"
#include "replay/machine.h"

namespace etcdmedic::witness {
namespace {

using diag::Code;
using replay::Machine;

// The buckets beside `key` whose entries nothing but the log makes.
constexpr std::string_view kBuckets[] = {"alarm", "authRoles", "authUsers", "lease"};

constexpr size_t kMostFindings = 100;

std::string Quoted(std::string_view key) { return fmt::format("\"{}\"", key.substr(0, 200)); }

// An entry of a bucket.
struct Place {
  std::string_view bucket;
  std::string key;
  friend auto operator<=>(const Place&, const Place&) = default;
};

class ExactWitness {
 public:
  ExactWitness(const ExactInput& input, const std::vector<replay::LogEntry>& entries, Machine machine)
      : input_(input), entries_(entries), machine_(std::move(machine)) {}

  // False where nothing can be said.
  bool Compare() {
    size_t next = 0;
    for (; next < entries_.size() && entries_[next].index <= input_.applied; ++next) {
      if (machine_.Apply(entries_[next]).effect == replay::Effect::kUnknown) return false;
    }
    if (machine_.keys().revision() != input_.store.current_revision()) return false;
    if (machine_.keys().compacted() != input_.store.compact_revision()) return false;
    if (!CompareKeys()) return false;
    if (input_.base == nullptr) CompareBuckets(next);
    return true;
  }

  std::vector<diag::Finding> findings;

 private:
  void Add(diag::Finding finding) {
    if (findings.size() < kMostFindings) findings.push_back(std::move(finding));
  }

  // Both are in the order of revisions.
  bool CompareKeys() {
    const auto table = mvcc::EntryTable::Read(input_.store.view(), "key");
    if (!table || !table->complete()) return false;
    if (input_.base != nullptr && !BeginsAsBase(*table)) return false;
    const std::vector<replay::Record>& records = machine_.keys().records();
    size_t at = 0;
    for (uint32_t row = 0; row < table->size(); ++row) {
      const auto id = mvcc::ParseRevisionKey(table->KeyAt(row));
      if (!id || IsOfBase(*id)) continue;  // the rules over keys report what is not a revision
      while (at < records.size() && records[at].revision < id->revision) Missing(records[at++]);
      if (at == records.size() || records[at].revision != id->revision) {
        Report(*table, row, "no entry of the log writes a record at this revision");
      } else {
        CompareRecord(*table, row, *id, records[at++]);
      }
    }
    while (at < records.size()) Missing(records[at++]);
    return true;
  }

  bool IsOfBase(const mvcc::RevisionKey& id) const {
    return input_.base != nullptr && id.revision.main <= machine_.keys().started_at();
  }

  // Whether both files have the same records up to the base's revision, but for what was compacted since.
  bool BeginsAsBase(const mvcc::EntryTable& table) const {
    const auto base = mvcc::EntryTable::Read(input_.base->view(), "key");
    if (!base || !base->complete()) return false;
    uint32_t at = 0;
    const auto compacted_before = [&](std::string_view key) {
      for (; at < base->size() && AsText(base->KeyAt(at)) < key; ++at) {
        const auto id = mvcc::ParseRevisionKey(base->KeyAt(at));
        if (id && id->revision.main > machine_.keys().compacted()) return false;
      }
      return true;
    };
    for (uint32_t row = 0; row < table.size(); ++row) {
      const auto id = mvcc::ParseRevisionKey(table.KeyAt(row));
      if (!id || !IsOfBase(*id)) continue;
      if (!compacted_before(AsText(table.KeyAt(row)))) return false;
      if (at == base->size() || AsText(base->KeyAt(at)) != AsText(table.KeyAt(row)) ||
          AsText(base->ValueAt(at)) != AsText(table.ValueAt(row)))
        return false;
      ++at;
    }
    return compacted_before(mvcc::EncodeRevisionKey({{machine_.keys().started_at() + 1, 0}, false}));
  }

  void CompareRecord(const mvcc::EntryTable& table, uint32_t row, const mvcc::RevisionKey& id,
                     const replay::Record& record) {
    value_.clear();
    replay::AppendValue(record, value_);
    if (id.tombstone == record.tombstone && AsText(table.ValueAt(row)) == value_) return;
    Report(table, row,
           fmt::format("the log makes it a {} of {}", record.tombstone ? "deletion" : "put",
                       Quoted(record.kv.key)));
  }

  // Below the compacted revision records may be gone.
  void Missing(const replay::Record& record) {
    if (record.revision.main <= machine_.keys().compacted()) return;
    Add({Code::kMvccLogMismatch,
         {input_.store.file(), 0},
         0,
         fmt::format("at revision {} the log has a {} of {}; the db has no such record",
                     mvcc::TextOf(record.revision), record.tombstone ? "deletion" : "put",
                     Quoted(record.kv.key))});
  }

  void Report(const mvcc::EntryTable& table, uint32_t row, const std::string& what) {
    const auto id = mvcc::ParseRevisionKey(table.KeyAt(row));
    Add({Code::kMvccLogMismatch,
         {input_.store.file(), table.OffsetOf(row)},
         table.KeySize(row) + table.ValueAt(row).size(),
         fmt::format("the record of revision {}: {}", mvcc::TextOf(id->revision), what)});
  }

  // etcd 3.4 stores its index only with changes of keys, so its other buckets may be ahead: an entry is wrong
  // only where it is so at every index from the backend's own on.
  void CompareBuckets(size_t next) {
    std::set<Place> wrong = Differences();
    for (; next < entries_.size() && !wrong.empty(); ++next) {
      if (machine_.Apply(entries_[next]).effect == replay::Effect::kUnknown) return;
      const std::set<Place> now = Differences();
      std::erase_if(wrong, [&](const Place& place) { return !now.contains(place); });
    }
    for (const Place& place : wrong) {
      Add({Code::kMvccStateMismatch,
           {input_.store.file(), 0},
           0,
           fmt::format("in bucket {} the entry {} (hexadecimal) is not what the log makes it", place.bucket,
                       HexOf(AsBytes(place.key)))});
    }
  }

  std::set<Place> Differences() const {
    std::set<Place> differences;
    for (const std::string_view bucket : kBuckets) {
      auto made = replay::EntriesOf(machine_, bucket);
      input_.store.view().ForEach(bucket, [&](Bytes key, Bytes value) {
        const auto found = made.find(AsText(key));
        const bool same = found != made.end() && Same(bucket, found->second, AsText(value));
        if (!same) differences.insert({bucket, std::string(AsText(key))});
        if (found != made.end()) made.erase(found);
        return true;
      });
      for (const auto& [key, value] : made) differences.insert({bucket, key});
    }
    return differences;
  }

  // Of a lease the time that is left is a matter of the release and its flags; a password in a log of etcd
  // 3.4 has another hash on each member.
  bool Same(std::string_view bucket, std::string_view made, std::string_view stored) const {
    if (bucket == "lease") return made.starts_with(stored) || stored.starts_with(made);
    return made == stored || (bucket == "authUsers" && !machine_.lost_passwords().empty());
  }

  const ExactInput& input_;
  const std::vector<replay::LogEntry>& entries_;
  Machine machine_;
  std::string value_;
};

// Findings of CompareWithLog that say that the two cannot be compared record by record.
bool GivesUp(const WitnessReport& report) {
  return HistoriesDiffer(report.findings) ||
         std::ranges::any_of(report.findings,
                             [](const diag::Finding& each) { return each.code != Code::kMvccLogMismatch; });
}

void AddNew(std::vector<diag::Finding> findings, WitnessReport& report) {
  std::set<uint64_t> known;
  for (const diag::Finding& each : report.findings) known.insert(each.where.offset);
  const bool any_known = !known.empty();
  for (diag::Finding& each : findings) {
    const bool repeats = each.where.offset == 0 ? any_known && each.code == Code::kMvccLogMismatch
                                                : known.contains(each.where.offset);
    if (!repeats) report.findings.push_back(std::move(each));
  }
}

// The machine that the entries are applied to; nothing where the base cannot be read.
std::optional<Machine> BeginningOf(const ExactInput& input, unsigned minor) {
  const replay::MachineOptions options{.minor = minor};
  if (input.base == nullptr) return Machine(options);
  diag::FindingList reported;  // when the file was checked
  auto machine = Machine::From(*input.base, options, reported);
  return machine ? std::optional(std::move(*machine)) : std::nullopt;
}

void CompareEntries(const ExactInput& input, const std::vector<replay::LogEntry>& entries,
                    WitnessReport& report) {
  std::vector<diag::Finding> first;
  for (const unsigned minor : replay::kMinors) {
    auto machine = BeginningOf(input, minor);
    if (!machine) return;
    const int64_t begin = input.base == nullptr ? 2 : machine->keys().revision() + 1;
    ExactWitness witness(input, entries, std::move(*machine));
    if (!witness.Compare()) continue;
    if (witness.findings.empty()) {
      report = {};
      report.proven = {{begin, input.store.current_revision() + 1}};
      return;
    }
    if (first.empty()) first = std::move(witness.findings);
  }
  if (!GivesUp(report)) AddNew(std::move(first), report);
}

}  // namespace

bool HoldsEverything(const raft::Log& log, uint64_t applied) {
  return applied > 0 && log.ContiguousFrom(1) >= applied && raft::BeginsEmpty(log);
}

void CompareWithReplay(const ExactInput& input, WitnessReport& report) {
  if (HoldsEverything(input.log, input.applied)) {
    ExactInput whole = input;
    whole.base = nullptr;
    const auto entries = input.entries.Between(input.log, 0, input.log.last_index());
    if (entries.size() >= input.applied) CompareEntries(whole, entries, report);
  } else if (input.base != nullptr && input.base_index < input.applied) {
    const auto entries = input.entries.Between(input.log, input.base_index, input.applied);
    if (entries.size() == input.applied - input.base_index) CompareEntries(input, entries, report);
  }
}

}  // namespace etcdmedic::witness
