etcdmedic history data /registry/pods/default/keepr
