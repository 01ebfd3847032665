// SPDX-License-Identifier: Apache-2.0
#include "replay/cluster_state.h"

#include <algorithm>

#include "proto/etcd_messages.h"
#include "proto/wire.h"
#include "text/json_writer.h"

namespace etcdmedic::replay {
namespace {

using raft::ConfChangeType;
using text::JsonWriter;

constexpr size_t kMaxLearners = 1;  // etcd's default

void AddTexts(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts) {
  json.Key(name);
  json.BeginList();
  for (const std::string& text : texts) json.String(text);
  json.EndList();
}

void AddIds(JsonWriter& json, std::string_view name, const std::vector<uint64_t>& ids) {
  if (ids.empty()) return;
  json.Key(name);
  json.BeginList();
  for (const uint64_t id : ids) json.Uint(id);
  json.EndList();
}

}  // namespace

ClusterState::ClusterState(const mvcc::BackendState& backend)
    : removed_(backend.membership.removed.begin(), backend.membership.removed.end()),
      version_(backend.membership.cluster_version),
      downgrade_target_(backend.downgrade_target),
      downgrade_(!backend.downgrade_target.empty()) {
  for (const cluster::Member& member : backend.membership.members) members_.emplace(member.id, member);
  for (const mvcc::Alarm& alarm : backend.alarms) alarms_.emplace(alarm.member_id, alarm.type);
  const bool told = backend.conf_state && !backend.conf_state->voters.empty();
  conf_state_ = told ? *backend.conf_state : cluster::ConfStateOf(backend.membership.members);
}

bool ClusterState::HasAlarm(mvcc::AlarmType type) const {
  return std::ranges::any_of(alarms_, [type](const auto& alarm) { return alarm.second == type; });
}

bool ClusterState::UsesUrl(const raft::ConfChange& change) const {
  return std::ranges::any_of(members_, [&](const auto& each) {
    return each.first != change.node_id && std::ranges::any_of(change.peer_urls, [&](const std::string& url) {
             return std::ranges::find(each.second.peer_urls, url) != each.second.peer_urls.end();
           });
  });
}

bool ClusterState::MayApply(const raft::ConfChange& change) const {
  if (removed_.contains(change.node_id)) return false;
  const auto member = members_.find(change.node_id);
  const bool exists = member != members_.end();
  switch (change.type) {
    case ConfChangeType::kAddNode:
      if (change.promote) return exists && member->second.is_learner;
      return !exists && !UsesUrl(change);
    case ConfChangeType::kAddLearnerNode: {
      const auto learners =
          std::ranges::count_if(members_, [](const auto& each) { return each.second.is_learner; });
      return !exists && !UsesUrl(change) && static_cast<size_t>(learners) < kMaxLearners;
    }
    case ConfChangeType::kRemoveNode:
      return exists;
    case ConfChangeType::kUpdateNode:
      return exists && !UsesUrl(change);
  }
  return false;
}

bool ClusterState::Apply(const raft::ConfChange& change) {
  if (!MayApply(change)) return false;
  changed_.members = true;
  const uint64_t id = change.node_id;
  if (change.type == ConfChangeType::kUpdateNode) {
    members_[id].peer_urls = change.peer_urls;
    return true;
  }
  std::erase(conf_state_.voters, id);
  std::erase(conf_state_.learners, id);
  if (change.type == ConfChangeType::kRemoveNode) {
    members_.erase(id);
    removed_.insert(id);
    return true;
  }
  const bool learner = change.type == ConfChangeType::kAddLearnerNode;
  std::vector<uint64_t>& ids = learner ? conf_state_.learners : conf_state_.voters;
  ids.insert(std::ranges::lower_bound(ids, id), id);
  cluster::Member& member = members_[id];
  member.is_learner = learner;
  if (change.promote) return true;
  member.id = id;
  member.name = change.name;
  member.peer_urls = change.peer_urls;
  return true;
}

bool ClusterState::SetAttributes(uint64_t id, std::string name, std::vector<std::string> client_urls) {
  const auto member = members_.find(id);
  if (member == members_.end()) return false;
  member->second.name = std::move(name);
  member->second.client_urls = std::move(client_urls);
  return changed_.members = true;
}

void ClusterState::SetVersion(std::string_view version) {
  version_ = version;
  changed_.version = true;
}

void ClusterState::SetDowngrade(bool enabled, std::string_view target) {
  downgrade_ = enabled;
  downgrade_target_ = enabled ? target : std::string_view();
  changed_.downgrade = true;
}

void ClusterState::RaiseAlarm(uint64_t member, mvcc::AlarmType type) {
  if (type == mvcc::AlarmType::kNone) return;
  changed_.alarms |= alarms_.emplace(member, type).second;
}

void ClusterState::ClearAlarm(uint64_t member, mvcc::AlarmType type) {
  changed_.alarms |= alarms_.erase({member, type}) > 0;
}

std::string ClusterState::Document(const cluster::Member& member) {
  std::string out;
  JsonWriter json(out);
  json.BeginMap();
  json.Key("id");
  json.Uint(member.id);
  AddTexts(json, "peerURLs", member.peer_urls);
  if (member.is_learner) {
    json.Key("isLearner");
    json.Bool(true);
  }
  if (!member.name.empty()) {
    json.Key("name");
    json.String(member.name);
  }
  if (!member.client_urls.empty()) AddTexts(json, "clientURLs", member.client_urls);
  json.EndMap();
  return out;
}

std::string ClusterState::ConfStateDocument() const {
  std::string out;
  JsonWriter json(out);
  json.BeginMap();
  AddIds(json, "voters", conf_state_.voters);
  AddIds(json, "learners", conf_state_.learners);
  json.Key("auto_leave");
  json.Bool(false);
  json.EndMap();
  return out;
}

std::string ClusterState::DowngradeDocument() const {
  std::string out;
  JsonWriter json(out);
  json.BeginMap();
  json.Key("target-version");
  json.String(downgrade_target_);
  json.Key("enabled");
  json.Bool(downgrade_);
  json.EndMap();
  return out;
}

std::string EncodeAlarm(uint64_t member, mvcc::AlarmType type) {
  using Fields = proto::etcdserverpb::AlarmMember;
  std::string out;
  if (member != 0) proto::AppendNumber(Fields::kMemberID, member, out);
  if (type != mvcc::AlarmType::kNone) proto::AppendNumber(Fields::kAlarm, static_cast<uint64_t>(type), out);
  return out;
}

}  // namespace etcdmedic::replay
