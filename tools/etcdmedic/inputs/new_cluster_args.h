// SPDX-License-Identifier: Apache-2.0
// What the commands that make members of a new cluster share: etcd's own flags.
#pragma once

#include "cli/command.h"
#include "restore/restore.h"

namespace etcdmedic::tool {

inline constexpr Flag kNewOutputFlag{"--output", "DIR", "the new data directory (default: NAME.etcd)"};
inline constexpr Flag kDataDirFlag{"--data-dir", "DIR", "the same as --output, as etcdutl has it"};
inline constexpr Flag kAllMembersFlag{"--all-members", "DIR",
                                      "instead, make every member of --initial-cluster: DIR/NAME each"};
inline constexpr Flag kNameFlag{"--name", "NAME", "of this member (default: default)"};
inline constexpr Flag kInitialClusterFlag{"--initial-cluster", "NAME=URL,...",
                                          "all members and their peer URLs (default: this member alone)"};
inline constexpr Flag kInitialTokenFlag{"--initial-cluster-token", "TOKEN",
                                        "of the new cluster (default: etcd-cluster)"};
inline constexpr Flag kAdvertiseFlag{
    "--initial-advertise-peer-urls", "URL,...",
    "of this member (default: those in --initial-cluster, else http://localhost:2380)"};
inline constexpr Flag kNewWalDirFlag{"--wal-dir", "DIR",
                                     "put the log into this new directory (default: member/wal)"};
inline constexpr Flag kLearnersFlag{"--learners", "NAME,...", "the members that do not vote"};

// The cluster, the members to make and where to put them. Errors: kUsage, as etcd has them.
Result<restore::Options> NewClusterOf(const Args& args);

}  // namespace etcdmedic::tool
