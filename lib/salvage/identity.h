// SPDX-License-Identifier: Apache-2.0
// Whether a db and a log can be of one cluster: the revisions of another one mean other keys.
// docs/design/salvage.md, "Files of two clusters".
#pragma once

#include <set>

#include "salvage/db_source.h"
#include "salvage/log_source.h"

namespace etcdmedic::salvage {

// Every member that is, or was, one of the cluster by what the file says. Empty where it names none.
std::set<uint64_t> MembersOf(const DbSource& db);
std::set<uint64_t> MembersOf(const raft::Log& log);

// Whether a member is in both.
bool Meet(const std::set<uint64_t>& a, const std::set<uint64_t>& b);

// False where both name members, and none is named by both. True of what `snapshot restore` made and no etcd
// has started from: its db still may have the members of the cluster that it came from.
bool MayBeOfOneCluster(const DbSource& db, const raft::Log& log);

// The log of the member that `db` knows, where segments of several members are beside one another and the one
// that most of them name is a stranger to it. Nothing where that does not help, or the log's end is another
// member's.
std::optional<LogSource> LogOfKnownMember(const LogSource& mixed, const DbSource& db);

}  // namespace etcdmedic::salvage
