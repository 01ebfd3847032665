etcdmedic get data /registry/pods/default/keepr
