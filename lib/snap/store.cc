// SPDX-License-Identifier: Apache-2.0
// The v2 store's JSON document in a .snap: docs/format/snap.md, "The store".
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "snap/snap.h"

namespace etcdmedic::snap {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kEventCapacity = 1000;

const Json* Child(const Json* node, const char* name) {
  if (node == nullptr || !node->is_object()) return nullptr;
  const auto children = node->find("Children");
  if (children == node->end() || !children->is_object()) return nullptr;
  const auto found = children->find(name);
  return found == children->end() ? nullptr : &*found;
}

bool IsFolder(const Json& node) {
  return node.is_object() && node.contains("Children") && node["Children"].is_object();
}

// Calls `each` with name and node; gives how many there are.
template <class Each>
size_t ForEachChild(const Json* node, const Each& each) {
  if (!IsFolder(*node)) return 0;
  const Json& children = (*node)["Children"];
  for (const auto& [name, child] : children.items()) each(name, child);
  return children.size();
}

std::string ValueOf(const Json* node) {
  if (node == nullptr || !node->is_object()) return {};
  const auto value = node->find("Value");
  return value != node->end() && value->is_string() ? value->get<std::string>() : std::string();
}

// A member's two documents; one that is missing leaves its half empty.
cluster::Member ReadMember(uint64_t id, const Json& node) {
  cluster::Member member;
  if (auto attributes = cluster::ParseMemberDocument(ValueOf(Child(&node, "attributes")))) {
    member.name = std::move(attributes->member.name);
    member.client_urls = std::move(attributes->member.client_urls);
  }
  if (auto raft = cluster::ParseMemberDocument(ValueOf(Child(&node, "raftAttributes")))) {
    member.peer_urls = std::move(raft->member.peer_urls);
    member.is_learner = raft->member.is_learner;
  }
  member.id = id;
  return member;
}

Json Node(const std::string& path, Json children, const std::string& value) {
  const uint64_t index = path.find('/', 1) == std::string::npos ? 0 : 1;
  return Json{{"Path", path},           {"CreatedIndex", index},
              {"ModifiedIndex", index}, {"ExpireTime", "0001-01-01T00:00:00Z"},
              {"Value", value},         {"Children", std::move(children)}};
}

Json MemberNode(const cluster::Member& member) {
  const std::string path = fmt::format("/0/members/{:x}", member.id);
  Json raft{{"peerURLs", member.peer_urls}};
  if (member.is_learner) raft["isLearner"] = true;
  Json attributes = Json::object();
  if (!member.name.empty()) attributes["name"] = member.name;
  if (!member.client_urls.empty()) attributes["clientURLs"] = member.client_urls;
  return Node(path,
              {{"attributes", Node(path + "/attributes", nullptr, attributes.dump())},
               {"raftAttributes", Node(path + "/raftAttributes", nullptr, raft.dump())}},
              "");
}

Json StatsNode() {
  Json stats = Json::object();
  for (const char* name :
       {"getsSuccess", "getsFail", "setsSuccess", "setsFail", "deleteSuccess", "deleteFail", "updateSuccess",
        "updateFail", "createSuccess", "createFail", "compareAndSwapSuccess", "compareAndSwapFail",
        "compareAndDeleteSuccess", "compareAndDeleteFail", "expireCount", "watchers"}) {
    stats[name] = 0;
  }
  return stats;
}

}  // namespace

std::optional<cluster::Membership> ParseMembership(std::string_view store) {
  const auto document = Json::parse(store, nullptr, false);
  if (!document.is_object() || !document.contains("Root")) return std::nullopt;
  const Json* tree = Child(&document["Root"], "0");
  cluster::Membership membership;
  membership.cluster_version = ValueOf(Child(tree, "version"));
  const auto each = [&](const char* folder, const auto& use) {
    const Json* const found = Child(tree, folder);
    if (found == nullptr) return;
    ForEachChild(found, [&](const std::string& name, const Json& node) {
      if (const auto id = ParseHex(name)) use(*id, node);
    });
  };
  each("members", [&](uint64_t id, const Json& node) {
    if (Child(&node, "raftAttributes") == nullptr) return membership.incomplete.push_back(id);
    membership.members.push_back(ReadMember(id, node));
  });
  each("removed_members", [&](uint64_t id, const Json&) { membership.removed.push_back(id); });
  std::ranges::sort(membership.members, {}, &cluster::Member::id);
  std::ranges::sort(membership.removed);
  return membership;
}

ClientKeys FindClientKeys(std::string_view store) {
  constexpr size_t kPathsKept = 3;
  ClientKeys found;
  const auto document = Json::parse(store, nullptr, false);
  if (!document.is_object() || !document.contains("Root")) return found;
  std::vector<std::pair<std::string, const Json*>> left;
  ForEachChild(&document["Root"], [&](const std::string& name, const Json& tree) {
    if (name == "0") return;
    ForEachChild(&tree, [&](const std::string&, const Json& child) {
      found.refused =
          found.refused || name != "2" || ForEachChild(&child, [](const auto&, const auto&) {}) > 0;
    });
    // Of /2 the flag `enabled` stays when authentication has been taken away.
    if (name != "2") left.emplace_back("/" + name, &tree);
    if (name == "2") {
      for (const char* kind : {"users", "roles"}) {
        if (const Json* folder = Child(&tree, kind)) left.emplace_back(std::string("/2/") + kind, folder);
      }
    }
  });
  while (!left.empty()) {
    const auto [path, node] = std::move(left.back());
    left.pop_back();
    std::vector<std::pair<std::string, const Json*>> children;
    ForEachChild(node, [&](const std::string& name, const Json& child) {
      if (IsFolder(child)) return children.emplace_back(path + "/" + name, &child), void();
      ++found.count;
      if (found.first.size() < kPathsKept) found.first.push_back(path + "/" + name);
    });
    left.insert(left.end(), children.rbegin(), children.rend());
  }
  return found;
}

std::string EncodeStore(const cluster::Membership& membership) {
  Json members = Json::object();
  for (const cluster::Member& member : membership.members)
    members[fmt::format("{:x}", member.id)] = MemberNode(member);
  Json tree{{"members", Node("/0/members", std::move(members), "")}};
  if (!membership.removed.empty()) {
    Json removed = Json::object();
    for (const uint64_t id : membership.removed) {
      const std::string hex = fmt::format("{:x}", id);
      removed[hex] = Node("/0/removed_members/" + hex, nullptr, "removed");
    }
    tree["removed_members"] = Node("/0/removed_members", std::move(removed), "");
  }
  if (!membership.cluster_version.empty())
    tree["version"] = Node("/0/version", nullptr, membership.cluster_version);
  const Json document{
      {"Root",
       Node("/", {{"0", Node("/0", std::move(tree), "")}, {"1", Node("/1", Json::object(), "")}}, "")},
      {"WatcherHub",
       {{"EventHistory",
         {{"Queue",
           {{"Events", Json(kEventCapacity, nullptr)},
            {"Size", 0},
            {"Front", 0},
            {"Back", 0},
            {"Capacity", kEventCapacity}}},
          {"StartIndex", 0},
          {"LastIndex", 1}}}}},
      {"CurrentIndex", 1},
      {"Stats", StatsNode()},
      {"CurrentVersion", 2}};
  return document.dump();
}

}  // namespace etcdmedic::snap
