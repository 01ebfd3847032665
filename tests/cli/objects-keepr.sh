etcdmedic objects data pod keepr -o yaml
