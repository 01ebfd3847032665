// SPDX-License-Identifier: Apache-2.0
// Flags that several commands take, so that they have one name and one help text.
#pragma once

#include "cli/command.h"

namespace etcdmedic::tool {

inline constexpr Flag kWalDirFlag{"--wal-dir", "DIR",
                                  "the log's directory, where etcd was run with --wal-dir"};
inline constexpr Flag kRevFlag{"--rev", "REVISION", "as it was at this revision; the newest otherwise"};
inline constexpr Flag kPresentRevFlag{
    "--rev", "REVISION",
    "must be retained; etcd keeps no history of this, so it is always that of the newest revision"};
inline constexpr Flag kLimitKeysFlag{"--limit", "N", "print N keys at most"};
inline constexpr Flag kSortKeysFlag{
    "--sort-by", "WHAT",
    "by key (default), version, create, modify or value; equal ones in the order of keys"};
inline constexpr Flag kOrderKeysFlag{"--order", "ORDER", "ascend (default) or descend"};
inline constexpr Flag kRawFlag{"--raw", "", "values as they are stored, Kubernetes' objects too"};
inline constexpr Flag kEncryptionFlag{
    "--encryption-config", "FILE",
    "the API server's EncryptionConfiguration, to open what is encrypted at rest"};
inline constexpr Flag kEtcdPrefixFlag{"--etcd-prefix", "PREFIX",
                                      "where the API server keeps its keys, where that is not /registry"};
inline constexpr Flag kPredictFlag{"--etcd-version", "X.Y",
                                   "etcd release to predict for, or all (default: detected from the files)"};
inline constexpr Flag kMetaPageFlag{"--meta", "0|1",
                                    "read from this meta page, not from the newest valid one"};
inline constexpr Flag kSearchRootFlag{"--search-root", "",
                                      "where no meta page is valid: look for the buckets among the pages"};

inline constexpr std::string_view kEtcdctlJson[] = {"etcdctl-json"};

}  // namespace etcdmedic::tool
