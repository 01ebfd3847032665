// SPDX-License-Identifier: Apache-2.0

// Command walverify runs etcd's own wal.Verify over a directory.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/storage/wal"
	"go.etcd.io/etcd/server/v3/storage/wal/walpb"
	"go.uber.org/zap"
)

func main() {
	state, err := wal.Verify(zap.NewNop(), os.Args[1], walpb.Snapshot{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(state)
}
