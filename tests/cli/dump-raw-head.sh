etcdmedic wal dump data --raw --limit 8
