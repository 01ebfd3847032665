etcdmedic db compact data new.db && etcdmedic verify new.db && etcdmedic db compact data new.db
