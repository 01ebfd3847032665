etcdmedic db dump data cluster -o json
