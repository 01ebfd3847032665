// SPDX-License-Identifier: Apache-2.0
// Services, with the addresses of their EndpointSlices.
#include <fmt/format.h>

#include <map>
#include <utility>

#include "kubectl/describers.h"
#include "kubectl/selector.h"

namespace etcdmedic::kubectl {
namespace {

using Form = DescribedField::Form;

constexpr DescribedField kHead[] = {
    {"Type", "spec.type"},
    {"IP Family Policy", "spec.ipFamilyPolicy", Form::kGiven},
    {"IP Families", "spec.ipFamilies", Form::kJoined, "<none>"},
    {"IP", "spec.clusterIP"},
    {"IPs", "spec.clusterIPs", Form::kJoined, "<none>"},
};
constexpr DescribedField kExternal[] = {
    {"External IPs", "spec.externalIPs", Form::kJoinedIfAny},
    {"Desired LoadBalancer IP", "spec.loadBalancerIP", Form::kGiven},
    {"External Name", "spec.externalName", Form::kGiven},
};
constexpr DescribedField kTail[] = {
    {"Session Affinity", "spec.sessionAffinity"},
    {"External Traffic Policy", "spec.externalTrafficPolicy", Form::kGiven},
    {"Internal Traffic Policy", "spec.internalTrafficPolicy", Form::kGiven},
    {"HealthCheck NodePort", "spec.healthCheckNodePort", Form::kGiven},
    {"LoadBalancer Source Ranges", "spec.loadBalancerSourceRanges", Form::kJoinedIfAny},
    {"Traffic Distribution", "spec.trafficDistribution", Form::kGiven},
};

// The addresses that are ready, by the name of the port; those of slices without ports.
struct Endpoints {
  std::map<std::string, std::vector<std::string>, std::less<>> by_port;
  std::vector<std::string> without_port;
  bool any_slice = false;
};

std::string HostAndPort(std::string_view host, int64_t port) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", port);
}

void TakeSlice(text::ObjectView slice, Endpoints& out) {
  out.any_slice = true;
  for (const text::ObjectView endpoint : slice["endpoints"]) {
    const text::ObjectView ready = endpoint.At("conditions.ready");
    if (ready && !ready.is_null() && !ready.is_true()) continue;
    const std::string_view address = endpoint["addresses"].Item(0).TextOr("");
    if (slice["ports"].size() == 0) out.without_port.emplace_back(address);
    for (const text::ObjectView port : slice["ports"])
      out.by_port[std::string(port["name"].TextOr(""))].push_back(
          HostAndPort(address, port["port"].Integer()));
  }
}

Endpoints EndpointsOf(text::ObjectView service, const DescribeContext& context) {
  Endpoints endpoints;
  context.related.Each(
      {"endpointslices.discovery.k8s.io", service.At("metadata.namespace").TextOr(""),
       ".metadata.labels['kubernetes.io/service-name']", service.At("metadata.name").TextOr("")},
      [&](text::ObjectView slice) { TakeSlice(slice, endpoints); });
  return endpoints;
}

// The first three and how many more.
std::string EndpointsText(const Endpoints& endpoints, std::string_view port) {
  static constexpr size_t kShown = 3;
  if (!endpoints.any_slice) return "<none>";
  std::vector<std::string> all = endpoints.without_port;
  if (const auto of_port = endpoints.by_port.find(port); of_port != endpoints.by_port.end())
    all.insert(all.end(), of_port->second.begin(), of_port->second.end());
  if (all.size() <= kShown) return fmt::format("{}", fmt::join(all, ","));
  return fmt::format("{} + {} more...", fmt::join(all.begin(), all.begin() + kShown, ","),
                     all.size() - kShown);
}

void DescribePort(Description& out, text::ObjectView port, const Endpoints& endpoints) {
  const std::string_view name = port["name"].TextOr(""), protocol = port["protocol"].TextOr("");
  const std::string_view shown = name.empty() ? "<unset>" : name;
  out.Field(0, "Port", fmt::format("{}\t{}/{}", shown, port["port"].Integer(), protocol));
  out.Field(0, "TargetPort", fmt::format("{}/{}", port["targetPort"].TextOr("0"), protocol));
  if (const text::ObjectView application = port["appProtocol"])
    out.Field(0, "AppProtocol", application.TextOr(""));
  if (const int64_t node_port = port["nodePort"].Integer(); node_port != 0)
    out.Field(0, "NodePort", fmt::format("{}\t{}/{}", shown, node_port, protocol));
  out.Field(0, "Endpoints", EndpointsText(endpoints, name));
}

std::string BalancerText(text::ObjectView ingress) {
  std::string text;
  bool first = true;
  for (const text::ObjectView each : ingress) {
    const std::string_view address = each["ip"].TextOr("");
    if (!std::exchange(first, false)) text += ", ";
    text += address.empty() ? each["hostname"].TextOr("") : address;
    if (const text::ObjectView mode = each["ipMode"]; mode && !address.empty())
      text += fmt::format(" ({})", mode.TextOr(""));
  }
  return text;
}

}  // namespace

void DescribeService(Description& out, text::ObjectView service, const DescribeContext& context) {
  DescribeNames(out, service);
  DescribeMarks(out, service);
  out.Field(0, "Selector", LabelsText(service.At("spec.selector")));
  out.Fields(0, kHead, service);
  out.Fields(0, kExternal, service);
  if (const text::ObjectView ingress = service.At("status.loadBalancer.ingress"); ingress.size() > 0)
    out.Field(0, "LoadBalancer Ingress", BalancerText(ingress));
  const Endpoints endpoints = EndpointsOf(service, context);
  for (const text::ObjectView port : service.At("spec.ports")) DescribePort(out, port, endpoints);
  out.Fields(0, kTail, service);
}

}  // namespace etcdmedic::kubectl
