// SPDX-License-Identifier: Apache-2.0
// How far along an object is, in one word, by the rules of sigs.k8s.io/cli-utils (kstatus), which `kubectl
// tree` and other tools follow.
#pragma once

#include <cstdint>
#include <string_view>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// "Current", "InProgress", "Failed", "Terminating", or "Unknown" where nothing can be said. `now` in seconds
// since 1970.
std::string_view StatusOf(text::ObjectView object, int64_t now);

// The condition "Ready": its status, and its reason; empty where there is none.
struct Readiness {
  std::string_view status, reason;
};
Readiness ReadinessOf(text::ObjectView object);

}  // namespace etcdmedic::kubectl
