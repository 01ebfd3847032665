// SPDX-License-Identifier: Apache-2.0
#include "startup/predict_buckets.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "bolt/view.h"
#include "diag/naming_sink.h"
#include "mvcc/revision.h"
#include "proto/etcd_messages.h"
#include "proto/walk.h"
#include "startup/predictor.h"

namespace etcdmedic::startup {
namespace {

using nlohmann::json;

template <class Message>
bool IsWellFormed(Bytes message) {
  return proto::IsWellFormed(Message::kInfo, message);
}

bool IsMemberId(Bytes key) { return ParseHex(AsText(key)).has_value(); }

bool IsJsonObject(Bytes value) {
  const json document = json::parse(AsText(value), nullptr, false);
  return document.is_object() || document.is_null();
}

bool IsMember(Bytes value) { return IsJsonObject(value); }

// Semantic versions, as Go's semver reads them.
bool IsVersion(Bytes value) { return ParseEtcdVersion(AsText(value)).has_value(); }

// One rule of a reader: which entries it looks at, what it accepts, and how etcd ends otherwise.
struct Rule {
  std::string_view bucket;
  std::string_view key;  // empty: every entry
  bool (*accepts)(Bytes key, Bytes value);
  Outcome outcome;
  std::string_view message;
};

constexpr Rule kMemberRules[] = {
    {"cluster", "clusterVersion", [](Bytes, Bytes value) { return IsVersion(value); }, Outcome::kPanics, ""},
    {"members", "", [](Bytes key, Bytes) { return IsMemberId(key); }, Outcome::kPanics,
     "failed to parse member id from key"},
    {"members", "", [](Bytes, Bytes value) { return IsMember(value); }, Outcome::kPanics,
     "couldn't read members from backend"},
    {"members_removed", "", [](Bytes key, Bytes) { return IsMemberId(key); }, Outcome::kPanics,
     "failed to parse member id from key"},
    {"cluster", "downgrade", [](Bytes, Bytes value) { return IsJsonObject(value); }, Outcome::kPanics,
     "failed to unmarshal downgrade information"},
};
constexpr Rule kIndexRules[] = {
    {"meta", "consistent_index", [](Bytes, Bytes value) { return value.size() >= 8; }, Outcome::kPanics, ""},
    {"meta", "term", [](Bytes, Bytes value) { return value.size() >= 8; }, Outcome::kPanics, ""},
};
constexpr Rule kLeaseRules[] = {
    {"lease", "", [](Bytes, Bytes value) { return IsWellFormed<proto::leasepb::Lease>(value); },
     Outcome::kPanics, "failed to unmarshal lease proto item"},
};
bool IsLong(Bytes, Bytes value) { return value.size() >= mvcc::kRevisionSize; }
bool IsRevision(Bytes, Bytes value) { return mvcc::ParseRevisionKey(value).has_value(); }
constexpr Rule kRevisionSizeRules[] = {
    {"meta", "finishedCompactRev", IsLong, Outcome::kPanics, ""},
    {"meta", "scheduledCompactRev", IsLong, Outcome::kPanics, ""},
};
constexpr Rule kRevisionRules[] = {
    {"meta", "finishedCompactRev", IsRevision, Outcome::kPanics, ""},
    {"meta", "scheduledCompactRev", IsRevision, Outcome::kPanics, ""},
};
constexpr Rule kAuthRules[] = {
    {"authUsers", "", [](Bytes, Bytes value) { return IsWellFormed<proto::authpb::User>(value); },
     Outcome::kPanics, "failed to unmarshal 'authpb.User'"},
    {"authRoles", "", [](Bytes, Bytes value) { return IsWellFormed<proto::authpb::Role>(value); },
     Outcome::kPanics, "failed to unmarshal 'authpb.Role'"},
};
constexpr Rule kAlarmRules[] = {
    {"alarm", "", [](Bytes key, Bytes) { return IsWellFormed<proto::etcdserverpb::AlarmMember>(key); },
     Outcome::kExits, ""},
};

std::optional<Prediction> Try(const member::MemberState& state, std::span<const Rule> rules) {
  diag::NoSink reported;  // by the check
  const auto view = state.db_map ? bolt::View::Open(state.db_map->bytes(), {}, reported) : std::nullopt;
  if (!view) return std::nullopt;
  for (const Rule& rule : rules) {
    bool refused = false;
    view->ForEach(rule.bucket, [&](Bytes key, Bytes value) {
      refused = (rule.key.empty() || AsText(key) == rule.key) && !rule.accepts(key, value);
      return !refused;
    });
    if (refused) {
      return Prediction{rule.outcome, std::string(rule.message),
                        fmt::format("an entry of bucket {} does not parse", rule.bucket)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Prediction> RefuseMembers(const member::MemberState& state, EtcdVersion) {
  return Try(state, kMemberRules);
}

std::optional<Prediction> RefuseIndex(const member::MemberState& state) { return Try(state, kIndexRules); }

std::optional<Prediction> RefuseCompaction(const member::MemberState& state, EtcdVersion version) {
  return Try(state,
             version >= EtcdVersion{3, 6} ? std::span<const Rule>(kRevisionRules) : kRevisionSizeRules);
}

std::optional<Prediction> RefuseLeases(const member::MemberState& state) { return Try(state, kLeaseRules); }

std::optional<Prediction> RefuseAuthAndAlarms(const member::MemberState& state, EtcdVersion version) {
  if (version >= EtcdVersion{3, 5}) {
    if (auto end = Try(state, kAuthRules)) return end;
  }
  return Try(state, kAlarmRules);
}

std::string RevisionError(const member::MemberState& state, const diag::Finding& finding) {
  const Bytes db = state.db_map->bytes();
  if (finding.where.offset > db.size() || finding.length > db.size() - finding.where.offset) return {};
  const Bytes key = db.subspan(finding.where.offset, finding.length);
  if (key.size() != mvcc::kRevisionSize && key.size() != mvcc::kTombstoneSize)
    return fmt::format("invalid revision length: {}", key.size());
  if (key[8] != std::byte{'_'}) return "invalid separator in bucket key";
  return "negative revision";
}

bool IsAnyMessage(const member::MemberState& state, const diag::Finding& finding) {
  const Bytes db = state.db_map ? state.db_map->bytes() : Bytes();
  const uint64_t offset = finding.where.offset;
  if (finding.length < mvcc::kRevisionSize || offset > db.size() || finding.length > db.size() - offset)
    return false;
  const Bytes record = db.subspan(offset, finding.length);
  const bool tombstone =
      record.size() >= mvcc::kTombstoneSize && record[mvcc::kRevisionSize] == std::byte{'t'};
  constexpr proto::MessageInfo kAny{"KeyValue", {}};
  return proto::IsWellFormed(kAny, record.subspan(tombstone ? mvcc::kTombstoneSize : mvcc::kRevisionSize));
}

}  // namespace etcdmedic::startup
