etcdmedic wal dump data --from 5 --to 7 -o yaml
