// SPDX-License-Identifier: Apache-2.0
#include "report/key_space.h"

#include <unordered_map>

#include "base/try.h"
#include "kubectl/registry.h"
#include "objects/definitions.h"
#include "report/largest.h"

namespace etcdmedic::report {
namespace {

using objects::KeyUse;
using objects::SpaceUse;

constexpr uint64_t kPrefixParts = 2;

struct NamedUse {
  std::string_view name;
  SpaceUse use;
};

uint64_t HistoryOf(const NamedUse& group) { return group.use.history; }

// The groups of which most is retained, and the sum of the others.
class GroupList {
 public:
  explicit GroupList(size_t most) : largest_(most, HistoryOf) {}

  void Add(const NamedUse& group) {
    ++count_;
    Sum(group.use, sum_, std::plus<>());
    largest_.Add(group);
  }

  Grouping Finish() {
    Grouping grouping;
    grouping.others = sum_;
    for (const NamedUse& group : largest_.Take()) {
      Sum(group.use, grouping.others, std::minus<>());
      grouping.largest.push_back({std::string(group.name), group.use});
    }
    grouping.left_out = count_ - grouping.largest.size();
    return grouping;
  }

 private:
  template <class Operation>
  static void Sum(const SpaceUse& use, SpaceUse& sum, const Operation& operation) {
    for (const auto member : {&SpaceUse::keys, &SpaceUse::size, &SpaceUse::revisions, &SpaceUse::history})
      sum.*member = operation(sum.*member, use.*member);
  }

  uint64_t count_ = 0;
  SpaceUse sum_;
  Largest<NamedUse, uint64_t (*)(const NamedUse&)> largest_;
};

// Groups that keys come back to.
class GroupTable {
 public:
  void Add(std::string_view name, const KeyUse& key) {
    // Neighbours in the order of keys mostly belong together.
    if (last_ == nullptr || name != last_name_) {
      last_ = &uses_[name];
      last_name_ = name;
    }
    last_->Add(key);
  }

  Grouping Finish(size_t most) {
    GroupList list(most);
    std::vector<NamedUse> sorted;
    for (const auto& [name, use] : uses_) sorted.push_back({name, use});
    std::ranges::sort(sorted, {}, &NamedUse::name);
    for (const NamedUse& group : sorted) list.Add(group);
    return list.Finish();
  }

 private:
  std::unordered_map<std::string_view, SpaceUse> uses_;
  std::string_view last_name_;
  SpaceUse* last_ = nullptr;
};

int64_t MainAt(const mvcc::KeyIndex& index, uint32_t number) {
  const auto id = mvcc::ParseRevisionKey(index.table().KeyAt(number));
  return id ? id->revision.main : 0;
}

class Measurer {
 public:
  Measurer(const mvcc::KeyIndex& index, const kubectl::Registry& registry, const KeySpaceOptions& options,
           KeySpace& out)
      : index_(index),
        registry_(registry),
        options_(options),
        out_(out),
        largest_(options.most_groups, [](const LargeKey& key) { return key.value_size; }),
        rewritten_(options.most_groups, [](const LargeKey& key) { return key.history; }) {}

  void Run() {
    // The bucket is in the order of revisions.
    const int64_t oldest = index_.table().size() > 0 ? MainAt(index_, 0) : out_.revision;
    out_.histogram = RevisionHistogram(std::min(oldest, out_.revision), out_.revision);
    index_.ForEachKey([this](mvcc::Numbers numbers) {
      Add(numbers, objects::UseOf(index_, numbers));
      return true;
    });
    out_.kinds = kinds_.Finish(options_.most_groups);
    out_.namespaces = namespaces_.Finish(options_.most_groups);
    out_.prefixes = prefixes_.Finish(options_.most_groups);
    out_.largest = largest_.Take();
    out_.rewritten = rewritten_.Take();
  }

 private:
  void Add(mvcc::Numbers numbers, const KeyUse& key) {
    out_.total.Add(key);
    if (!key.exists()) ++out_.deleted;
    AddToGroups(key);
    const mvcc::KeyValue& kv = key.newest.kv;
    const LargeKey large{kv.key, key.exists() ? kv.value.size() : 0, key.newest.revision.main, key.revisions,
                         key.history};
    if (key.exists()) largest_.Add(large);
    if (key.revisions > 1) rewritten_.Add(large);
    for (const uint32_t number : numbers) AddRevision(number, number == numbers.back());
  }

  void AddToGroups(const KeyUse& key) {
    const std::string_view text = key.newest.kv.key;
    const auto parts = registry_.Parse(text);
    kinds_.Add(parts ? parts->path : std::string_view(), key);
    namespaces_.Add(parts ? parts->namespace_name : std::string_view(), key);
    if (parts && key.exists()) ++out_.of_kubernetes;
    prefixes_.Add(objects::FolderOf(text, kPrefixParts), key);
  }

  void AddRevision(uint32_t number, bool newest) {
    const RevisionState state = index_.IsTombstone(number) ? RevisionState::kDeleted
                                : newest                   ? RevisionState::kLive
                                                           : RevisionState::kHistory;
    out_.histogram.Add(MainAt(index_, number), state);
  }

  const mvcc::KeyIndex& index_;
  const kubectl::Registry& registry_;
  const KeySpaceOptions& options_;
  KeySpace& out_;
  GroupTable kinds_, namespaces_, prefixes_;
  Largest<LargeKey, uint64_t (*)(const LargeKey&)> largest_, rewritten_;
};

void KeepLeases(std::vector<mvcc::Lease> leases, size_t most, KeySpace& out) {
  out.lease_count = leases.size();
  out.unknown_lease_count = static_cast<uint64_t>(std::ranges::count(leases, false, &mvcc::Lease::known));
  std::ranges::stable_sort(leases, [](const mvcc::Lease& a, const mvcc::Lease& b) {
    return a.known != b.known ? b.known : a.keys.size() > b.keys.size();
  });
  if (leases.size() > most) leases.resize(most);
  out.leases = std::move(leases);
}

}  // namespace

Result<KeySpace> MeasureKeySpace(const mvcc::Store& store, const KeySpaceOptions& options,
                                 diag::FindingSink& sink) {
  KeySpace out;
  out.revision = store.current_revision();
  out.compact_revision = store.compact_revision();
  auto index = store.Index(mvcc::EveryKey(), out.revision);
  if (!index) return Propagate(index);
  const auto keys = mvcc::LiveKeys::Of(std::move(*index), out.revision);
  kubectl::ResourceTable resources;
  const kubectl::Registry registry(resources, options.etcd_prefix);
  objects::StoredObjects stored(options.open);
  objects::LearnDefinitions(keys, registry, stored, resources);
  Measurer(keys.index(), registry, options, out).Run();
  KeepLeases(mvcc::ReadLeases(store, keys.index(), sink), options.most_leases, out);
  return out;
}

}  // namespace etcdmedic::report
