etcdmedic help
etcdmedic help repair
