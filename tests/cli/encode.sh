# There and back again, by way of YAML and of JSON.
etcdmedic decode < "$TESTDATA/k8s/wrapped/namespace.fields" > there.yaml
etcdmedic encode there.yaml > back
etcdmedic decode -o json back | etcdmedic encode | cmp - back
etcdmedic decode back | cmp - there.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' | etcdmedic encode | od -An -tx1
printf 'apiVersion: v1\nkind: Pod\nspec:\n  nodeNam: x\n' | etcdmedic encode
