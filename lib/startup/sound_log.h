// SPDX-License-Identifier: Apache-2.0
// What etcd's reader makes of segments in which nothing is wrong, told from what was read already. A log is
// read once for what it says; to predict etcd it need only be decoded again where something is wrong with
// it.
#pragma once

#include <vector>

#include "raft/log.h"

namespace etcdmedic::startup {

// True where etcd's decoder would hand out every record of `segments`, in this order, up to a clean end: no
// damage, no oddity, one chain, one metadata, no frame near the limits of any release.
bool ReadsToCleanEnd(const std::vector<const raft::Segment*>& segments);

// The entries after `index` as etcd's reader is left with them after all of `segments`.
struct EntriesAfter {
  uint64_t first = 0;  // 0 where there are none
  uint64_t last = 0;
  bool gap = false;  // an entry is missing: what etcd makes of it depends on the records in between
};
EntriesAfter FindEntriesAfter(const std::vector<const raft::Segment*>& segments, uint64_t index);

}  // namespace etcdmedic::startup
