etcdmedic wal dump data --from 2276 --to 2276 --k8s
