// SPDX-License-Identifier: Apache-2.0
// etcd's and raft's own messages as tables, all releases up to 3.8: docs/format/wal.md, "Requests".
#pragma once

#include "base/message.h"

namespace etcdmedic::raft {

extern const MessageInfo kInternalRaftRequest;  // the data of a normal entry
extern const MessageInfo kRequest;              // a request of the v2 API
extern const MessageInfo kRequestHeader;
extern const MessageInfo kTxnRequest;
extern const MessageInfo kRequestOp;
extern const MessageInfo kConfChange;
extern const MessageInfo kConfChangeV2;

}  // namespace etcdmedic::raft
