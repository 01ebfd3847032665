// SPDX-License-Identifier: Apache-2.0
// When an Event happened and how often, as `kubectl events` and `kubectl describe` say it.
#pragma once

#include <string>

#include "text/object_tree.h"
#include "text/time.h"

namespace etcdmedic::kubectl {

// By which events are sorted: when it was last seen. The year 1 where nothing tells.
text::Instant TimeOfEvent(text::ObjectView event);

// "5m", or "5m (x3 over 7m)" for what happened more than once.
std::string EventInterval(text::ObjectView event, int64_t now);

// Its message without the blanks around it.
std::string_view EventMessage(text::ObjectView event);

}  // namespace etcdmedic::kubectl
