// SPDX-License-Identifier: Apache-2.0

// Command messages prints the fields of all messages of etcd 3.7: package etcdmedic/tests/e2e/messages.
package main

import (
	"etcdmedic/tests/e2e/messages"

	_ "go.etcd.io/etcd/api/v3/authpb"
	_ "go.etcd.io/etcd/api/v3/etcdserverpb"
	_ "go.etcd.io/etcd/api/v3/membershippb"
	_ "go.etcd.io/etcd/api/v3/mvccpb"
	_ "go.etcd.io/etcd/server/v3/etcdserver/api/snap/snappb"
	_ "go.etcd.io/etcd/server/v3/lease/leasepb"
	_ "go.etcd.io/etcd/server/v3/storage/wal/walpb"
	_ "go.etcd.io/raft/v3/raftpb"
)

func main() {
	messages.Main("authpb", "etcdserverpb", "leasepb", "membershippb", "mvccpb", "raftpb", "snappb", "walpb")
}
