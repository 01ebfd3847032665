etcdmedic elections data
