// SPDX-License-Identifier: Apache-2.0
// What a Pod needs in all, as the scheduler counts it, and its class of service.
#pragma once

#include <string_view>

#include "kubectl/quantity.h"

namespace etcdmedic::kubectl {

enum class Amounts : uint8_t { kRequests, kLimits };

// The sum over its containers, or what its init containers need meanwhile, if that is more; what is set for
// the Pod as a whole goes before; its overhead comes on top. `with_status`: also what the kubelet has given,
// which counts while a resize is under way.
Quantities AmountsOf(text::ObjectView pod, Amounts which, bool with_status);

// "Guaranteed", "Burstable" or "BestEffort"; what its status says, if it does.
std::string_view QosClassOf(text::ObjectView pod);

}  // namespace etcdmedic::kubectl
