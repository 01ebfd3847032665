etcdmedic info data --color sometimes
etcdmedic keys data --limit 1KiB
etcdmedic keys data --limit
etcdmedic keys data --keys-only=3
etcdmedic db pages data --use nonsense
etcdmedic objects data pods --release 1.99
etcdmedic audit data --target abc
etcdmedic verify data --etcd-version 9.9
etcdmedic wal dump data --prefix /nothing/there
echo $?
etcdmedic wal dump data/member/snap/db
etcdmedic get data --wal-dir data/member/snap/db /a
etcdmedic db check data --wal-dir data/member/wal
