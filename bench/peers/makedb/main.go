// SPDX-License-Identifier: Apache-2.0

// Command makedb writes a db in the shape that etcd gives it: `revisions` puts over half as many keys, values of about 1 KiB. The same
// arguments give the same bytes.
package main

import (
	"encoding/binary"
	"fmt"
	"math/rand"
	"os"
	"strconv"

	"go.etcd.io/bbolt"
	"go.etcd.io/etcd/api/v3/mvccpb"
)

const batch = 10000 // etcd commits after that many pending puts

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func bucket(tx *bbolt.Tx, name string) *bbolt.Bucket {
	made, err := tx.CreateBucketIfNotExists([]byte(name))
	check(err)
	made.FillPercent = 0.9 // revisions only grow
	return made
}

func main() {
	revisions, err := strconv.Atoi(os.Args[2])
	check(err)
	db, err := bbolt.Open(os.Args[1], 0o600, &bbolt.Options{NoFreelistSync: true, NoSync: true, FreelistType: bbolt.FreelistMapType})
	check(err)
	check(db.Update(func(tx *bbolt.Tx) error {
		for _, name := range []string{"alarm", "auth", "authRoles", "authUsers", "cluster", "key", "lease", "members", "members_removed", "meta"} {
			bucket(tx, name)
		}
		return bucket(tx, "cluster").Put([]byte("clusterVersion"), []byte("3.6.0"))
	}))
	random := rand.New(rand.NewSource(1))
	keys := revisions / 2
	for first := 0; first < revisions; first += batch {
		check(db.Update(func(tx *bbolt.Tx) error {
			space := bucket(tx, "key")
			for i := first; i < min(first+batch, revisions); i++ {
				check(space.Put(revision(uint64(i+2)), put(random, i, keys)))
			}
			index := binary.BigEndian.AppendUint64(nil, uint64(min(first+batch, revisions)+4))
			check(bucket(tx, "meta").Put([]byte("consistent_index"), index))
			return bucket(tx, "meta").Put([]byte("term"), binary.BigEndian.AppendUint64(nil, 2))
		}))
	}
	check(db.Sync())
	check(db.Close())
}

func revision(main uint64) []byte {
	key := append(binary.BigEndian.AppendUint64(nil, main), '_')
	return binary.BigEndian.AppendUint64(key, 0)
}

// put is the i-th: the first half creates the keys, the second changes each once.
func put(random *rand.Rand, i, keys int) []byte {
	value := make([]byte, 960+random.Intn(128))
	random.Read(value)
	value[0] = 'v' // nothing that looks like a stored object
	version := i/keys + 1
	kv := mvccpb.KeyValue{
		Key:            []byte(fmt.Sprintf("/load/group-%03d/key-%07d", i%keys%200, i%keys)),
		CreateRevision: int64(i%keys + 2), ModRevision: int64(i + 2), Version: int64(version), Value: value,
	}
	raw, err := kv.Marshal()
	check(err)
	return raw
}
