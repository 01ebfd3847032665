etcdmedic db meta data
