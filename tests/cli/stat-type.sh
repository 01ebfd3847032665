etcdmedic wal stat data --by type
