// SPDX-License-Identifier: Apache-2.0
// What makes a backend a member of a new cluster: the log and the .snap beside it, and the entries of its
// buckets that tell of the cluster. The same as `etcdutl snapshot restore` makes. docs/format/mvcc.md, "Saved
// snapshots".
#pragma once

#include <string>

#include "bolt/extend.h"
#include "cluster/new_cluster.h"
#include "plan/new_member.h"

namespace etcdmedic::restore {

// The log and .snap of a member that has agreed to the cluster and to nothing else: one entry a member, all
// of term 1.
plan::MemberFiles FilesOf(const cluster::NewCluster& cluster, uint64_t member_id);

// What the buckets of the cluster must hold beside those files. `meta` is what bucket `meta` holds so far.
bolt::Changes ChangesOf(const cluster::NewCluster& cluster, bolt::EntriesByKey meta);

// Makes `revision` the newest one, and compacted, so that every watch of a client starts from the beginning.
void RaiseRevision(int64_t revision, bolt::Changes& changes);

// By how much to raise the revision where the backup does not tell how many the cluster made after it:
// kLeastBump, which etcd's documentation advises and which is a week of 1,500 writes a second; or more for a
// backup that is older than what that covers at kFastestCluster.
constexpr uint64_t kLeastBump = 1'000'000'000;
constexpr uint64_t kFastestCluster = 20'000;  // writes a second
uint64_t SafeBump(int64_t age_in_seconds);

}  // namespace etcdmedic::restore
