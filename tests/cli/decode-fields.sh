etcdmedic decode < "$TESTDATA/k8s/wrapped/namespace.fields"
