etcdmedic leases data --rev 2000 --limit 2
