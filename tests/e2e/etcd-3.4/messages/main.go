// SPDX-License-Identifier: Apache-2.0

// Command messages prints the fields of all messages of etcd 3.4: package etcdmedic/tests/e2e/messages.
package main

import (
	"etcdmedic/tests/e2e/messages"

	_ "go.etcd.io/etcd/auth/authpb"
	_ "go.etcd.io/etcd/etcdserver/api/snap/snappb"
	_ "go.etcd.io/etcd/etcdserver/etcdserverpb"
	_ "go.etcd.io/etcd/lease/leasepb"
	_ "go.etcd.io/etcd/mvcc/mvccpb"
	_ "go.etcd.io/etcd/raft/raftpb"
	_ "go.etcd.io/etcd/wal/walpb"
)

func main() {
	messages.Main("authpb", "etcdserverpb", "leasepb", "mvccpb", "raftpb", "snappb", "walpb")
}
