// SPDX-License-Identifier: Apache-2.0

// Command etcd is the real server, built from its module, with the one thing that tests need to turn: the size of a WAL segment.
package main

import (
	"os"
	"strconv"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"go.etcd.io/etcd/server/v3/storage/wal"
)

func main() {
	if text := os.Getenv("ETCD_WAL_SEGMENT_BYTES"); text != "" {
		if size, err := strconv.ParseInt(text, 10, 64); err == nil {
			wal.SegmentSizeBytes = size
		}
	}
	etcdmain.Main(os.Args)
}
