cat > journal <<'END'
Nov 27 12:00:00 node-1 etcd[812]: {"level":"info","ts":"2026-11-27T12:00:00.1Z","caller":"etcdserver/backend.go:81","msg":"opened backend db","path":"/var/lib/etcd/member/snap/db","took":"1ms"}
Nov 27 12:00:01 node-1 etcd[812]: {"level":"warn","ts":"2026-11-27T12:00:01.1Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.1s","expected-duration":"1s"}
Nov 27 12:00:02 node-1 etcd[812]: {"level":"warn","ts":"2026-11-27T12:00:02.1Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.2s","expected-duration":"1s"}
Nov 27 12:00:03 node-1 etcd[812]: {"level":"warn","ts":"2026-11-27T12:00:03.1Z","caller":"a/b.go:1","msg":"something that nobody knows","id":17}
Nov 27 12:00:04 node-1 etcd[812]: {"level":"warn","ts":"2026-11-27T12:00:04.1Z","caller":"a/b.go:1","msg":"something that nobody knows","id":18}
Nov 27 12:00:05 node-1 etcd[812]: {"level":"panic","ts":"2026-11-27T12:00:05.1Z","logger":"raft","caller":"etcdserver/zap_raft.go:101","msg":"tocommit(458) is out of range [lastIndex(3)]. Was the raft log corrupted, truncated, or lost?"}
Nov 27 12:00:05 node-1 etcd[812]: panic: tocommit(458) is out of range [lastIndex(3)]. Was the raft log corrupted, truncated, or lost?
Nov 27 12:00:05 node-1 etcd[812]: goroutine 151 [running]:
END
etcdmedic explain journal
echo "exit $?"
gzip -k journal
etcdmedic explain journal.gz | cmp - <(etcdmedic explain < journal) && cat journal | etcdmedic explain - -o ndjson | head -c 300
echo
etcdmedic explain - < /dev/null
