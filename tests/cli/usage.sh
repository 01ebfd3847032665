etcdmedic wal dmp data
etcdmedic verify --colour always data
etcdmedic wal dump data --from many
etcdmedic wal dump data --type putt
etcdmedic verify
