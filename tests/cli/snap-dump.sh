etcdmedic snap dump data
