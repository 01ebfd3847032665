// SPDX-License-Identifier: Apache-2.0
// Columns of namespaces, identities, access rules, limits and what extends an API server.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kubectl/age.h"
#include "kubectl/printers.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

template <class Each>
std::string Joined(text::ObjectView list, std::string_view separator, Each each) {
  std::string text;
  for (const text::ObjectView item : list) {
    const std::string part = each(item);
    if (!part.empty()) (text += text.empty() ? "" : separator) += part;
  }
  return text;
}

std::string BindingRole(text::ObjectView binding, const CellContext&) {
  return fmt::format("{}/{}", binding.At("roleRef.kind").text(), binding.At("roleRef.name").text());
}

std::string Subjects(text::ObjectView binding, std::string_view kind) {
  return Joined(binding["subjects"], ", ", [&](text::ObjectView subject) -> std::string {
    if (subject["kind"].text() != kind) return {};
    const std::string_view name = subject["name"].text();
    return kind == "ServiceAccount" ? fmt::format("{}/{}", subject["namespace"].text(), name)
                                    : std::string(name);
  });
}
std::string Users(text::ObjectView binding, const CellContext&) { return Subjects(binding, "User"); }
std::string Groups(text::ObjectView binding, const CellContext&) { return Subjects(binding, "Group"); }
std::string Accounts(text::ObjectView binding, const CellContext&) {
  return Subjects(binding, "ServiceAccount");
}

std::string BoolText(text::ObjectView value) { return value.is_true() ? "true" : "false"; }
std::string GlobalDefault(text::ObjectView priority, const CellContext&) {
  return BoolText(priority["globalDefault"]);
}

std::string ScaleTarget(text::ObjectView scaler, const CellContext&) {
  const text::ObjectView target = scaler.At("spec.scaleTargetRef");
  return fmt::format("{}/{}", target["kind"].text(), target["name"].text());
}

// One metric: what is, and what is wanted.
std::string MetricText(text::ObjectView wanted, text::ObjectView is) {
  static constexpr std::pair<std::string_view, std::string_view> kSources[] = {
      {"Resource", "resource"},
      {"ContainerResource", "containerResource"},
      {"Pods", "pods"},
      {"Object", "object"},
      {"External", "external"}};
  for (const auto& [type, member] : kSources) {
    if (wanted["type"].text() != type) continue;
    const text::ObjectView target = wanted[member]["target"], current = is[member]["current"];
    const bool resource = type.ends_with("Resource") || type == "Resource";
    const bool average = bool(target["averageValue"]);
    const bool percent = resource && !average;
    const std::string_view field = average ? "averageValue" : percent ? "averageUtilization" : "value";
    const std::string_view unit = percent ? "%" : "", name = resource ? wanted[member]["name"].text() : "";
    const std::string_view goal = target[field].TextOr("<auto>"), now = current[field].TextOr("<unknown>");
    return fmt::format("{}{}{}{}/{}{}{}", name, resource ? ": " : "", now, now == "<unknown>" ? "" : unit,
                       goal, goal == "<auto>" ? "" : unit,
                       !resource && type != "Pods" && average ? " (avg)" : "");
  }
  return "<unknown type>";
}

std::string ScaleMetrics(text::ObjectView scaler, const CellContext&) {
  static constexpr size_t kMostShown = 2;
  if (const text::ObjectView goal = scaler.At("spec.targetCPUUtilizationPercentage")) {  // autoscaling/v1
    const std::string_view now = scaler.At("status.currentCPUUtilizationPercentage").TextOr("<unknown>");
    return fmt::format("cpu: {}{}/{}%", now, now == "<unknown>" ? "" : "%", goal.text());
  }
  const text::ObjectView metrics = scaler.At("spec.metrics"), current = scaler.At("status.currentMetrics");
  std::vector<std::string> shown;
  size_t at = 0;
  for (const text::ObjectView metric : metrics) {
    if (shown.size() < kMostShown) shown.push_back(MetricText(metric, current.Item(at++)));
  }
  if (shown.empty()) return "<none>";
  const std::string text = fmt::format("{}", fmt::join(shown, ", "));
  return metrics.size() > kMostShown ? fmt::format("{} + {} more...", text, metrics.size() - kMostShown)
                                     : text;
}

// "cpu: 1/2" for every resource of a quota whose name begins with "limits." or, for `limits` false, does not.
std::string QuotaText(text::ObjectView quota, bool limits) {
  std::map<std::string_view, std::string> parts;
  const text::ObjectView used = quota.At("status.used");
  for (const text::ObjectView hard : quota.At("status.hard")) {
    if (hard.key().starts_with("limits.") != limits) continue;
    parts[hard.key()] = fmt::format("{}: {}/{}", hard.key(), used[hard.key()].TextOr("0"), hard.text());
  }
  std::string text;
  for (const auto& [name, part] : parts) (text += text.empty() ? "" : ", ") += part;
  return text;
}
std::string QuotaRequests(text::ObjectView quota, const CellContext&) { return QuotaText(quota, false); }
std::string QuotaLimits(text::ObjectView quota, const CellContext&) { return QuotaText(quota, true); }

std::string ApiServiceTarget(text::ObjectView service, const CellContext&) {
  const text::ObjectView target = service.At("spec.service");
  return target.is_map() ? fmt::format("{}/{}", target["namespace"].text(), target["name"].text()) : "Local";
}

std::string ApiServiceAvailable(text::ObjectView service, const CellContext&) {
  const text::ObjectView condition = ConditionOf(service, "Available");
  if (!condition) return "Unknown";
  const std::string_view status = condition["status"].text(), reason = condition["reason"].TextOr("");
  return status == "True" || reason.empty() ? std::string(status) : fmt::format("{} ({})", status, reason);
}

std::string RequestedDuration(text::ObjectView request, const CellContext&) {
  const text::ObjectView seconds = request.At("spec.expirationSeconds");
  return seconds ? HumanDuration(seconds.Integer()) : "<none>";
}

std::string RequestCondition(text::ObjectView request, const CellContext&) {
  std::string text;
  for (const std::string_view type : {"Approved", "Denied", "Failed"}) {
    if (ConditionOf(request, type)) (text += text.empty() ? "" : ",") += type;
  }
  if (text.empty()) text = "Pending";
  return text + (request.At("status.certificate").TextOr("").empty() ? "" : ",Issued");
}

std::string FlowMissing(text::ObjectView schema, const CellContext&) {
  const text::ObjectView condition = ConditionOf(schema, "Dangling");
  return condition ? std::string(condition["status"].text()) : "?";
}

// clang-format off
constexpr ColumnRow kCreated = {"CREATED AT", Form::kText, "metadata.creationTimestamp"};
constexpr ColumnRow kNamespaces[] = {{"STATUS", Form::kText, "status.phase"}, kAge};
constexpr ColumnRow kAgeOnly[] = {kAge};
constexpr ColumnRow kCreatedOnly[] = {kCreated};
constexpr ColumnRow kBindings[] = {
    {"ROLE", Form::kFunction, "", "", BindingRole}, kAge, {"USERS", Form::kFunction, "", "", Users, true},
    {"GROUPS", Form::kFunction, "", "", Groups, true}, {"SERVICEACCOUNTS", Form::kFunction, "", "", Accounts, true}};
constexpr ColumnRow kLeases[] = {{"HOLDER", Form::kText, "spec.holderIdentity"}, kAge};
constexpr ColumnRow kScalers[] = {
    {"REFERENCE", Form::kFunction, "", "", ScaleTarget}, {"TARGETS", Form::kFunction, "", "", ScaleMetrics},
    {"MINPODS", Form::kText, "spec.minReplicas", "<unset>"}, {"MAXPODS", Form::kText, "spec.maxReplicas", "0"},
    {"REPLICAS", Form::kText, "status.currentReplicas", "0"}, kAge};
constexpr ColumnRow kBudgets[] = {
    {"MIN AVAILABLE", Form::kText, "spec.minAvailable", "N/A"},
    {"MAX UNAVAILABLE", Form::kText, "spec.maxUnavailable", "N/A"},
    {"ALLOWED DISRUPTIONS", Form::kText, "status.disruptionsAllowed", "0"}, kAge};
constexpr ColumnRow kQuotas[] = {
    {"REQUEST", Form::kFunction, "", "", QuotaRequests}, {"LIMIT", Form::kFunction, "", "", QuotaLimits}, kAge};
constexpr ColumnRow kPriorities[] = {
    {"VALUE", Form::kText, "value", "0"}, {"GLOBAL-DEFAULT", Form::kFunction, "", "", GlobalDefault}, kAge,
    {"PREEMPTIONPOLICY", Form::kText, "preemptionPolicy", "PreemptLowerPriority"}};
constexpr ColumnRow kApiServices[] = {
    {"SERVICE", Form::kFunction, "", "", ApiServiceTarget},
    {"AVAILABLE", Form::kFunction, "", "", ApiServiceAvailable}, kAge};
constexpr ColumnRow kWebhooks[] = {{"WEBHOOKS", Form::kCount, "webhooks"}, kAge};
constexpr ColumnRow kRequests[] = {
    kAge, {"SIGNERNAME", Form::kText, "spec.signerName"}, {"REQUESTOR", Form::kText, "spec.username"},
    {"REQUESTEDDURATION", Form::kFunction, "", "", RequestedDuration},
    {"CONDITION", Form::kFunction, "", "", RequestCondition}};
constexpr ColumnRow kRuntimes[] = {{"HANDLER", Form::kText, "handler"}, kAge};
constexpr ColumnRow kFlows[] = {
    {"PRIORITYLEVEL", Form::kText, "spec.priorityLevelConfiguration.name"},
    {"MATCHINGPRECEDENCE", Form::kText, "spec.matchingPrecedence", "0"},
    {"DISTINGUISHERMETHOD", Form::kText, "spec.distinguisherMethod.type", "<none>"}, kAge,
    {"MISSINGPL", Form::kFunction, "", "", FlowMissing}};
constexpr ColumnRow kLevels[] = {
    {"TYPE", Form::kText, "spec.type"},
    {"NOMINALCONCURRENCYSHARES", Form::kText, "spec.limited.nominalConcurrencyShares", "<none>"},
    {"QUEUES", Form::kText, "spec.limited.limitResponse.queuing.queues", "<none>"},
    {"HANDSIZE", Form::kText, "spec.limited.limitResponse.queuing.handSize", "<none>"},
    {"QUEUELENGTHLIMIT", Form::kText, "spec.limited.limitResponse.queuing.queueLengthLimit", "<none>"}, kAge};
constexpr PrinterRow kPrinters[] = {
    {"namespaces", kNamespaces}, {"serviceaccounts", kAgeOnly}, {"roles", kCreatedOnly},
    {"clusterroles", kCreatedOnly}, {"limitranges", kCreatedOnly},
    {"rolebindings", kBindings}, {"clusterrolebindings", kBindings}, {"leases", kLeases},
    {"horizontalpodautoscalers", kScalers}, {"poddisruptionbudgets", kBudgets}, {"resourcequotas", kQuotas},
    {"priorityclasses", kPriorities}, {"apiservices", kApiServices},
    {"mutatingwebhookconfigurations", kWebhooks}, {"validatingwebhookconfigurations", kWebhooks},
    {"certificatesigningrequests", kRequests}, {"runtimeclasses", kRuntimes}, {"flowschemas", kFlows},
    {"prioritylevelconfigurations", kLevels}};
// clang-format on

}  // namespace

std::span<const PrinterRow> PolicyPrinters() { return kPrinters; }

}  // namespace etcdmedic::kubectl
