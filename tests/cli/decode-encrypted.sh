# A value under each key, as etcd holds it.
config="$TESTDATA/k8s/encrypted/encryption-config.yaml"
for name in cbc1 cbc2 gcm1 box1; do
  while IFS=$'\t' read -r key value _; do
    base64 -d <<< "$value" > value
    grep -q ":$name:" value && break
  done < "$TESTDATA/k8s/encrypted/values.tsv"
  etcdmedic decode value --encryption-config "$config" --key "$key" -o json | grep '"name"'
done
etcdmedic decode value
sed 's/Id82/Id83/' "$config" > wrong.yaml
etcdmedic decode value --encryption-config wrong.yaml
printf 'k8s:enc:kms:v2:vault:\x0a\x02xy\x12\x05key-7' | etcdmedic decode --encryption-config wrong.yaml
