// SPDX-License-Identifier: Apache-2.0
// PersistentVolumeClaims, and the templates of them in Pods.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "kubectl/age.h"
#include "kubectl/describers.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kOldClass = "volume.beta.kubernetes.io/storage-class";

std::string_view ClassOf(text::ObjectView claim) {
  const text::ObjectView old = claim.At("metadata.annotations")[kOldClass];
  return old ? old.TextOr("") : claim.At("spec.storageClassName").TextOr("");
}

// "RWO,RWX", in a fixed order.
std::string ModesText(text::ObjectView modes) {
  static constexpr std::pair<std::string_view, std::string_view> kModes[] = {{"ReadWriteOnce", "RWO"},
                                                                             {"ReadOnlyMany", "ROX"},
                                                                             {"ReadWriteMany", "RWX"},
                                                                             {"ReadWriteOncePod", "RWOP"}};
  std::string text;
  for (const auto& [mode, letters] : kModes) {
    if (std::any_of(modes.begin(), modes.end(), [&](text::ObjectView each) { return each.text() == mode; }))
      (text += text.empty() ? "" : ",") += letters;
  }
  return text;
}

void DescribePhase(Description& out, text::ObjectView claim, int64_t now) {
  const std::string_view deleted = claim.At("metadata.deletionTimestamp").TextOr("");
  out.Field(0, "Status",
            deleted.empty() ? std::string(claim.At("status.phase").TextOr(""))
                            : fmt::format("Terminating (lasts {})", AgeOf(deleted, now)));
}

void DescribeSource(Description& out, text::ObjectView source) {
  static constexpr DescribedField kSource[] = {
      {"APIGroup", "apiGroup", DescribedField::Form::kGiven}, {"Kind", "kind"}, {"Name", "name"}};
  if (!source.is_map()) return;
  out.Line(0, "DataSource:");
  out.Fields(1, kSource, source);
}

// The Pods that mount it or own it.
std::vector<std::string> PodsOf(text::ObjectView claim, const DescribeContext& context) {
  const std::string_view space = claim.At("metadata.namespace").TextOr("");
  std::multiset<std::string> names;
  std::set<std::string> seen;
  const auto take = [&](text::ObjectView pod) {
    names.emplace(pod.At("metadata.name").TextOr(""));
    seen.emplace(pod.At("metadata.uid").TextOr(""));
  };
  context.related.Each({"pods", space, ".spec.volumes[*].persistentVolumeClaim.claimName",
                        claim.At("metadata.name").TextOr("")},
                       take);
  for (const text::ObjectView owner : claim.At("metadata.ownerReferences")) {
    const std::string uid(owner["uid"].TextOr(""));
    if (owner["kind"].text() != "Pod" || seen.contains(uid)) continue;
    context.related.Each({"pods", space, ".metadata.uid", uid}, take);
  }
  return {names.begin(), names.end()};
}

void DescribeConditions(Description& out, text::ObjectView conditions) {
  if (conditions.size() == 0) return;
  out.Line(0, "Conditions:");
  out.Line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage");
  out.Line(1, "----\t------\t-----------------\t------------------\t------\t-------");
  for (const text::ObjectView each : conditions) {
    out.Line(1, fmt::format("{} \t{} \t{} \t{} \t{} \t{}", each["type"].TextOr(""), each["status"].TextOr(""),
                            LongTime(each["lastProbeTime"].TextOr("")),
                            LongTime(each["lastTransitionTime"].TextOr("")), each["reason"].TextOr(""),
                            each["message"].TextOr("")));
  }
}

}  // namespace

void DescribeClaimSpec(Description& out, text::ObjectView claim, bool is_template, int64_t now) {
  if (!is_template) DescribeNames(out, claim);
  out.Field(0, "StorageClass", ClassOf(claim));
  if (!is_template) DescribePhase(out, claim, now);
  const std::string_view volume = claim.At("spec.volumeName").TextOr("");
  out.Field(0, "Volume", volume);
  DescribeMarks(out, claim);
  if (!is_template) out.Field(0, "Finalizers", GoList(claim.At("metadata.finalizers")));
  const bool bound = !volume.empty();
  out.Field(0, "Capacity", bound ? claim.At("status.capacity.storage").TextOr("0") : "");
  out.Field(0, "Access Modes", bound ? ModesText(claim.At("status.accessModes")) : "");
  if (const text::ObjectView mode = claim.At("spec.volumeMode")) out.Field(0, "VolumeMode", mode.TextOr(""));
  DescribeSource(out, claim.At("spec.dataSource"));
}

void DescribeClaim(Description& out, text::ObjectView claim, const DescribeContext& context) {
  DescribeClaimSpec(out, claim, false, context.now);
  out.Items(0, "Used By", PodsOf(claim, context));
  DescribeConditions(out, claim.At("status.conditions"));
}

}  // namespace etcdmedic::kubectl
