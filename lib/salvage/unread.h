// SPDX-License-Identifier: Apache-2.0
// Entries in the leaves of bucket `key` that are not records any more, so that what stood there is lost with
// them: below the compacted revision no gap between revisions would show it.
#pragma once

#include <span>
#include <vector>

#include "salvage/db_source.h"

namespace etcdmedic::salvage {

// Of the newest state: the revisions between which each of them stands. `copies`: of all sources, in the
// order of revisions. Reads the header of every leaf, and the entries of those that gave fewer records than
// they count.
std::vector<Span> UnreadEntries(const DbSource& source, std::span<const Copy> copies);

}  // namespace etcdmedic::salvage
