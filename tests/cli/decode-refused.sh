# What is not understood is an error, never an echo.
printf '' | etcdmedic decode; echo "exit $?"
echo garbage | etcdmedic decode; echo "exit $?"
echo '{"a": 1}' | etcdmedic decode; echo "exit $?"
printf 'apiVersion: v1\nkind: Pod\n' | etcdmedic decode; echo "exit $?"
etcdmedic decode data/member/snap/db; echo "exit $?"
head -c 1000 "$TESTDATA/field-reports/13-pod.bin" | etcdmedic decode > /dev/null; echo "exit $?"
printf 'k8s\0\n\r\001\002' | etcdmedic decode > /dev/null; echo "exit $?"
printf '{"key":"L2E=","value":"aGVsbG8="}' | etcdmedic decode; echo "exit $?"
