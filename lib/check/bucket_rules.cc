// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "check/key_rules.h"
#include "mvcc/auth.h"
#include "mvcc/lease.h"
#include "mvcc/membership.h"

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
                  fmt::format("{}/{} holds {} bytes that are none", bucket, rule.key, value.size())});
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

void CheckMembership(const mvcc::Store& store, const mvcc::Membership& membership, diag::FindingSink& sink) {
  if (!membership.conf_state || membership.members.empty()) return;
  std::vector<uint64_t> voters, learners;
  for (const mvcc::Member& member : membership.members)
    (member.learner ? learners : voters).push_back(member.id);
  mvcc::ConfState state = *membership.conf_state;
  for (auto* ids : {&voters, &learners, &state.voters, &state.learners}) std::ranges::sort(*ids);
  if (voters == state.voters && learners == state.learners) return;
  sink.Add({Code::kMvccConfState,
            {store.file(), membership.conf_state_offset},
            0,
            fmt::format("raft: voters {}, learners {}; members: voters {}, learners {}", Hexes(state.voters),
                        Hexes(state.learners), Hexes(voters), Hexes(learners))});
}

void CheckAlarms(const mvcc::Store& store, const mvcc::Membership& membership, diag::FindingSink& sink) {
  for (const mvcc::Alarm& alarm : membership.alarms) {
    const bool member =
        std::ranges::any_of(membership.members, [&](const auto& each) { return each.id == alarm.member_id; });
    sink.Add({Code::kMvccAlarmActive,
              {store.file(), alarm.offset},
              0,
              fmt::format("{} of member {:x}{}", NameOf(alarm.type), alarm.member_id,
                          member ? "" : ", which is no member; it came with a restored snapshot")});
  }
}

void CheckTerm(const mvcc::Store& store, const raft::Log& log, diag::FindingSink& sink) {
  std::optional<uint64_t> index, term;
  uint64_t offset = 0;
  store.view().ForEach("meta", [&](Bytes key, Bytes value) {
    if (AsText(key) == "consistent_index" && value.size() == 8) index = ByteReader(value).Big<uint64_t>();
    if (AsText(key) != "term" || value.size() != 8) return true;
    term = ByteReader(value).Big<uint64_t>();
    offset = store.OffsetOf(key);
    return true;
  });
  if (!index || !term) return;
  const auto logged = log.TermAt(*index);
  if (!logged || *logged == *term) return;
  sink.Add(
      {Code::kMvccTerm,
       {store.file(), offset},
       0,
       fmt::format("entry {} is of term {} in the log, of term {} in the backend", *index, *logged, *term)});
}

}  // namespace

void CheckBuckets(const mvcc::Store& store, const raft::Log* log, diag::FindingSink& sink) {
  CheckMeta(store, sink);
  const mvcc::Membership membership = mvcc::ReadMembership(store, sink);
  CheckMembership(store, membership, sink);
  CheckAlarms(store, membership, sink);
  mvcc::ReadAuth(store, sink);
  mvcc::CheckLeaseEntries(store, sink);
  if (log != nullptr) CheckTerm(store, *log, sink);
}

}  // namespace etcdmedic::check
