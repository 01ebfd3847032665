etcdmedic explain WAL-CRC-MISMATCH
etcdmedic explain '{"level":"fatal","msg":"failed to open WAL","error":"wal: file not found"}'
etcdmedic explain 'C | membership: cluster cannot be downgraded (current version: 3.0.17 is lower than determined cluster version: 3.1).'
etcdmedic explain 'database file (/var/lib/etcd/member/snap/db index 155) does not match with snapshot (index 303)' -o json
etcdmedic explain '{"level":"info","msg":"starting an etcd server"}'
etcdmedic explain 'a line that nobody knows'
