// SPDX-License-Identifier: Apache-2.0

// Command makewal writes a log with etcd's own code: the one member, then puts of about 1 KiB, a HardState after each entry, segments of the
// usual size. etcd starts from it.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"strconv"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/server/v3/storage/wal"
	"go.etcd.io/raft/v3/raftpb"
	"go.uber.org/zap"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	count, err := strconv.Atoi(os.Args[2])
	check(err)
	meta := (&etcdserverpb.Metadata{NodeID: 1, ClusterID: 2})
	raw, err := meta.Marshal()
	check(err)
	log, err := wal.Create(zap.NewNop(), os.Args[1], raw)
	check(err)
	log.SetUnsafeNoFsync()
	save := func(index uint64, kind raftpb.EntryType, data []byte) {
		entry := raftpb.Entry{Term: 2, Index: index, Type: kind, Data: data}
		check(log.Save(raftpb.HardState{Term: 2, Vote: 1, Commit: index}, []raftpb.Entry{entry}))
	}
	member := raftpb.ConfChange{ID: 1, Type: raftpb.ConfChangeAddNode, NodeID: 1,
		Context: []byte(`{"id":1,"peerURLs":["http://localhost:2380"],"name":"default"}`)}
	first, err := member.Marshal()
	check(err)
	save(1, raftpb.EntryConfChange, first)
	random := rand.New(rand.NewSource(1))
	value := make([]byte, 1024)
	for i := 2; i <= count; i++ {
		random.Read(value)
		request := etcdserverpb.InternalRaftRequest{
			Header: &etcdserverpb.RequestHeader{ID: uint64(i)},
			Put:    &etcdserverpb.PutRequest{Key: []byte(fmt.Sprintf("/registry/pods/default/pod-%06d", i%5000)), Value: value},
		}
		data, err := request.Marshal()
		check(err)
		save(uint64(i), raftpb.EntryNormal, data)
	}
	check(log.Close())
}
