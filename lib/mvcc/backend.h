// SPDX-License-Identifier: Apache-2.0
// What the backend says about itself: bucket `meta`, the members and the cluster version.
// docs/format/mvcc.md.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "diag/finding.h"

namespace etcdmedic::mvcc {

struct BackendState {
  uint64_t txid = 0;
  uint32_t page_size = 0;
  std::optional<uint64_t> consistent_index;  // meta/consistent_index
  std::optional<uint64_t> term;              // meta/term, since etcd 3.5
  std::string conf_state_json;               // meta/confState, since etcd 3.5; empty where absent
  std::string storage_version;               // meta/storageVersion, since etcd 3.6; empty where absent
  std::string cluster_version;               // cluster/clusterVersion; empty where absent
  std::vector<std::pair<std::string, std::string>> members;  // id in hex, JSON document
  std::vector<std::string> removed_members;                  // ids in hex
  std::optional<int64_t> revision;                           // greatest main revision in bucket `key`
  std::optional<int64_t> compact_revision;                   // meta/finishedCompactRev
};

// Reads what is above from a bbolt file. Reports DB-META-INVALID, DB-META-DAMAGED, DB-TREE-DAMAGED under
// `file`; gives nothing where no meta page is valid.
std::optional<BackendState> ReadBackendState(Bytes db, const std::string& file, diag::FindingSink& sink);

}  // namespace etcdmedic::mvcc
