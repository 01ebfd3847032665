etcdmedic wal dump data --prefix /registry/pods/default/keepr
