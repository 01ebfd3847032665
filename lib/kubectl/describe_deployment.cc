// SPDX-License-Identifier: Apache-2.0
// Deployments, with their ReplicaSets.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "kubectl/age.h"
#include "kubectl/describers.h"
#include "kubectl/selector.h"

namespace etcdmedic::kubectl {
namespace {

using Form = DescribedField::Form;

constexpr std::string_view kHashLabel = "pod-template-hash";

struct ReplicaSet {
  std::string created, name, text, pod_template;
};

// A selector as LabelSelector reads it; nothing where it cannot.
std::optional<LabelSelector> SelectorOf(text::ObjectView object) {
  const text::ObjectView selector = object.At("spec.selector");
  const bool any = selector["matchLabels"].size() + selector["matchExpressions"].size() > 0;
  auto parsed = LabelSelector::Parse(any ? SelectorText(selector) : "");
  return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

// What makes two templates equal: all but the label that tells ReplicaSets apart.
std::string TemplateText(text::ObjectView pod_template) {
  std::string text;
  for (const text::ObjectView each : Sorted(pod_template["metadata"])) {
    if (each.key() != "labels") each.AppendJson(text);
  }
  for (const text::ObjectView label : Sorted(pod_template.At("metadata.labels"))) {
    if (label.key() != kHashLabel) text += fmt::format("\n{}={}", label.key(), label.text());
  }
  text += '\n';
  pod_template["spec"].AppendJson(text);
  return text;
}

bool IsControlledBy(text::ObjectView object, std::string_view uid) {
  const text::ObjectView owners = object.At("metadata.ownerReferences");
  return std::any_of(owners.begin(), owners.end(), [&](text::ObjectView owner) {
    return owner["controller"].is_true() && owner["uid"].text() == uid;
  });
}

// The oldest first.
std::vector<ReplicaSet> ReplicaSetsOf(text::ObjectView deployment, const DescribeContext& context) {
  std::vector<ReplicaSet> sets;
  const auto selector = SelectorOf(deployment);
  const std::string_view uid = deployment.At("metadata.uid").TextOr("");
  context.related.Each(
      {"replicasets.apps", deployment.At("metadata.namespace").TextOr(""), ".metadata.ownerReferences[*].uid",
       uid},
      [&](text::ObjectView set) {
        if (!IsControlledBy(set, uid) || !selector || !selector->Matches(set.At("metadata.labels"))) return;
        const std::string_view name = set.At("metadata.name").TextOr("");
        sets.push_back({std::string(set.At("metadata.creationTimestamp").TextOr("")), std::string(name),
                        fmt::format("{} ({}/{} replicas created)", name, set.At("status.replicas").Integer(),
                                    set.At("spec.replicas").Integer()),
                        TemplateText(set.At("spec.template"))});
      });
  std::ranges::sort(sets, {}, [](const ReplicaSet& set) { return std::tie(set.created, set.name); });
  return sets;
}

void DescribeReplicaSets(Description& out, text::ObjectView deployment, const DescribeContext& context) {
  const std::vector<ReplicaSet> sets = ReplicaSetsOf(deployment, context);
  if (sets.empty()) return;
  const std::string wanted = TemplateText(deployment.At("spec.template"));
  const auto now = std::ranges::find(sets, wanted, &ReplicaSet::pod_template);
  std::string old;
  for (auto set = sets.begin(); set != sets.end(); ++set) {
    if (set != now) (old += old.empty() ? "" : ", ") += set->text;
  }
  out.Field(0, "OldReplicaSets", old.empty() ? "<none>" : old);
  out.Field(0, "NewReplicaSet", now == sets.end() ? "<none>" : now->text);
}

void DescribeStrategy(Description& out, text::ObjectView deployment) {
  static constexpr DescribedField kStrategy[] = {
      {"StrategyType", "spec.strategy.type"},
      {"MinReadySeconds", "spec.minReadySeconds", Form::kText, "0"},
  };
  out.Fields(0, kStrategy, deployment);
  const text::ObjectView rolling = deployment.At("spec.strategy.rollingUpdate");
  if (!rolling.is_map()) return;
  out.Field(0, "RollingUpdateStrategy",
            fmt::format("{} max unavailable, {} max surge", rolling["maxUnavailable"].TextOr("<nil>"),
                        rolling["maxSurge"].TextOr("<nil>")));
}

}  // namespace

void DescribeDeployment(Description& out, text::ObjectView deployment, const DescribeContext& context) {
  DescribeNames(out, deployment);
  out.Field(0, "CreationTimestamp", LongTime(deployment.At("metadata.creationTimestamp").TextOr("")));
  DescribeMarks(out, deployment);
  const std::string selector = SelectorText(deployment.At("spec.selector"));
  out.Field(0, "Selector", selector == "<none>" ? "" : selector);
  const text::ObjectView status = deployment["status"];
  out.Field(0, "Replicas",
            fmt::format("{} desired | {} updated | {} total | {} available | {} unavailable",
                        deployment.At("spec.replicas").Integer(), status["updatedReplicas"].Integer(),
                        status["replicas"].Integer(), status["availableReplicas"].Integer(),
                        status["unavailableReplicas"].Integer()));
  DescribeStrategy(out, deployment);
  DescribePodTemplate(out, deployment.At("spec.template"));
  DescribeReasons(out, status["conditions"]);
  DescribeReplicaSets(out, deployment, context);
}

}  // namespace etcdmedic::kubectl
