// SPDX-License-Identifier: Apache-2.0

// Command makekube writes a db such as a cluster of Kubernetes leaves it:
//
//	makekube OBJECTS FILE REVISIONS
//
// The objects below OBJECTS, as a real API server stored them, are multiplied under other names, namespaces and uids: leases that are
// renewed, events and Pods that come and go, and all other kinds, which are created and changed. Near the end the oldest revisions are
// compacted, so that there are free pages. The same arguments give the same keys and values.
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/types"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

const (
	batch      = 10000 // etcd commits after that many pending puts
	namespaces = 200
	nodes      = 1000
	kept       = 40000 // events and Pods each, before the oldest is deleted
)

var (
	scheme  = runtime.NewScheme()
	storage = protobuf.NewSerializer(scheme, scheme)
	magic   = []byte("k8s\x00")
	start   = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// template is an object of the real server, decoded.
type template struct {
	key    string // "/registry/pods/demo/db-5"
	stored []byte
	kind   *schema.GroupVersionKind
	object runtime.Object
}

func read(folder string) (found []template) {
	check(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".bin") {
			return err
		}
		stored, err := os.ReadFile(path)
		check(err)
		name, err := filepath.Rel(folder, strings.TrimSuffix(path, ".bin"))
		each := template{key: "/" + name, stored: stored}
		if bytes.HasPrefix(stored, magic) {
			each.object, each.kind, err = storage.Decode(stored, nil, nil)
		}
		found = append(found, each)
		return err
	}))
	return found
}

// object is one that the cluster holds: a copy of a template under a name of its own.
type object struct {
	from                 *template
	key, name, namespace string
	uid                  types.UID
	created              time.Time
	createRevision       int64
	version              int64
}

// value is what the server would store of it at that time.
func (o *object) value(now time.Time) []byte {
	copied := o.from.object.DeepCopyObject()
	accessor, err := meta.Accessor(copied)
	check(err)
	accessor.SetName(o.name)
	if accessor.GetNamespace() != "" {
		accessor.SetNamespace(o.namespace)
	}
	accessor.SetUID(o.uid)
	accessor.SetGeneration(o.version)
	accessor.SetCreationTimestamp(metav1.NewTime(o.created))
	managed := accessor.GetManagedFields()
	for i := range managed {
		managed[i].Time = &metav1.Time{Time: now}
	}
	accessor.SetManagedFields(managed)
	switch known := copied.(type) {
	case *coordinationv1.Lease:
		known.Spec.RenewTime = &metav1.MicroTime{Time: now}
		known.Spec.HolderIdentity = &o.name
	case *corev1.Pod:
		known.Spec.NodeName = fmt.Sprintf("node-%04d", o.createRevision%nodes)
		known.Status.StartTime = &metav1.Time{Time: o.created}
	case *corev1.Event:
		known.InvolvedObject.Namespace, known.Count = o.namespace, int32(o.version)
		known.FirstTimestamp, known.LastTimestamp = metav1.NewTime(o.created), metav1.NewTime(now)
	}
	copied.GetObjectKind().SetGroupVersionKind(*o.from.kind)
	var out bytes.Buffer
	check(storage.Encode(copied, &out))
	return out.Bytes()
}

// cluster makes the changes one after the other.
type cluster struct {
	random   *rand.Rand
	db       *bbolt.DB
	tx       *bbolt.Tx
	space    *bbolt.Bucket
	revision int64            // the newest
	newest   map[string]int64 // of each key that exists: the revision of its newest change
	last     int64            // up to which it will be compacted
	old      []int64          // revisions that this deletes; negative for deletions
	pending  int
	leases   []*object
	others   []*object
	brief    [2][]*object // events and Pods, the oldest first
	of       map[string][]*template
	made     int
}

func bucket(tx *bbolt.Tx, name string) *bbolt.Bucket {
	made, err := tx.CreateBucketIfNotExists([]byte(name))
	check(err)
	made.FillPercent = 0.9 // revisions only grow
	return made
}

func (c *cluster) now() time.Time {
	return start.Add(time.Duration(c.revision) * 50 * time.Millisecond)
}

func (c *cluster) begin() {
	tx, err := c.db.Begin(true)
	check(err)
	c.tx, c.space, c.pending = tx, bucket(tx, "key"), 0
}

func (c *cluster) commit() {
	check(bucket(c.tx, "meta").Put([]byte("consistent_index"), binary.BigEndian.AppendUint64(nil, uint64(c.revision+4))))
	check(bucket(c.tx, "meta").Put([]byte("term"), binary.BigEndian.AppendUint64(nil, 2)))
	check(c.tx.Commit())
}

func revisionKey(main int64) []byte {
	return append(binary.BigEndian.AppendUint64(nil, uint64(main)), '_', 0, 0, 0, 0, 0, 0, 0, 0)
}

func (c *cluster) write(key, value []byte) {
	check(c.space.Put(key, value))
	if c.pending++; c.pending == batch {
		c.commit()
		c.begin()
	}
}

func (c *cluster) supersede(key string) {
	if before, ok := c.newest[key]; ok && c.revision <= c.last {
		c.old = append(c.old, before)
	}
}

// record is mvccpb.KeyValue.
func record(key string, create, mod, version int64, value []byte) []byte {
	out := binary.AppendUvarint([]byte{1<<3 | 2}, uint64(len(key)))
	out = append(out, key...)
	for i, number := range []int64{create, mod, version} {
		out = binary.AppendUvarint(append(out, byte(i+2)<<3), uint64(number))
	}
	out = binary.AppendUvarint(append(out, 5<<3|2), uint64(len(value)))
	return append(out, value...)
}

func (c *cluster) put(key string, create, version int64, value []byte) {
	c.revision++
	c.supersede(key)
	c.newest[key] = c.revision
	c.write(revisionKey(c.revision), record(key, create, c.revision, version, value))
}

func (c *cluster) save(o *object) {
	if o.version++; o.version == 1 {
		o.createRevision, o.created = c.revision+1, c.now()
	}
	c.put(o.key, o.createRevision, o.version, o.value(c.now()))
}

func (c *cluster) remove(o *object) {
	c.revision++
	c.supersede(o.key)
	delete(c.newest, o.key)
	if c.revision < c.last {
		c.old = append(c.old, -c.revision)
	}
	tombstone := append(binary.AppendUvarint([]byte{1<<3 | 2}, uint64(len(o.key))), o.key...)
	c.write(append(revisionKey(c.revision), 't'), tombstone)
}

// copyOf gives an object like the template under a new name; its key differs from the template's in name and namespace alone.
func (c *cluster) copyOf(from *template, name, namespace string) *object {
	accessor, err := meta.Accessor(from.object)
	check(err)
	o := &object{from: from, name: name, namespace: namespace}
	o.key = strings.TrimSuffix(from.key, accessor.GetName())
	if was := accessor.GetNamespace(); was != "" {
		o.key = strings.TrimSuffix(o.key, was+"/") + namespace + "/"
	}
	o.key += name
	raw := make([]byte, 16)
	c.random.Read(raw)
	o.uid = types.UID(fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:]))
	return o
}

func (c *cluster) fresh(kind string) *object {
	from := c.of[kind][c.random.Intn(len(c.of[kind]))]
	accessor, err := meta.Accessor(from.object)
	check(err)
	c.made++
	return c.copyOf(from, fmt.Sprintf("%s-%07d", accessor.GetName(), c.made), fmt.Sprintf("team-%03d", c.random.Intn(namespaces)))
}

// change makes the next change: mostly renewals of leases, events and Pods, as in a real cluster.
func (c *cluster) change() {
	switch choice := c.random.Intn(100); {
	case choice < 30:
		c.save(c.leases[c.random.Intn(len(c.leases))])
	case choice < 60:
		c.briefly(0)
	case choice < 72:
		c.briefly(1)
	case choice < 85 && len(c.others) > 0:
		c.save(c.others[c.random.Intn(len(c.others))])
	default:
		made := c.fresh("other")
		c.others = append(c.others, made)
		c.save(made)
	}
}

// briefly creates, changes or deletes an event (0) or a Pod (1).
func (c *cluster) briefly(which int) {
	list := &c.brief[which]
	switch choice := c.random.Intn(3); {
	case choice == 0 && len(*list) > 0:
		c.save((*list)[c.random.Intn(len(*list))])
	case choice == 1 && len(*list) > kept:
		c.remove((*list)[0])
		*list = (*list)[1:]
	default:
		made := c.fresh([]string{"events", "pods"}[which])
		*list = append(*list, made)
		c.save(made)
	}
}

// compact does what etcd does when revisions up to the last are compacted.
func (c *cluster) compact() {
	at := revisionKey(c.last)
	check(bucket(c.tx, "meta").Put([]byte("scheduledCompactRev"), at))
	for _, each := range c.old {
		key := revisionKey(max(each, -each))
		if each < 0 {
			key = append(key, 't')
		}
		check(c.space.Delete(key))
		if c.pending++; c.pending >= batch {
			c.commit()
			c.begin()
		}
	}
	check(bucket(c.tx, "meta").Put([]byte("finishedCompactRev"), at))
}

func (c *cluster) sort(templates []template) {
	for i := range templates {
		each := &templates[i]
		kind := "other"
		switch each.object.(type) {
		case nil, *corev1.Namespace, *corev1.RangeAllocation, *apiextensionsv1.CustomResourceDefinition:
			continue // what is not multiplied: it would change what other objects are
		case *coordinationv1.Lease:
			kind = "leases"
		case *corev1.Event:
			kind = "events"
		case *corev1.Pod:
			kind = "pods"
		}
		if accessor, err := meta.Accessor(each.object); err == nil && strings.HasSuffix(each.key, accessor.GetName()) {
			c.of[kind] = append(c.of[kind], each)
		}
	}
}

func main() {
	for _, add := range []func(*runtime.Scheme) error{clientscheme.AddToScheme, apiextensionsv1.AddToScheme, apiregistrationv1.AddToScheme} {
		check(add(scheme))
	}
	templates := read(os.Args[1])
	revisions, err := strconv.ParseInt(os.Args[3], 10, 64)
	check(err)
	db, err := bbolt.Open(os.Args[2], 0o600, &bbolt.Options{NoFreelistSync: true, NoSync: true, FreelistType: bbolt.FreelistMapType})
	check(err)
	c := &cluster{random: rand.New(rand.NewSource(1)), db: db, revision: 1, newest: map[string]int64{}, last: revisions / 15, of: map[string][]*template{}}
	c.begin()
	for _, name := range []string{"alarm", "auth", "authRoles", "authUsers", "cluster", "key", "lease", "members", "members_removed", "meta"} {
		bucket(c.tx, name)
	}
	check(bucket(c.tx, "cluster").Put([]byte("clusterVersion"), []byte("3.6.0")))
	c.sort(templates)
	for _, each := range templates {
		c.put(each.key, c.revision+1, 1, each.stored)
	}
	for i := range nodes {
		c.leases = append(c.leases, c.copyOf(c.of["leases"][0], fmt.Sprintf("node-%04d", i), "kube-node-lease"))
	}
	for c.revision < revisions {
		if c.change(); c.revision == revisions/100*98 {
			c.compact()
		}
	}
	c.commit()
	check(db.Sync())
	check(db.Close())
}
