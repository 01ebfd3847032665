etcdmedic audit data --target 1.32
