// SPDX-License-Identifier: Apache-2.0
#include "replay/backend_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/try.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::replay {
namespace {

std::string Big(uint64_t number) {
  std::string out(8, '\0');
  for (size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(number >> (56 - 8 * i));
  return out;
}

std::string EncodeLease(int64_t id, const Lease& lease) {
  using Fields = proto::leasepb::Lease;
  std::string out;
  proto::AppendNumber(Fields::kID, static_cast<uint64_t>(id), out);
  if (lease.ttl != 0) proto::AppendNumber(Fields::kTTL, static_cast<uint64_t>(lease.ttl), out);
  if (lease.remaining_ttl != 0)
    proto::AppendNumber(Fields::kRemainingTTL, static_cast<uint64_t>(lease.remaining_ttl), out);
  return out;
}

class Writer {
 public:
  Writer(const Machine& machine, const mvcc::Store* base, bolt::Builder& builder)
      : machine_(machine), base_(base), builder_(builder) {}

  Result<bolt::BuildSummary> Write() {
    using Step = Result<void> (Writer::*)();
    // In the order of the buckets' names.
    constexpr Step kSteps[] = {&Writer::Alarms,   &Writer::Auth, &Writer::Roles,  &Writer::Users,
                               &Writer::Versions, &Writer::Keys, &Writer::Leases, &Writer::Members,
                               &Writer::Removed,  &Writer::Meta};
    for (const Step step : kSteps) RETURN_IF_ERROR((this->*step)());
    return builder_.Finish();
  }

 private:
  // What the base has in the bucket; nothing without a base.
  Entries Old(std::string_view bucket) const {
    Entries entries;
    if (base_ == nullptr) return entries;
    base_->view().ForEach(bucket, [&](Bytes key, Bytes value) {
      entries.emplace(AsText(key), AsText(value));
      return true;
    });
    return entries;
  }

  Result<void> Bucket(std::string_view name, const Entries& entries) {
    RETURN_IF_ERROR(builder_.Begin(name));
    for (const auto& [key, value] : entries) RETURN_IF_ERROR(builder_.Add(AsBytes(key), AsBytes(value)));
    return builder_.End();
  }

  Result<void> Alarms() { return Made("alarm", machine_.cluster().changed().alarms); }

  Result<void> Auth() { return Added("auth"); }

  Result<void> Roles() { return Made("authRoles", machine_.auth().changed()); }
  Result<void> Users() { return Made("authUsers", machine_.auth().changed()); }
  Result<void> Leases() { return Made("lease", machine_.leases_changed()); }

  // A bucket that is taken over unless an entry changed it.
  Result<void> Made(std::string_view name, bool changed) {
    return Bucket(name, changed ? EntriesOf(machine_, name) : Old(name));
  }

  Result<void> Versions() { return Added("cluster"); }

  // A bucket of which entries changed single places.
  Result<void> Added(std::string_view name) {
    Entries entries = EntriesOf(machine_, name);
    entries.merge(Old(name));
    return Bucket(name, entries);
  }

  Result<void> Members() { return Made("members", machine_.cluster().changed().members); }

  Result<void> Removed() {
    Entries entries = Old("members_removed");
    entries.merge(EntriesOf(machine_, "members_removed"));
    return Bucket("members_removed", entries);
  }

  Result<void> Meta() {
    Entries entries = Old("meta");
    entries["consistent_index"] = Big(machine_.index());
    const bool since_35 = machine_.options().minor >= 5;
    if (since_35 && machine_.term() != 0) entries["term"] = Big(machine_.term());
    if (since_35 && machine_.cluster().changed().members)
      entries["confState"] = machine_.cluster().ConfStateDocument();
    if (const int64_t compacted = machine_.keys().compacted(); compacted >= 0) {
      const std::string revision = mvcc::EncodeRevisionKey({{compacted, 0}, false});
      entries["finishedCompactRev"] = revision;
      entries["scheduledCompactRev"] = revision;
    }
    return Bucket("meta", entries);
  }

  // Of every key the newest record up to the compacted revision is kept; of a deleted one only where the
  // deletion is the compacted revision itself. Releases before 3.4.34 and 3.5.16 drop that one too, and their
  // successors read what is left either way.
  bool IsKept(const mvcc::RevisionKey& revision, std::string_view key) const {
    const int64_t compacted = machine_.keys().compacted();
    if (revision.revision.main > compacted) return true;
    const auto newest = newest_.find(key);
    return newest != newest_.end() && newest->second == revision.revision &&
           (!revision.tombstone || revision.revision.main == compacted);
  }

  template <class Each>
  Result<void> ForEachOld(const Each& each) const {
    if (base_ == nullptr) return {};
    const auto table = mvcc::EntryTable::Read(base_->view(), "key");
    if (!table) return Propagate(table);
    for (uint32_t at = 0; at < table->size(); ++at) {
      const auto revision = mvcc::ParseRevisionKey(table->KeyAt(at));
      mvcc::KeyValue kv;
      if (!revision || revision->revision.main > machine_.keys().started_at() ||
          !mvcc::ParseKeyValue(table->ValueAt(at), kv))
        continue;
      RETURN_IF_ERROR(each(*revision, kv.key, table->KeyAt(at), table->ValueAt(at)));
    }
    return {};
  }

  Result<void> FindNewest() {
    const int64_t compacted = machine_.keys().compacted();
    auto found = ForEachOld([&](const mvcc::RevisionKey& revision, std::string_view key, Bytes, Bytes) {
      if (revision.revision.main <= compacted) newest_[key] = revision.revision;
      return Result<void>();
    });
    for (const Record& record : machine_.keys().records()) {
      if (record.revision.main <= compacted) newest_[record.kv.key] = record.revision;
    }
    return found;
  }

  Result<void> Keys() {
    RETURN_IF_ERROR(builder_.Begin("key"));
    RETURN_IF_ERROR(FindNewest());
    RETURN_IF_ERROR(
        ForEachOld([&](const mvcc::RevisionKey& revision, std::string_view key, Bytes raw, Bytes value) {
          return IsKept(revision, key) ? builder_.Add(raw, value) : Result<void>();
        }));
    for (const Record& record : machine_.keys().records()) {
      if (!IsKept({record.revision, record.tombstone}, record.kv.key)) continue;
      const std::string key = EncodeKey(record), value = EncodeValue(record);
      RETURN_IF_ERROR(builder_.Add(AsBytes(key), AsBytes(value)));
    }
    return builder_.End();
  }

  const Machine& machine_;
  const mvcc::Store* const base_;
  bolt::Builder& builder_;
  std::unordered_map<std::string_view, mvcc::Revision> newest_;  // up to the compacted revision
};

}  // namespace

Entries EntriesOf(const Machine& machine, std::string_view bucket) {
  Entries entries;
  if (bucket == "auth" && machine.auth().changed()) {
    entries["authEnabled"] = std::string(1, machine.auth().enabled() ? '\1' : '\0');
    entries["authRevision"] = Big(machine.auth().revision());
  } else if (bucket == "cluster") {
    if (machine.cluster().changed().version) entries["clusterVersion"] = machine.cluster().version();
    if (machine.cluster().changed().downgrade) entries["downgrade"] = machine.cluster().DowngradeDocument();
  } else if (bucket == "alarm") {
    for (const auto& [member, type] : machine.cluster().alarms()) entries[EncodeAlarm(member, type)] = "";
  } else if (bucket == "authRoles") {
    for (const auto& [name, role] : machine.auth().roles()) entries[name] = EncodeRole(role);
  } else if (bucket == "authUsers") {
    for (const auto& [name, user] : machine.auth().users()) entries[name] = EncodeUser(user);
  } else if (bucket == "members") {
    for (const auto& [id, member] : machine.cluster().members())
      entries[fmt::format("{:x}", id)] = ClusterState::Document(member);
  } else if (bucket == "members_removed") {
    for (const uint64_t id : machine.cluster().removed()) entries[fmt::format("{:x}", id)] = "removed";
  } else if (bucket == "lease") {
    for (const auto& [id, lease] : machine.keys().leases().all())
      entries[Big(static_cast<uint64_t>(id))] = EncodeLease(id, lease);
  }
  return entries;
}

Result<bolt::BuildSummary> WriteBackend(const Machine& machine, const mvcc::Store* base,
                                        bolt::Builder& builder) {
  return Writer(machine, base, builder).Write();
}

}  // namespace etcdmedic::replay
