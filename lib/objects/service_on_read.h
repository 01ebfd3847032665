// SPDX-License-Identifier: Apache-2.0
// A Service as API servers give it to their clients: one that was stored by an older release gets the fields
// that came later. docs/kubernetes.md, "Values".
#pragma once

#include <cstdint>

#include "text/object_tree.h"

namespace etcdmedic::objects {

// Writes `stored`, which outlives `served`, as a server of that minor `release` does. The families of a
// headless Service stay away where they are not stored: the server takes its own, which the object does not
// tell.
void WriteServiceOnRead(text::ObjectView stored, uint8_t release, text::ObjectTree& served);

}  // namespace etcdmedic::objects
