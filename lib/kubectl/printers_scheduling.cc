// SPDX-License-Identifier: Apache-2.0
// Columns of devices, groups of pods and evictions.
#include <fmt/format.h>

#include <algorithm>

#include "kubectl/age.h"
#include "kubectl/printers.h"
#include "text/time.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

std::string ClaimState(text::ObjectView claim, const CellContext&) {
  const bool deleted = !claim.At("metadata.deletionTimestamp").TextOr("").empty();
  if (!claim.At("status.allocation").is_map()) return deleted ? "deleted" : "pending";
  const bool reserved = claim.At("status.reservedFor").size() > 0;
  return fmt::format("{}allocated{}", deleted ? "deleted," : "", reserved ? ",reserved" : "");
}

// A taint without a time was added when it was read.
std::string TaintAdded(text::ObjectView rule, const CellContext& context) {
  const text::ObjectView added = rule.At("spec.taint.timeAdded");
  return added && !added.is_null() ? AgeOf(added.text(), context.now) : HumanDuration(0);
}

// The condition that ends a request for the state of pools: the first of two that is true.
text::ObjectView EndOfRequest(text::ObjectView request) {
  for (const text::ObjectView condition : request.At("status.conditions")) {
    const std::string_view type = condition["type"].text();
    if ((type == "Complete" || type == "Failed") && condition["status"].text() == "True") return condition;
  }
  return {};
}

// The sum over all pools, as the server's 32 bits have it; "-" where there is none.
template <class Each>
std::string PoolSum(text::ObjectView request, Each each) {
  if (!request["status"].is_map() || EndOfRequest(request)["type"].text() == "Failed") return "-";
  int64_t sum = 0;
  for (const text::ObjectView pool : request.At("status.pools")) sum += each(pool);
  return fmt::format("{}", static_cast<int32_t>(sum));
}

std::string TotalDevices(text::ObjectView request, const CellContext&) {
  return PoolSum(request, [](text::ObjectView pool) { return pool["totalDevices"].Integer(); });
}
std::string AvailableDevices(text::ObjectView request, const CellContext&) {
  return PoolSum(request, [](text::ObjectView pool) { return pool["availableDevices"].Integer(); });
}
std::string AllocatedDevices(text::ObjectView request, const CellContext&) {
  return PoolSum(request, [](text::ObjectView pool) { return pool["allocatedDevices"].Integer(); });
}
std::string UnavailableDevices(text::ObjectView request, const CellContext&) {
  return PoolSum(request, [](text::ObjectView pool) { return pool["unavailableDevices"].Integer(); });
}
std::string PoolErrors(text::ObjectView request, const CellContext&) {
  return PoolSum(request, [](text::ObjectView pool) { return pool["validationError"] ? 1 : 0; });
}

std::string PoolStatus(text::ObjectView request, const CellContext&) {
  const std::string_view end = EndOfRequest(request)["type"].TextOr("Pending");
  const int64_t count = request.At("status.poolCount").Integer();
  const auto shown = static_cast<int64_t>(request.At("status.pools").size());
  return end == "Complete" && count > shown ? fmt::format("Complete ({}/{} pools)", shown, count)
                                            : std::string(end);
}

std::string PoolsCompleted(text::ObjectView request, const CellContext& context) {
  const text::ObjectView end = EndOfRequest(request);
  return end["type"].text() == "Complete" ? AgeOf(end["lastTransitionTime"].text(), context.now) : "<none>";
}

std::string SchedulingPolicy(text::ObjectView group, const CellContext&) {
  return group.At("spec.schedulingPolicy.gang").is_map() ? "Gang" : "Basic";
}

std::string GroupWorkload(text::ObjectView group, const CellContext&) {
  const text::ObjectView workload = group.At("spec.workloadRef");
  return workload.is_map() ? std::string(workload["workloadName"].TextOr("")) : "<none>";
}

std::string GroupStatus(text::ObjectView group, const CellContext&) {
  if (const text::ObjectView disrupted = ConditionOf(group, "DisruptionTarget"))
    return std::string(disrupted["reason"].TextOr(""));
  const text::ObjectView scheduled = ConditionOf(group, "PodGroupInitiallyScheduled");
  if (!scheduled) return "Pending";
  return scheduled["status"].text() == "True" ? "Scheduled" : "Unschedulable";
}

std::string EvictionTarget(text::ObjectView eviction, const CellContext&) {
  const text::ObjectView pod = eviction.At("spec.target.pod");
  return pod.is_map() ? std::string(pod["name"].TextOr("")) : "<unset>";
}

std::string EvictionTargetType(text::ObjectView eviction, const CellContext&) {
  return eviction.At("spec.target.pod").is_map() ? "Pod" : "<unset>";
}

std::string EvictionStatus(text::ObjectView eviction, const CellContext&) {
  for (const std::string_view type : {"TargetEvicted", "Failed"}) {
    const text::ObjectView condition = ConditionOf(eviction, type);
    if (condition["status"].text() == "True")
      return fmt::format("{} ({})", type, condition["reason"].TextOr(""));
  }
  return eviction.At("status.observedGeneration").Integer() > 0 ? "Progressing" : "Pending";
}

bool IsProcessed(std::string_view state) {
  return state == "Canceled" || state == "Interrupted" || state == "Completed";
}

// The responder at work, or the last one that was.
text::ObjectView ActiveTarget(text::ObjectView eviction) {
  text::ObjectView active, processed;
  for (const text::ObjectView target : eviction.At("status.targetResponders")) {
    const std::string_view state = target["state"].TextOr("");
    if (state == "Active") active = target;
    if (IsProcessed(state)) processed = target;
  }
  return active ? active : processed;
}

text::ObjectView ActiveResponder(text::ObjectView eviction) {
  const text::ObjectView target = ActiveTarget(eviction);
  for (const text::ObjectView responder : eviction.At("status.responders")) {
    if (target && responder["name"].text() == target["name"].text()) return responder;
  }
  return {};
}

std::string ActiveResponderText(text::ObjectView eviction, const CellContext&) {
  size_t begun = 0;
  const text::ObjectView targets = eviction.At("status.targetResponders");
  for (const text::ObjectView target : targets) {
    const std::string_view state = target["state"].TextOr("");
    begun += state == "Active" || IsProcessed(state) ? 1 : 0;
  }
  return fmt::format("{} ({}/{})", ActiveTarget(eviction)["name"].TextOr("<unset>"), begun, targets.size());
}

std::string ResponderStatus(text::ObjectView eviction, const CellContext& context) {
  const text::ObjectView responder = ActiveResponder(eviction);
  if (!responder) return "<unset>";
  const std::string state(ActiveTarget(eviction)["state"].TextOr(""));
  const text::ObjectView started = responder["startTime"], completed = responder["completionTime"];
  if (state == "Active" && started)
    return fmt::format("Started ({} ago)", AgeOf(started.text(), context.now));
  if (state == "Completed" && completed)
    return fmt::format("Completed ({} ago)", AgeOf(completed.text(), context.now));
  return state;
}

std::string ExpectedFinish(text::ObjectView eviction, const CellContext& context) {
  const text::ObjectView responder = ActiveResponder(eviction);
  if (!responder) return "<unknown>";
  if (IsProcessed(ActiveTarget(eviction)["state"].text())) return "-";
  const auto expected = text::ParseTime(responder["expectedCompletionTime"].TextOr(""));
  if (!expected || !responder["startTime"]) return "<unknown>";
  const int64_t ahead = expected->seconds - context.now;
  return ahead > 0 ? fmt::format("in {}", HumanDuration(ahead))
                   : fmt::format("{} ago", HumanDuration(-ahead));
}

std::string Heartbeat(text::ObjectView eviction, const CellContext& context) {
  const text::ObjectView time = ActiveResponder(eviction)["heartbeatTime"];
  return time ? fmt::format("{} ago", AgeOf(time.text(), context.now)) : "<unset>";
}

std::string ResponderMessage(text::ObjectView eviction, const CellContext&) {
  const std::string_view text = ActiveResponder(eviction)["message"].TextOr("");
  return text.empty() ? "<unset>" : std::string(text);
}

std::string Requesters(text::ObjectView eviction, const CellContext&) {
  std::vector<std::string> names;
  const text::ObjectView requesters = eviction.At("status.requesters");
  for (const text::ObjectView requester : requesters) {
    if (requester["intent"].TextOr("") != "Withdrawn") names.emplace_back(requester["name"].TextOr(""));
  }
  std::ranges::sort(names);
  const size_t count = names.size();
  names.resize(std::min<size_t>(count, 1));
  return MoreText(names, count, requesters.size() > 0 ? "<withdrawn>" : "<none>");
}

// clang-format off
constexpr ColumnRow kClaims[] = {{"STATE", Form::kFunction, "", "", ClaimState}, kAge};
constexpr ColumnRow kSlices[] = {
    {"NODE", Form::kText, "spec.nodeName"}, {"DRIVER", Form::kText, "spec.driver"},
    {"POOL", Form::kText, "spec.pool.name"}, kAge};
constexpr ColumnRow kTaints[] = {
    {"KEY", Form::kText, "spec.taint.key"}, {"VALUE", Form::kText, "spec.taint.value"},
    {"EFFECT", Form::kText, "spec.taint.effect"}, {"TIMEADDED", Form::kFunction, "", "", TaintAdded}, kAge};
constexpr ColumnRow kPools[] = {
    {"DRIVER", Form::kText, "spec.driver"}, {"TOTAL", Form::kFunction, "", "", TotalDevices},
    {"AVAILABLE", Form::kFunction, "", "", AvailableDevices}, {"ALLOCATED", Form::kFunction, "", "", AllocatedDevices},
    {"UNAVAILABLE", Form::kFunction, "", "", UnavailableDevices}, {"ERRORS", Form::kFunction, "", "", PoolErrors},
    {"POOLS", Form::kText, "status.poolCount", "0"}, {"STATUS", Form::kFunction, "", "", PoolStatus},
    {"COMPLETED", Form::kFunction, "", "", PoolsCompleted}};
constexpr ColumnRow kPolicy = {"POLICY", Form::kFunction, "", "", SchedulingPolicy};
constexpr ColumnRow kWorkload = {"WORKLOAD", Form::kFunction, "", "", GroupWorkload};
constexpr ColumnRow kGroups[] = {kPolicy, kWorkload, {"STATUS", Form::kFunction, "", "", GroupStatus}, kAge};
constexpr ColumnRow kCompositeGroups[] = {kPolicy, kWorkload, kAge};
constexpr ColumnRow kTarget = {"TARGET", Form::kFunction, "", "", EvictionTarget};
constexpr ColumnRow kTargetType = {"TARGET TYPE", Form::kFunction, "", "", EvictionTargetType};
constexpr ColumnRow kStatus = {"STATUS", Form::kFunction, "", "", EvictionStatus};
constexpr ColumnRow kEvictionRequests[] = {
    kTarget, kTargetType, kStatus, {"REQUESTER", Form::kText, "spec.requester"}, {"INTENT", Form::kText, "spec.intent"},
    kAge};
constexpr ColumnRow kEvictions[] = {
    kTarget, kTargetType, kStatus, {"ACTIVE RESPONDER", Form::kFunction, "", "", ActiveResponderText},
    {"RESPONDER STATUS", Form::kFunction, "", "", ResponderStatus},
    {"RESPONDER EXPECTED FINISH", Form::kFunction, "", "", ExpectedFinish},
    {"REQUESTERS", Form::kFunction, "", "", Requesters}, kAge,
    {"RESPONDER HEARTBEAT", Form::kFunction, "", "", Heartbeat, true},
    {"RESPONDER STATUS MESSAGE", Form::kFunction, "", "", ResponderMessage, true}};
constexpr PrinterRow kPrinters[] = {
    {"resourceclaims", kClaims}, {"resourceslices", kSlices}, {"devicetaintrules", kTaints},
    {"resourcepoolstatusrequests", kPools}, {"podgroups", kGroups}, {"compositepodgroups", kCompositeGroups},
    {"evictionrequests", kEvictionRequests}, {"evictions", kEvictions}};
// clang-format on

}  // namespace

std::span<const PrinterRow> SchedulingPrinters() { return kPrinters; }

}  // namespace etcdmedic::kubectl
