// SPDX-License-Identifier: Apache-2.0
// etcd's and raft's own messages as tables, all releases up to 3.8: docs/format/wal.md, "Requests".
#pragma once

#include "proto/message.h"

namespace etcdmedic::raft {

extern const proto::MessageInfo kInternalRaftRequest;  // the data of a normal entry
extern const proto::MessageInfo kRequest;              // a request of the v2 API
extern const proto::MessageInfo kRequestHeader;
extern const proto::MessageInfo kTxnRequest;
extern const proto::MessageInfo kRequestOp;
extern const proto::MessageInfo kConfChange;
extern const proto::MessageInfo kConfChangeV2;

}  // namespace etcdmedic::raft
