// SPDX-License-Identifier: Apache-2.0
#include "objects/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "base/fnv.h"
#include "base/try.h"
#include "encryption/encryption.h"
#include "k8s/owners.h"
#include "k8s/schema.h"
#include "keyspace/object_rules.h"
#include "kubectl/registry.h"
#include "kubectl/resource_name.h"
#include "objects/stored_objects.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kMostExamples = 5;
// Kinds, keys and concerns are few in any real cluster; in what a hostile writer made the rest count as one.
constexpr size_t kMostRows = 10'000;
constexpr std::string_view kRest = "(others)";

// A set of 64-bit hashes: appended first, then sorted once.
class HashSet {
 public:
  void Add(std::string_view text) { hashes_.push_back(Fnv1a64(AsBytes(text))); }
  void Seal() {
    std::ranges::sort(hashes_);
    hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  }
  bool Contains(std::string_view text) const {
    return std::ranges::binary_search(hashes_, Fnv1a64(AsBytes(text)));
  }

 private:
  std::vector<uint64_t> hashes_;
};

template <class Key, class Value>
Value& RowOf(std::map<Key, Value>& rows, const Key& key, const Key& rest) {
  const auto found = rows.find(key);
  if (found != rows.end()) return found->second;
  return rows[rows.size() < kMostRows ? key : rest];
}

// "aescbc:cbc1" of "k8s:enc:aescbc:v1:cbc1:...", "kms:v2:vault" of a plugin's; empty for plain text.
std::string KeyLabel(std::string_view value) {
  constexpr size_t kLongestName = 300;
  if (!encryption::IsEncrypted(AsBytes(value))) return {};
  const auto head = encryption::ReadEncryptedHead(AsBytes(value));
  if (!head || head->name.size() > kLongestName || head->provider.size() > kLongestName) return "unreadable";
  return head->provider == "kms" ? fmt::format("kms:{}:{}", head->version, head->name)
                                 : fmt::format("{}:{}", head->provider, head->name);
}

// What API servers write past the encryption at rest, whatever its configuration says: which servers are
// alive, and which addresses and ports are given out.
constexpr std::string_view kNeverEncrypted[] = {"masterleases", "peerserverleases", "ranges"};

class Auditor {
 public:
  Auditor(const mvcc::Store& store, const AuditOptions& options, diag::FindingSink& sink)
      : store_(store), options_(options), sink_(sink) {
    report_.target = options.target == 0 ? k8s::tables::kNewestRelease : options.target;
  }

  Result<AuditReport> Run() {
    const auto revision = store_.RevisionOr(options_.revision);
    if (!revision) return Propagate(revision);
    report_.revision = *revision;
    const auto known = ForEach([&](const mvcc::KeyValue& kv) { Learn(kv); });
    if (!known) return Propagate(known);
    uids_.Seal();
    namespaces_.Seal();
    const auto judged = ForEach([&](const mvcc::KeyValue& kv) { Judge(kv); });
    if (!judged) return Propagate(judged);
    Collect();
    return std::move(report_);
  }

 private:
  using KindKey = std::tuple<std::string, std::string, k8s::Encoding>;
  using UseKey = std::pair<std::string, std::string>;
  using ConcernKey = std::pair<diag::Code, std::string>;

  Result<void> ForEach(const std::function<void(const mvcc::KeyValue&)>& each) {
    return store_.Range(mvcc::EveryKey(), report_.revision, [&](const mvcc::KeyValue& kv) {
      each(kv);
      return true;
    });
  }

  void Learn(const mvcc::KeyValue& kv) {
    if (!registry_.Parse(kv.key)) return;
    const StoredObjects::Value value = stored_.Open(kv.key, AsBytes(kv.value));
    if (value.closed()) return;
    const k8s::Peeked peeked = k8s::Peek(value.bytes);
    if (!peeked.uid.empty()) uids_.Add(peeked.uid);
    if (peeked.kind == "Namespace" && peeked.api_version == "v1") namespaces_.Add(peeked.name);
  }

  void Judge(const mvcc::KeyValue& kv) {
    const auto path = registry_.Parse(kv.key);
    if (!path) {
      ++report_.others;
      return;
    }
    ++report_.objects;
    report_.bytes += kv.value.size();
    const StoredObjects::Value value = stored_.Open(kv.key, AsBytes(kv.value));
    CountUse(kv, *path, !value.closed());
    if (value.closed()) return JudgeClosed(kv);
    Decode(kv, value.bytes);
    const k8s::Peeked peeked = k8s::Peek(value.bytes);
    CountKind(kv, peeked.api_version, peeked.kind, peeked.encoding);
    JudgeVersion(kv, peeked);
    JudgeReferences(kv, *path, peeked, value.bytes);
  }

  void JudgeClosed(const mvcc::KeyValue& kv) {
    ++report_.closed;
    CountKind(kv, "", "", k8s::Encoding::kEncrypted);
    Concerned(diag::Code::kK8sValueUndecrypted, fmt::format("{}: {}", KeyLabel(kv.value), stored_.problem()),
              kv.key);
  }

  void Decode(const mvcc::KeyValue& kv, Bytes value) {
    const Where where{store_.file(), store_.OffsetOf(AsBytes(kv.value.empty() ? kv.key : kv.value))};
    if (!keyspace::CheckObject(kv.key, value, where, text_, sink_)) ++report_.damaged;
  }

  void CountKind(const mvcc::KeyValue& kv, const std::string& api_version, const std::string& kind,
                 k8s::Encoding encoding) {
    KindCount& row =
        RowOf(kinds_, KindKey{kind, api_version, encoding}, KindKey{std::string(kRest), "", encoding});
    ++row.objects;
    row.bytes += kv.value.size();
  }

  void CountUse(const mvcc::KeyValue& kv, const kubectl::RegistryKey& path, bool opened) {
    const std::string resource = kubectl::ResourceNameOf(path);
    if (std::ranges::find(kNeverEncrypted, resource) != std::end(kNeverEncrypted)) return;
    KeyUse& use = RowOf(uses_, UseKey{resource, KeyLabel(kv.value)}, UseKey{std::string(kRest), ""});
    ++use.values;
    use.bytes += kv.value.size();
    use.newest_revision = std::max(use.newest_revision, kv.mod_revision);
    if (!opened) ++use.closed;
  }

  void JudgeVersion(const mvcc::KeyValue& kv, const k8s::Peeked& peeked) {
    const k8s::Lifetime lifetime = k8s::LifetimeOf(peeked.api_version, peeked.kind, report_.target);
    const std::string kind = fmt::format("{} {}", peeked.api_version, peeked.kind);
    switch (lifetime.status) {
      case k8s::SupportStatus::kNotServed:
        return Concerned(diag::Code::kK8sVersionUnserved,
                         fmt::format("{}, last served by 1.{}", kind, lifetime.last_served), kv.key);
      case k8s::SupportStatus::kGone:
        return Concerned(diag::Code::kK8sVersionRemoved,
                         fmt::format("{}, last read by 1.{}", kind, lifetime.last_known), kv.key);
      case k8s::SupportStatus::kTooNew:
        return Concerned(diag::Code::kK8sVersionTooNew,
                         fmt::format("{}, first known to 1.{}", kind, lifetime.first_release), kv.key);
      default:
        return;
    }
  }

  void JudgeReferences(const mvcc::KeyValue& kv, const kubectl::RegistryKey& path, const k8s::Peeked& peeked,
                       Bytes value) {
    k8s::ForEachOwner(value, [&](const k8s::Owner& owner) {
      if (owner.uid.empty() || uids_.Contains(owner.uid)) return;
      Concerned(diag::Code::kK8sOwnerMissing,
                fmt::format("{} owned by {} {}", peeked.kind, owner.api_version, owner.kind), kv.key);
    });
    if (!path.namespace_name.empty() && !namespaces_.Contains(path.namespace_name))
      Concerned(diag::Code::kK8sNamespaceMissing, fmt::format("namespace {}", path.namespace_name), kv.key);
    if (peeked.kind == "Secret" && peeked.api_version == "v1" && KeyLabel(kv.value).empty())
      Concerned(diag::Code::kK8sSecretPlain, "Secret", kv.key);
  }

  void Concerned(diag::Code code, const std::string& about, std::string_view key) {
    Concern& concern = RowOf(concerns_, ConcernKey{code, about}, ConcernKey{code, std::string(kRest)});
    ++concern.count;
    if (concern.keys.size() < kMostExamples) concern.keys.emplace_back(key);
  }

  void Collect();
  void CollectEncryption();

  const mvcc::Store& store_;
  const AuditOptions& options_;
  diag::FindingSink& sink_;
  AuditReport report_;
  HashSet uids_;
  HashSet namespaces_;
  std::map<KindKey, KindCount> kinds_;
  std::map<UseKey, KeyUse> uses_;
  std::map<ConcernKey, Concern> concerns_;
  kubectl::ResourceTable resources_;
  kubectl::Registry registry_{resources_, options_.etcd_prefix};
  StoredObjects stored_{options_.open};
  std::string text_;
};

void Auditor::CollectEncryption() {
  for (auto& [key, use] : uses_) {
    std::tie(use.resource, use.key) = key;
    auto& all = report_.encryption;
    if (all.empty() || all.back().resource != use.resource) all.push_back({use.resource, {}, "", false});
    all.back().keys.push_back(std::move(use));
  }
  for (ResourceEncryption& each : report_.encryption) {
    const auto configured = options_.writer ? options_.writer(each.resource) : std::nullopt;
    each.configured = configured.has_value();
    each.writes = configured ? *configured : std::ranges::max(each.keys, {}, &KeyUse::newest_revision).key;
  }
  std::erase_if(report_.encryption, [](const ResourceEncryption& each) {
    return each.writes.empty() && each.keys.size() == 1 && each.keys[0].key.empty();
  });
  for (const ResourceEncryption& each : report_.encryption) {
    if (each.Behind() == 0) continue;
    Concern& concern = concerns_[{
        diag::Code::kK8sRotationUnfinished,
        fmt::format("{}, written under {}", each.resource, each.writes.empty() ? "no key" : each.writes)}];
    concern.count = each.Behind();
  }
}

void Auditor::Collect() {
  for (auto& [key, row] : kinds_) {
    std::tie(row.kind, row.api_version, row.encoding) = key;
    row.lifetime = k8s::LifetimeOf(row.api_version, row.kind, report_.target);
    report_.kinds.push_back(std::move(row));
  }
  CollectEncryption();
  for (auto& [key, concern] : concerns_) {
    std::tie(concern.code, concern.about) = key;
    report_.concerns.push_back(std::move(concern));
  }
}

}  // namespace

uint64_t ResourceEncryption::Behind() const {
  uint64_t behind = 0;
  for (const KeyUse& use : keys) behind += use.key == writes ? 0 : use.values;
  return behind;
}

Result<AuditReport> Audit(const mvcc::Store& store, const AuditOptions& options, diag::FindingSink& sink) {
  return Auditor(store, options, sink).Run();
}

}  // namespace etcdmedic::objects
