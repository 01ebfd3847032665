etcdmedic verify data
