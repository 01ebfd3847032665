// SPDX-License-Identifier: Apache-2.0
// Finds what a damaged page was from what the rest of it proves: docs/format/bolt.md, "Leaf", "Branch".
#pragma once

#include <optional>
#include <string>

#include "bolt/node.h"

namespace etcdmedic::bolt {

// The header and the elements of a leaf or branch page, as they must have been: its id is its place, and
// writers put keys and values one after another without a gap, so that each position follows from the sizes
// before it, and a size from the positions around it. Keys, values and children are not looked at.
// `directory`: the page is of the directory of buckets. Nothing where the page does not prove it.
std::optional<std::string> HealPage(const Pages& pages, uint64_t id, bool directory);

}  // namespace etcdmedic::bolt
