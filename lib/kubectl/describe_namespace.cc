// SPDX-License-Identifier: Apache-2.0
// Namespaces, with their quotas and limits.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "kubectl/age.h"
#include "kubectl/describers.h"

namespace etcdmedic::kubectl {
namespace {

// What kubectl says about a scope of a quota.
constexpr std::pair<std::string_view, std::string_view> kScopes[] = {
    {"Terminating",
     "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before "
     "being "
     "actively terminated by the system."},
    {"NotTerminating",
     "Matches all pods that do not have an active deadline. These pods usually include long running pods "
     "whose "
     "container command is not expected to terminate."},
    {"BestEffort",
     "Matches all pods that do not have resource requirements set. These pods have a best effort quality of "
     "service."},
    {"NotBestEffort",
     "Matches all pods that have at least one resource requirement set. These pods have a burstable or "
     "guaranteed "
     "quality of service."}};

void DescribeConditions(Description& out, text::ObjectView conditions) {
  if (conditions.size() == 0) return;
  out.Line(0, "Conditions:");
  out.Line(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage");
  out.Line(1, "----\t------\t------------------\t------\t-------");
  for (const text::ObjectView each : conditions) {
    out.Line(1, fmt::format("{}\t{}\t{}\t{}\t{}", each["type"].TextOr(""), each["status"].TextOr(""),
                            LongTime(each["lastTransitionTime"].TextOr("")), each["reason"].TextOr(""),
                            each["message"].TextOr("")));
  }
}

void DescribeScopes(Description& out, text::ObjectView scopes) {
  if (scopes.size() == 0) return;
  std::vector<std::string_view> names;
  for (const text::ObjectView scope : scopes) names.push_back(scope.TextOr(""));
  std::ranges::sort(names);
  out.Field(1, "Scopes", fmt::format("{}", fmt::join(names, ", ")));
  for (const std::string_view name : names) {
    const auto* row = std::ranges::find(kScopes, name, &std::pair<std::string_view, std::string_view>::first);
    if (row != std::end(kScopes)) out.Line(1, fmt::format("* {}", row->second));
  }
}

void DescribeQuota(Description& out, text::ObjectView quota) {
  out.Field(1, "Name", quota.At("metadata.name").TextOr(""));
  DescribeScopes(out, quota.At("spec.scopes"));
  out.Line(1, "Resource\tUsed\tHard");
  out.Line(1, "--------\t---\t---");
  const text::ObjectView used = quota.At("status.used");
  for (const text::ObjectView hard : Sorted(quota.At("status.hard")))
    out.Line(1, fmt::format("{}\t{}\t{}", hard.key(), used[hard.key()].TextOr("0"), hard.TextOr("0")));
}

// Each resource of each limit is a line.
void DescribeLimits(Description& out, text::ObjectView range) {
  static constexpr std::array<std::string_view, 5> kColumns = {"min", "max", "defaultRequest", "default",
                                                               "maxLimitRequestRatio"};
  for (const text::ObjectView limit : range.At("spec.limits")) {
    std::set<std::string_view> resources;
    for (const std::string_view column : kColumns) {
      for (const text::ObjectView each : limit[column]) resources.insert(each.key());
    }
    for (const std::string_view resource : resources) {
      std::string line = fmt::format(" {}\t{}", limit["type"].TextOr(""), resource);
      for (const std::string_view column : kColumns)
        line += fmt::format("\t{}", limit[column][resource].TextOr("-"));
      out.Line(0, line);
    }
  }
}

void DescribeQuotas(Description& out, std::string_view space, const DescribeContext& context) {
  bool any = false;
  context.related.Each({"resourcequotas", space, ".metadata.namespace", space}, [&](text::ObjectView quota) {
    if (!std::exchange(any, true)) out.Line(0, "Resource Quotas");
    DescribeQuota(out, quota);
  });
  if (!any) out.Line(0, "No resource quota.");
}

void DescribeRanges(Description& out, std::string_view space, const DescribeContext& context) {
  bool any = false;
  context.related.Each({"limitranges", space, ".metadata.namespace", space}, [&](text::ObjectView range) {
    if (!std::exchange(any, true)) {
      out.Line(0, "Resource Limits");
      out.Line(0, " Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio");
      out.Line(0, " ----\t--------\t---\t---\t---------------\t-------------\t-----------------------");
    }
    DescribeLimits(out, range);
  });
  if (!any) out.Line(0, "No LimitRange resource.");
}

}  // namespace

void DescribeNamespace(Description& out, text::ObjectView space, const DescribeContext& context) {
  const std::string_view name = space.At("metadata.name").TextOr("");
  out.Field(0, "Name", name);
  DescribeMarks(out, space);
  out.Field(0, "Status", space.At("status.phase").TextOr(""));
  DescribeConditions(out, space.At("status.conditions"));
  out.Line(0, "");
  DescribeQuotas(out, name, context);
  out.Line(0, "");
  DescribeRanges(out, name, context);
}

}  // namespace etcdmedic::kubectl
