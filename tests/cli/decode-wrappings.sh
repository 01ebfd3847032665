# The same value in every wrapping gives the same YAML.
for form in json fields protobuf simple hexdump xxd base64 hex; do
  etcdmedic decode "$TESTDATA/k8s/wrapped/namespace.$form" 2> note | sha256sum
  sed 's/.*\///' note
done
