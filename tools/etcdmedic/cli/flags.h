// SPDX-License-Identifier: Apache-2.0
// Flags that several commands take, so that they have one name and one help text.
#pragma once

#include "cli/command.h"

namespace etcdmedic::tool {

inline constexpr Flag kWalDirFlag{"--wal-dir", "DIR", "the log's directory, if etcd ran with --wal-dir"};
inline constexpr Flag kRevFlag{"--rev", "REVISION", "read at this revision (default: the newest)"};
inline constexpr Flag kPresentRevFlag{
    "--rev", "REVISION", "must be retained; changes nothing, since etcd keeps no history of this"};
inline constexpr Flag kLimitKeysFlag{"--limit", "N", "print at most N keys"};
inline constexpr Flag kSortKeysFlag =
    Choice("--sort-by", "WHAT", "what keys are sorted by, ties in the order of keys (default: key)",
           [] { return SplitWords("key|version|create|modify|value"); });
inline constexpr Flag kOrderKeysFlag = Choice("--order", "ORDER", "in which order (default: ascend)",
                                              [] { return SplitWords("ascend|descend"); });
inline constexpr Flag kRawFlag{"--raw", "", "values as they are stored, Kubernetes objects too"};
inline constexpr Flag kEncryptionFlag{
    "--encryption-config", "FILE",
    "the API server's EncryptionConfiguration, to decrypt values encrypted at rest"};
inline constexpr Flag kEtcdPrefixFlag{"--etcd-prefix", "PREFIX",
                                      "the API server's --etcd-prefix, if it is not /registry"};
inline constexpr Flag kNamespaceFlag{"--namespace", "NAMESPACE", "the object's namespace (default: default)",
                                     'n'};
inline constexpr Flag kPredictFlag{"--etcd-version", "X.Y",
                                   "etcd release to predict for, or all (default: detected from the files)"};
inline constexpr Flag kReleaseToPredictFlag{"--etcd-version", "X.Y",
                                            "etcd release to predict for (default: detected from the files)"};
inline constexpr Flag kMetaPageFlag =
    Choice("--meta", "PAGE", "read from this meta page (default: the newest valid one)",
           [] { return SplitWords("0|1"); });
inline constexpr Flag kSearchRootFlag{"--search-root", "",
                                      "if no meta page is valid, search the pages for the root bucket"};

inline constexpr std::string_view kEtcdctlJson[] = {"etcdctl-json"};

}  // namespace etcdmedic::tool
