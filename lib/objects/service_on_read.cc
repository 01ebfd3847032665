// SPDX-License-Identifier: Apache-2.0
#include "objects/service_on_read.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "text/tree_writer.h"
#include "text/write_tree.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;
using text::TreeWriter;

// The releases whose servers set these without being told to.
constexpr uint8_t kFamilies = 21, kPolicies = 22, kIpMode = 30;
constexpr std::string_view kWithAddress[] = {"ClusterIP", "NodePort", "LoadBalancer"};

void Copy(ObjectView value, TreeWriter& writer) {
  text::WriteTree(value, {.order = text::KeyOrder::kStored, .keep_numbers = true}, writer);
}

// A map whose member `key` is written by `change`; anything else as it is.
template <class Change>
void CopyBut(ObjectView map, std::string_view key, TreeWriter& writer, const Change& change) {
  if (!map.is_map()) return Copy(map, writer);
  writer.BeginMap();
  for (const ObjectView member : map) {
    writer.Key(member.key());
    if (member.key() == key)
      change(member);
    else
      Copy(member, writer);
  }
  writer.EndMap();
}

void WriteText(std::string_view key, std::string_view value, TreeWriter& writer) {
  writer.Key(key);
  writer.String(value);
}

void WriteTexts(std::string_view key, const std::vector<std::string_view>& values, TreeWriter& writer) {
  writer.Key(key);
  writer.BeginList();
  for (const std::string_view value : values) writer.String(value);
  writer.EndList();
}

std::string_view TypeOf(ObjectView spec) {
  const std::string_view type = spec["type"].text();
  return type.empty() ? "ClusterIP" : type;
}

void Addresses(ObjectView spec, TreeWriter& writer) {
  std::vector<std::string_view> addresses;
  for (const ObjectView address : spec["clusterIPs"]) addresses.push_back(address.text());
  const std::string_view first = spec["clusterIP"].text();
  if (addresses.empty() && !first.empty()) {
    addresses = {first};
    WriteTexts("clusterIPs", addresses, writer);
  }
  const bool has_address = std::ranges::count(kWithAddress, TypeOf(spec)) > 0 && first != "None";
  if (!has_address || addresses.empty() || spec["ipFamilies"].First()) return;
  for (std::string_view& address : addresses)
    address = address.find(':') == std::string_view::npos ? "IPv4" : "IPv6";
  WriteTexts("ipFamilies", addresses, writer);
  WriteText("ipFamilyPolicy", addresses.size() == 1 ? "SingleStack" : "RequireDualStack", writer);
}

void Policies(ObjectView spec, TreeWriter& writer) {
  const std::string_view type = TypeOf(spec);
  if (!spec["internalTrafficPolicy"] && std::ranges::count(kWithAddress, type) > 0)
    WriteText("internalTrafficPolicy", "Cluster", writer);
  if (type != "LoadBalancer" || spec["allocateLoadBalancerNodePorts"]) return;
  writer.Key("allocateLoadBalancerNodePorts");
  writer.Bool(true);
}

void Spec(ObjectView spec, uint8_t release, TreeWriter& writer) {
  if (!spec.is_map()) return Copy(spec, writer);
  const bool external = TypeOf(spec) == "ExternalName" && release >= kPolicies;
  writer.BeginMap();
  for (const ObjectView member : spec) {
    if (external && member.key() == "internalTrafficPolicy") continue;
    if (member.is_list() && !member.First()) continue;
    writer.Key(member.key());
    Copy(member, writer);
  }
  if (release >= kFamilies) Addresses(spec, writer);
  if (release >= kPolicies) Policies(spec, writer);
  writer.EndMap();
}

void Ingress(ObjectView ingress, TreeWriter& writer) {
  if (ingress["ip"].text().empty() || ingress["ipMode"]) return Copy(ingress, writer);
  writer.BeginMap();
  for (const ObjectView member : ingress) {
    writer.Key(member.key());
    Copy(member, writer);
  }
  WriteText("ipMode", "VIP", writer);
  writer.EndMap();
}

void Status(ObjectView status, TreeWriter& writer) {
  CopyBut(status, "loadBalancer", writer, [&](ObjectView balancer) {
    CopyBut(balancer, "ingress", writer, [&](ObjectView list) {
      if (!list.is_list()) return Copy(list, writer);
      writer.BeginList();
      for (const ObjectView ingress : list) Ingress(ingress, writer);
      writer.EndList();
    });
  });
}

}  // namespace

void WriteServiceOnRead(ObjectView stored, uint8_t release, text::ObjectTree& served) {
  served.Clear();
  TreeWriter writer(served, {});
  if (!stored.is_map()) return Copy(stored, writer);
  const bool balanced = stored.StringAt("spec.type") == "LoadBalancer" && release >= kIpMode;
  writer.BeginMap();
  for (const ObjectView member : stored) {
    writer.Key(member.key());
    if (member.key() == "spec")
      Spec(member, release, writer);
    else if (member.key() == "status" && balanced)
      Status(member, writer);
    else
      Copy(member, writer);
  }
  writer.EndMap();
}

}  // namespace etcdmedic::objects
