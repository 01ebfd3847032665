etcdmedic objects data
etcdmedic objects data -o name | head -3
etcdmedic objects data -o yaml | head -12
