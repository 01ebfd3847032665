// SPDX-License-Identifier: Apache-2.0
// Columns of services, endpoints, ingresses, network policies and events.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kubectl/age.h"
#include "kubectl/printers.h"
#include "kubectl/selector.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

constexpr size_t kMostShown = 3;

std::vector<std::string> Texts(text::ObjectView list) {
  std::vector<std::string> texts;
  for (const text::ObjectView item : list) texts.emplace_back(item.text());
  return texts;
}

std::string ClusterIp(text::ObjectView service, const CellContext&) {
  const text::ObjectView first = service.At("spec.clusterIPs").Item(0);
  return std::string(first ? first.TextOr("<none>") : service.At("spec.clusterIP").TextOr("<none>"));
}

// Addresses of a load balancer, sorted as the server does.
std::string BalancerText(text::ObjectView object) {
  std::set<std::string_view> addresses;
  for (const text::ObjectView ingress : object.At("status.loadBalancer.ingress")) {
    const std::string_view ip = ingress["ip"].TextOr("");
    addresses.insert(ip.empty() ? ingress["hostname"].TextOr("") : ip);
  }
  addresses.erase("");
  return fmt::format("{}", fmt::join(addresses, ","));
}

std::string ServiceExternalIp(text::ObjectView service, const CellContext&) {
  const std::string_view type = service.At("spec.type").text();
  const std::string own = fmt::format("{}", fmt::join(Texts(service.At("spec.externalIPs")), ","));
  if (type == "ExternalName") return std::string(service.At("spec.externalName").text());
  if (type == "LoadBalancer") {
    const std::string balancer = BalancerText(service);
    if (own.empty()) return balancer.empty() ? "<pending>" : balancer;
    return balancer.empty() ? own : balancer + "," + own;
  }
  if (type != "ClusterIP" && type != "NodePort" && !type.empty()) return "<unknown>";
  return service.At("spec.externalIPs").size() > 0 ? own : "<none>";
}

std::string ServicePorts(text::ObjectView service, const CellContext&) {
  std::vector<std::string> ports;
  for (const text::ObjectView port : service.At("spec.ports")) {
    const int64_t node_port = port["nodePort"].Integer();
    const std::string behind = node_port > 0 ? fmt::format(":{}", node_port) : "";
    ports.push_back(fmt::format("{}{}/{}", port["port"].Integer(), behind, port["protocol"].TextOr("TCP")));
  }
  return ports.empty() ? "<none>" : fmt::format("{}", fmt::join(ports, ","));
}

std::string ServiceSelector(text::ObjectView service, const CellContext&) {
  return LabelsText(service.At("spec.selector"));
}

std::string HostPort(std::string_view host, int64_t port) {
  const bool v6 = host.find(':') != std::string_view::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string EndpointAddresses(text::ObjectView endpoints, const CellContext&) {
  std::vector<std::string> shown;
  size_t count = 0;
  const auto add = [&](std::string text) {
    if (shown.size() < kMostShown) shown.push_back(std::move(text));
    ++count;
  };
  for (const text::ObjectView subset : endpoints["subsets"]) {
    const text::ObjectView addresses = subset["addresses"], ports = subset["ports"];
    if (ports.size() == 0) {
      for (const text::ObjectView address : addresses) add(std::string(address["ip"].text()));
    }
    for (const text::ObjectView port : ports) {
      for (const text::ObjectView address : addresses)
        add(HostPort(address["ip"].text(), port["port"].Integer()));
    }
  }
  return MoreText(shown, count, endpoints["subsets"].size() > 0 ? "" : "<none>");
}

std::string SlicePorts(text::ObjectView slice, const CellContext&) {
  std::vector<std::string> shown;
  for (const text::ObjectView port : slice["ports"]) {
    if (shown.size() < kMostShown) shown.emplace_back(port["port"].TextOr(port["name"].TextOr("*")));
  }
  return MoreText(shown, slice["ports"].size(), "<unset>");
}

std::string SliceEndpoints(text::ObjectView slice, const CellContext&) {
  std::vector<std::string> shown;
  size_t count = 0;
  for (const text::ObjectView endpoint : slice["endpoints"]) {
    for (const text::ObjectView address : endpoint["addresses"]) {
      if (shown.size() < kMostShown) shown.emplace_back(address.text());
      ++count;
    }
  }
  return MoreText(shown, count, "<unset>");
}

std::string IngressHosts(text::ObjectView ingress, const CellContext&) {
  std::vector<std::string> shown;
  size_t named = 0;
  for (const text::ObjectView rule : ingress.At("spec.rules")) {
    const std::string_view host = rule["host"].TextOr("");
    if (host.empty()) continue;
    if (shown.size() < kMostShown) shown.emplace_back(host);
    ++named;
  }
  return MoreText(shown, named > kMostShown ? ingress.At("spec.rules").size() : named, "*");
}

std::string IngressAddress(text::ObjectView ingress, const CellContext&) { return BalancerText(ingress); }
std::string IngressPorts(text::ObjectView ingress, const CellContext&) {
  return ingress.At("spec.tls").size() > 0 ? "80, 443" : "80";
}

std::string ClassParameters(text::ObjectView object, const CellContext&) {
  const text::ObjectView parameters = object.At("spec.parameters");
  if (!parameters.is_map()) return "<none>";
  const std::string_view group = parameters["apiGroup"].TextOr("");
  return fmt::format("{}{}{}/{}", parameters["kind"].text(), group.empty() ? "" : ".", group,
                     parameters["name"].text());
}

std::string PolicyPods(text::ObjectView policy, const CellContext&) {
  return SelectorText(policy.At("spec.podSelector"));
}

std::string FirstText(text::ObjectView object, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    if (const auto text = object.At(path).TextOr(""); !text.empty()) return std::string(text);
  }
  return {};
}

std::string FirstSeen(text::ObjectView event, const CellContext& context) {
  return AgeOf(FirstText(event, {"firstTimestamp", "deprecatedFirstTimestamp", "eventTime"}), context.now);
}

std::string LastSeen(text::ObjectView event, const CellContext& context) {
  if (event["series"].is_map()) return AgeOf(event.At("series.lastObservedTime").text(), context.now);
  const std::string last = FirstText(event, {"lastTimestamp", "deprecatedLastTimestamp"});
  return last.empty() ? FirstSeen(event, context) : AgeOf(last, context.now);
}

std::string EventObject(text::ObjectView event, const CellContext&) {
  const text::ObjectView target = event["involvedObject"] ? event["involvedObject"] : event["regarding"];
  std::string kind(target["kind"].text());
  std::ranges::transform(kind, kind.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const std::string_view name = target["name"].TextOr("");
  return name.empty() ? kind : fmt::format("{}/{}", kind, name);
}

std::string EventSource(text::ObjectView event, const CellContext&) {
  const std::string component = FirstText(
      event, {"source.component", "deprecatedSource.component", "reportingComponent", "reportingController"});
  const std::string host = FirstText(event, {"source.host", "deprecatedSource.host", "reportingInstance"});
  return host.empty() ? component : component + ", " + host;
}

std::string EventMessage(text::ObjectView event, const CellContext&) {
  const std::string text = FirstText(event, {"message", "note"});
  const size_t begin = text.find_first_not_of(" \t\r\n"), end = text.find_last_not_of(" \t\r\n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::string EventCount(text::ObjectView event, const CellContext&) {
  const text::ObjectView series = event.At("series.count");
  const int64_t count =
      series ? series.Integer() : event["count"].Integer(event["deprecatedCount"].Integer());
  return fmt::format("{}", series ? count : std::max<int64_t>(count, 1));
}

std::string ParentText(text::ObjectView address, const CellContext&) {
  const text::ObjectView parent = address.At("spec.parentRef");
  if (!parent.is_map()) return "<none>";
  std::string text(parent["resource"].text());
  for (const std::string_view part : {"group", "namespace", "name"}) {
    if (const auto value = parent[part].TextOr(""); !value.empty())
      (text += part == "group" ? "." : "/") += value;
  }
  return text;
}

std::string Cidrs(text::ObjectView cidr, const CellContext&) {
  return fmt::format("{}", fmt::join(Texts(cidr.At("spec.cidrs")), ","));
}

// clang-format off
constexpr ColumnRow kServices[] = {
    {"TYPE", Form::kText, "spec.type"}, {"CLUSTER-IP", Form::kFunction, "", "", ClusterIp},
    {"EXTERNAL-IP", Form::kFunction, "", "", ServiceExternalIp}, {"PORT(S)", Form::kFunction, "", "", ServicePorts},
    kAge, {"SELECTOR", Form::kFunction, "", "", ServiceSelector, true}};
constexpr ColumnRow kEndpoints[] = {{"ENDPOINTS", Form::kFunction, "", "", EndpointAddresses}, kAge};
constexpr ColumnRow kSlices[] = {
    {"ADDRESSTYPE", Form::kText, "addressType"}, {"PORTS", Form::kFunction, "", "", SlicePorts},
    {"ENDPOINTS", Form::kFunction, "", "", SliceEndpoints}, kAge};
constexpr ColumnRow kIngresses[] = {
    {"CLASS", Form::kSet, "spec.ingressClassName", "<none>"}, {"HOSTS", Form::kFunction, "", "", IngressHosts},
    {"ADDRESS", Form::kFunction, "", "", IngressAddress}, {"PORTS", Form::kFunction, "", "", IngressPorts}, kAge};
constexpr ColumnRow kIngressClasses[] = {
    {"CONTROLLER", Form::kText, "spec.controller"}, {"PARAMETERS", Form::kFunction, "", "", ClassParameters}, kAge};
constexpr ColumnRow kPolicies[] = {{"POD-SELECTOR", Form::kFunction, "", "", PolicyPods}, kAge};
constexpr ColumnRow kAddresses[] = {{"PARENTREF", Form::kFunction, "", "", ParentText}};
constexpr ColumnRow kCidrs[] = {{"CIDRS", Form::kFunction, "", "", Cidrs}, kAge};
constexpr ColumnRow kEvents[] = {
    {"LAST SEEN", Form::kFunction, "", "", LastSeen}, {"TYPE", Form::kText, "type"}, {"REASON", Form::kText, "reason"},
    {"OBJECT", Form::kFunction, "", "", EventObject},
    {"SUBOBJECT", Form::kText, "involvedObject.fieldPath|regarding.fieldPath", "", nullptr, true},
    {"SOURCE", Form::kFunction, "", "", EventSource, true}, {"MESSAGE", Form::kFunction, "", "", EventMessage},
    {"FIRST SEEN", Form::kFunction, "", "", FirstSeen, true}, {"COUNT", Form::kFunction, "", "", EventCount, true}};
constexpr PrinterRow kPrinters[] = {
    {"services", kServices}, {"endpoints", kEndpoints}, {"masterleases", kEndpoints}, {"endpointslices", kSlices},
    {"ingresses", kIngresses}, {"ingressclasses", kIngressClasses}, {"networkpolicies", kPolicies},
    {"ipaddresses", kAddresses}, {"servicecidrs", kCidrs}, {"events", kEvents, true}};
// clang-format on

}  // namespace

std::span<const PrinterRow> NetworkPrinters() { return kPrinters; }

}  // namespace etcdmedic::kubectl
