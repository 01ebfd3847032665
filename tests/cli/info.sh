etcdmedic info data
