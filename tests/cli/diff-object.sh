etcdmedic diff data 2786 2809 --limit 4
