// SPDX-License-Identifier: Apache-2.0
#include "kubectl/pod_resources.h"

#include <algorithm>

namespace etcdmedic::kubectl {
namespace {

// Whose numbers count for a container.
enum class Source : uint8_t { kSpec, kAllocated, kActuated };

bool IsOfWholePod(std::string_view name) {
  return name == "cpu" || name == "memory" || name.starts_with("hugepages-");
}

bool ResizeIsInfeasible(text::ObjectView pod) {
  for (const text::ObjectView condition : pod.At("status.conditions")) {
    if (condition["type"].text() == "PodResizePending") return condition["reason"].text() == "Infeasible";
  }
  return false;
}

text::ObjectView StatusOf(text::ObjectView pod, std::string_view name) {
  for (const std::string_view list : {"containerStatuses", "initContainerStatuses"}) {
    for (const text::ObjectView status : pod["status"][list]) {
      if (status["name"].text() == name) return status;
    }
  }
  return {};
}

class Counter {
 public:
  Counter(text::ObjectView pod, Amounts which)
      : pod_(pod),
        which_(which == Amounts::kRequests ? "requests" : "limits"),
        infeasible_(ResizeIsInfeasible(pod)) {}

  Quantities OfContainers(Source source) const {
    Quantities sum;
    for (const text::ObjectView container : pod_.At("spec.containers")) Add(sum, Of(container, source));
    Quantities sidecars, at_start;
    for (const text::ObjectView container : pod_.At("spec.initContainers")) {
      Quantities needed = Of(container, source);
      if (container["restartPolicy"].text() == "Always") {
        Add(sum, needed);
        Add(sidecars, needed);
        needed = sidecars;
      } else {
        Add(needed, sidecars);
      }
      RaiseTo(at_start, needed);
    }
    RaiseTo(sum, at_start);
    return sum;
  }

  // While a resize is under way the largest of what is wanted, promised and given counts; of one that cannot
  // be, only what is given.
  Quantities WithStatus() const {
    Quantities sum = infeasible_ ? Quantities() : OfContainers(Source::kSpec);
    RaiseTo(sum, OfContainers(Source::kActuated));
    if (which_ == "requests") RaiseTo(sum, OfContainers(Source::kAllocated));
    return sum;
  }

  std::string_view which() const { return which_; }

 private:
  Quantities Of(text::ObjectView container, Source source) const {
    const text::ObjectView spec = container["resources"][which_];
    if (source == Source::kSpec) return QuantitiesOf(spec);
    const text::ObjectView status = StatusOf(pod_, container["name"].text());
    const text::ObjectView given = status["resources"][which_], promised = status["allocatedResources"];
    if (source == Source::kActuated && given.is_map()) return QuantitiesOf(given);
    if (which_ == "requests" && promised.is_map()) return QuantitiesOf(promised);
    return infeasible_ ? Quantities() : QuantitiesOf(spec);
  }

  text::ObjectView pod_;
  std::string_view which_;
  bool infeasible_;
};

std::string_view QosOf(const Quantity& request, const Quantity& limit) {
  if (request < limit || limit < request) return "Burstable";
  return request.is_zero() ? "BestEffort" : "Guaranteed";
}

std::string_view QosOf(text::ObjectView resources) {
  const Quantities requests = QuantitiesOf(resources["requests"]), limits = QuantitiesOf(resources["limits"]);
  const auto of = [&](std::string_view name) {
    const auto request = requests.find(name), limit = limits.find(name);
    return QosOf(request == requests.end() ? Quantity() : request->second,
                 limit == limits.end() ? Quantity() : limit->second);
  };
  return of("cpu") == of("memory") ? of("cpu") : "Burstable";
}

bool IsSetForPod(text::ObjectView pod) {
  for (const std::string_view list : {"requests", "limits"}) {
    for (const text::ObjectView each : pod.At("spec.resources")[list]) {
      if (IsOfWholePod(each.key())) return true;
    }
  }
  return false;
}

}  // namespace

Quantities AmountsOf(text::ObjectView pod, Amounts which, bool with_status) {
  const Counter counter(pod, which);
  Quantities sum = with_status ? counter.WithStatus() : counter.OfContainers(Source::kSpec);
  for (const auto& [name, quantity] : QuantitiesOf(pod.At("spec.resources")[counter.which()])) {
    if (IsOfWholePod(name)) sum[name] = quantity;
  }
  for (const auto& [name, quantity] : QuantitiesOf(pod.At("spec.overhead"))) {
    const auto at = sum.find(name);
    if (which == Amounts::kRequests)
      sum[name] += quantity;
    else if (at != sum.end() && !at->second.is_zero())
      at->second += quantity;
  }
  return sum;
}

std::string_view QosClassOf(text::ObjectView pod) {
  const std::string_view known = pod.At("status.qosClass").TextOr("");
  if (!known.empty()) return known;
  if (IsSetForPod(pod)) return QosOf(pod.At("spec.resources"));
  std::string_view all;
  for (const std::string_view list : {"initContainers", "containers"}) {
    for (const text::ObjectView container : pod["spec"][list]) {
      const std::string_view one = QosOf(container["resources"]);
      if (one == "Burstable" || (!all.empty() && one != all)) return "Burstable";
      all = one;
    }
  }
  return all.empty() ? "BestEffort" : all;
}

}  // namespace etcdmedic::kubectl
