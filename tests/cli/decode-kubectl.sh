etcdmedic decode -o kubectl < "$TESTDATA/k8s/wrapped/namespace.json"
etcdmedic decode -o ndjson < "$TESTDATA/k8s/wrapped/namespace.protobuf"
