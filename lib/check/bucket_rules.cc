// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "check/key_rules.h"
#include "mvcc/auth.h"
#include "mvcc/backend.h"
#include "mvcc/lease.h"
#include "raft/conf_change.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

struct MetaRule {
  std::string_view bucket;
  std::string_view key;
  bool (*sound)(Bytes value);
};

bool IsNumber(Bytes value) { return value.size() == 8; }
bool IsRevision(Bytes value) {
  const auto id = mvcc::ParseRevisionKey(value);
  return id && !id->tombstone && id->revision.sub == 0;
}
// "3.6.0", as semantic versions are.
bool IsVersion(Bytes value) {
  int dots = 0, digits = 0;
  for (const char c : AsText(value)) {
    if (c == '-' || c == '+') break;
    if (c == '.' && digits == 0) return false;
    if (c != '.' && (c < '0' || c > '9')) return false;
    dots += c == '.' ? 1 : 0;
    digits = c == '.' ? 0 : digits + 1;
  }
  return dots == 2 && digits > 0;
}
bool IsFlag(Bytes value) { return value.size() == 1 && std::to_integer<unsigned>(value[0]) <= 1; }

constexpr MetaRule kMetaRules[] = {
    {"meta", "consistent_index", IsNumber},
    {"meta", "term", IsNumber},
    {"meta", "scheduledCompactRev", IsRevision},
    {"meta", "finishedCompactRev", IsRevision},
    {"meta", "storageVersion", IsVersion},
    {"cluster", "clusterVersion", IsVersion},
    {"auth", "authEnabled", IsFlag},
    {"auth", "authRevision", IsNumber},
};

void CheckMeta(const mvcc::Store& store, diag::FindingSink& sink) {
  for (const std::string_view bucket : {"meta", "cluster", "auth"}) {
    store.view().ForEach(bucket, [&](Bytes key, Bytes value) {
      for (const MetaRule& rule : kMetaRules) {
        if (rule.bucket != bucket || rule.key != AsText(key) || rule.sound(value)) continue;
        sink.Add({Code::kMvccMeta,
                  {store.file(), store.OffsetOf(key)},
                  key.size() + value.size(),
                  fmt::format("{}/{} holds {} bytes that are not a valid value", bucket, rule.key, value.size())});
      }
      return true;
    });
  }
}

std::string Hexes(const std::vector<uint64_t>& ids) {
  std::string out;
  for (const uint64_t id : ids) out += fmt::format("{}{:x}", out.empty() ? "" : " ", id);
  return out.empty() ? "none" : out;
}

// A restore leaves confState as it was in the snapshot, and etcd does not decide by it; so what the log tells
// counts where it tells anything.
void CheckConfState(const mvcc::Store& store, const mvcc::BackendState& backend, const raft::Log* log,
                    diag::FindingSink& sink) {
  if (!backend.conf_state || backend.membership.members.empty()) return;
  const auto [voters, learners, out, next, leave] = cluster::ConfStateOf(backend.membership.members);
  cluster::ConfState told = *backend.conf_state;
  for (auto* ids : {&told.voters, &told.learners}) std::ranges::sort(*ids);
  if (voters == told.voters && learners == told.learners) return;
  const auto logged =
      log != nullptr ? raft::ConfStateAt(*log, backend.consistent_index.value_or(0)) : std::nullopt;
  const bool contradicted = logged && (logged->voters != voters || logged->learners != learners);
  sink.Add({Code::kMvccConfState,
            {store.file(), backend.conf_state_offset},
            0,
            fmt::format("confState: voters {}, learners {}; members: voters {}, learners {}",
                        Hexes(told.voters), Hexes(told.learners), Hexes(voters), Hexes(learners)),
            contradicted ? diag::Severity::kWarning : diag::Severity::kNote});
}

void CheckAlarms(const mvcc::Store& store, const mvcc::BackendState& backend, diag::FindingSink& sink) {
  for (const mvcc::Alarm& alarm : backend.alarms) {
    const bool member = backend.membership.Names(alarm.member_id);
    sink.Add({Code::kMvccAlarmActive,
              {store.file(), alarm.offset},
              0,
              fmt::format("{} of member {:x}{}", NameOf(alarm.type), alarm.member_id,
                          member ? "" : ", which is not a member; it came with a restored snapshot")});
  }
}

void CheckTerm(const mvcc::Store& store, const mvcc::BackendState& backend, const raft::Log& log,
               diag::FindingSink& sink) {
  const auto index = backend.consistent_index, term = backend.term;
  if (!index || !term) return;
  const auto logged = log.TermAt(*index);
  if (!logged || *logged == *term) return;
  // 3.4 never writes the term, so after a restore by a newer etcdutl that of the restore stays.
  if (*term == 1 && raft::EntriesOfRestore(log) > 0) return;
  sink.Add(
      {Code::kMvccTerm,
       {store.file(), 0},
       0,
       fmt::format("entry {} is of term {} in the log, of term {} in the backend", *index, *logged, *term)});
}

struct BucketRow {
  std::string_view name;
  diag::Severity lost;  // where it is missing: whether what etcd serves is wrong then
};
constexpr BucketRow kBuckets[] = {
    {"alarm", diag::Severity::kWarning},
    {"auth", diag::Severity::kError},
    {"authRoles", diag::Severity::kError},
    {"authUsers", diag::Severity::kError},
    {"cluster", diag::Severity::kWarning},
    {"key", diag::Severity::kError},
    {"lease", diag::Severity::kError},
    {"members", diag::Severity::kWarning},
    {"members_removed", diag::Severity::kWarning},
    {"meta", diag::Severity::kError},
};

bool OneBitApart(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  int bits = 0;
  for (size_t i = 0; i < a.size(); ++i) bits += std::popcount(static_cast<unsigned char>(a[i] ^ b[i]));
  return bits == 1;
}

// etcd makes all of its buckets before it applies the first entry.
void CheckNames(const mvcc::Store& store, const mvcc::BackendState& backend, diag::FindingSink& sink) {
  std::vector<std::pair<std::string, uint64_t>> unknown;
  std::vector<std::string_view> missing;
  for (const BucketRow& row : kBuckets) missing.push_back(row.name);
  bolt::Cursor cursor = store.view().Buckets();
  for (bool more = cursor.First(); more; more = cursor.Next()) {
    const std::string_view name = AsText(cursor.key());
    if (std::erase(missing, name) == 0 && name != "test")
      unknown.emplace_back(name, store.OffsetOf(cursor.key()));
  }
  const bool used = backend.consistent_index || 2 * missing.size() < std::size(kBuckets);
  if (cursor.damaged() || !used) missing.clear();
  for (const auto& [name, offset] : unknown) {
    const auto near = std::ranges::find_if(missing, [&](const auto each) { return OneBitApart(each, name); });
    sink.Add({Code::kMvccBucketUnknown,
              {store.file(), offset},
              name.size(),
              near == missing.end()
                  ? fmt::format("bucket \"{}\"", name.substr(0, 64))
                  : fmt::format("bucket \"{}\" is one bit away from \"{}\", which is missing",
                                name.substr(0, 64), *near)});
  }
  for (const BucketRow& row : kBuckets) {
    if (std::ranges::find(missing, row.name) == missing.end()) continue;
    sink.Add(
        {Code::kMvccBucketMissing, {store.file(), 0}, 0, fmt::format("bucket \"{}\"", row.name), row.lost});
  }
}

}  // namespace

void CheckBuckets(const mvcc::Store& store, const raft::Log* log, diag::FindingSink& sink) {
  diag::FindingList malformed;
  const mvcc::BackendState backend = mvcc::ReadBackendState(store, malformed);
  CheckNames(store, backend, sink);
  CheckMeta(store, sink);
  for (diag::Finding& finding : malformed.items) sink.Add(std::move(finding));
  CheckConfState(store, backend, log, sink);
  CheckAlarms(store, backend, sink);
  mvcc::ReadAuth(store, sink);
  mvcc::CheckLeaseEntries(store, sink);
  if (log != nullptr) CheckTerm(store, backend, *log, sink);
}

}  // namespace etcdmedic::check
