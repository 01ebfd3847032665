// SPDX-License-Identifier: Apache-2.0
// The documents that etcdctl and etcdutl print with -w json, for programs that read those: bytes as base64,
// nothing that is zero.
#pragma once

#include "open_store.h"

namespace etcdmedic::tool {

// "header": cluster and member id from the log's metadata where PATH has a log, revision, and the raft term.
std::string EtcdctlHeader(const OpenedStore& opened);

struct EtcdctlQuery {
  int64_t revision = 0;
  uint64_t limit = 0;
  bool keys_only = false;
  bool count_only = false;
};

// As `etcdctl get -w json`; gives how many keys the range has. Errors: as mvcc::Store::Range.
Result<uint64_t> WriteEtcdctlRange(Context& context, const OpenedStore& opened, const mvcc::KeyRange& range,
                                   const EtcdctlQuery& query);

}  // namespace etcdmedic::tool
