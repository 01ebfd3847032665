etcdmedic decode -o ndjson < "$TESTDATA/k8s/wrapped/three.simple" | cut -c1-120
etcdmedic decode - < "$TESTDATA/k8s/wrapped/three.fields" | grep -c -- '^---$'
