etcdmedic db stat data
