// SPDX-License-Identifier: Apache-2.0
#include "kubectl/pod_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace etcdmedic::kubectl {
namespace {

bool HasCondition(text::ObjectView pod, std::string_view type, std::string_view status) {
  for (const text::ObjectView condition : pod.At("status.conditions")) {
    if (condition["type"].text() == type) return condition["status"].text() == status;
  }
  return false;
}

// An init container that runs alongside the others (a sidecar).
bool IsSidecar(text::ObjectView container) { return container["restartPolicy"].text() == "Always"; }

void NoteRestart(PodSummary& summary, text::ObjectView status) {
  const std::string_view finished = status.At("lastState.terminated.finishedAt").TextOr("");
  summary.last_restart = std::max(summary.last_restart, finished);  // both in UTC and of one width
}

std::string ExitText(text::ObjectView terminated) {
  const int64_t signal = terminated["signal"].Integer();
  return signal != 0 ? fmt::format("Signal:{}", signal)
                     : fmt::format("ExitCode:{}", terminated["exitCode"].Integer());
}

// What the first init container that is not done has to say; empty where all are.
class InitContainers {
 public:
  InitContainers(text::ObjectView pod, PodSummary& summary) : summary_(summary) {
    for (const text::ObjectView container : pod.At("spec.initContainers")) specs_.push_back(container);
    size_t at = 0;
    for (const text::ObjectView status : pod.At("status.initContainerStatuses")) {
      if (!Take(status, at++)) return;
    }
  }
  const std::string& waiting() const { return waiting_; }
  int64_t sidecar_restarts() const { return sidecar_restarts_; }
  std::string_view sidecar_last_restart() const { return sidecar_last_restart_; }

 private:
  bool SidecarCalled(std::string_view name) const {
    return std::ranges::any_of(
        specs_, [&](text::ObjectView spec) { return spec["name"].text() == name && IsSidecar(spec); });
  }

  // False where this one is not done yet.
  bool Take(text::ObjectView status, size_t at) {
    const bool sidecar = SidecarCalled(status["name"].text());
    summary_.restarts += status["restartCount"].Integer();
    NoteRestart(summary_, status);
    if (sidecar) {
      sidecar_restarts_ += status["restartCount"].Integer();
      sidecar_last_restart_ = summary_.last_restart;
    }
    const text::ObjectView terminated = status.At("state.terminated");
    if (terminated && terminated["exitCode"].Integer() == 0) return true;
    if (sidecar && status["started"].is_true()) {
      summary_.ready += status["ready"].is_true() ? 1 : 0;
      return true;
    }
    const std::string_view reason = status.At("state.waiting.reason").TextOr("");
    if (terminated) {
      const std::string_view why = terminated["reason"].TextOr("");
      waiting_ = "Init:" + (why.empty() ? ExitText(terminated) : std::string(why));
    } else if (!reason.empty() && reason != "PodInitializing") {
      waiting_ = fmt::format("Init:{}", reason);
    } else {
      waiting_ = fmt::format("Init:{}/{}", at, specs_.size());
    }
    return false;
  }

  PodSummary& summary_;
  std::vector<text::ObjectView> specs_;
  std::string waiting_;
  int64_t sidecar_restarts_ = 0;
  std::string_view sidecar_last_restart_;
};

// The ordinary containers, the last one first: the first that is in trouble is named.
void TakeContainers(text::ObjectView pod, PodSummary& summary) {
  const text::ObjectView list = pod.At("status.containerStatuses");
  std::vector<text::ObjectView> statuses(list.begin(), list.end());
  bool running = false;
  for (auto at = statuses.rbegin(); at != statuses.rend(); ++at) {
    const text::ObjectView status = *at, terminated = status.At("state.terminated");
    summary.restarts += status["restartCount"].Integer();
    NoteRestart(summary, status);
    if (const auto waiting = status.At("state.waiting.reason").TextOr(""); !waiting.empty()) {
      summary.status = waiting;
    } else if (terminated) {
      const std::string_view why = terminated["reason"].TextOr("");
      summary.status = why.empty() ? ExitText(terminated) : std::string(why);
    } else if (status["ready"].is_true() && status.At("state.running")) {
      running = true;
      ++summary.ready;
    }
  }
  if (summary.status == "Completed" && running) {
    summary.status = HasCondition(pod, "Ready", "True") ? "Running" : "NotReady";
  }
}

bool IsGated(text::ObjectView pod) {
  for (const text::ObjectView condition : pod.At("status.conditions")) {
    if (condition["type"].text() == "PodScheduled" && condition["reason"].text() == "SchedulingGated")
      return true;
  }
  return false;
}

}  // namespace

PodSummary SummarisePod(text::ObjectView pod) {
  PodSummary summary;
  summary.containers = static_cast<int64_t>(pod.At("spec.containers").size());
  for (const text::ObjectView container : pod.At("spec.initContainers"))
    summary.containers += IsSidecar(container) ? 1 : 0;
  const std::string_view phase = pod.At("status.phase").text(), why = pod.At("status.reason").TextOr("");
  summary.status = IsGated(pod) ? "SchedulingGated" : why.empty() ? phase : why;
  const InitContainers init(pod, summary);
  if (!init.waiting().empty()) summary.status = init.waiting();
  if (init.waiting().empty() || HasCondition(pod, "Initialized", "True")) {
    summary.restarts = init.sidecar_restarts();
    summary.last_restart = init.sidecar_last_restart();
    TakeContainers(pod, summary);
  }
  if (!pod.At("metadata.deletionTimestamp").TextOr("").empty()) {
    if (why == "NodeLost")
      summary.status = "Unknown";
    else if (phase != "Succeeded" && phase != "Failed")
      summary.status = "Terminating";
  }
  return summary;
}

}  // namespace etcdmedic::kubectl
