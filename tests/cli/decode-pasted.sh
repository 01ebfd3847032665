# What people paste: the same Pod, whatever printed it.
pasted="$TESTDATA/field-reports"
for form in 13-pod.bin 13-pod.tty 13-pod.jetcd 13-pod.dumplogs decode/hex decode/hexpvo decode/jqkv decode/myjson decode/quoted; do
  etcdmedic decode "$pasted/$form" 2> note | sha256sum
  sed 's/.*field-reports.//' note
done
for dump in 'od -c' 'od -t x1' od 'od -x' 'od -A x -t x1z' hexdump 'hexdump -C' 'hexdump -c' xxd; do
  command -v ${dump%% *} > /dev/null || continue
  $dump "$pasted/13-pod.bin" | etcdmedic decode 2> /dev/null | cmp - <(etcdmedic decode "$pasted/13-pod.bin" 2> /dev/null) || echo "$dump differs"
done
etcdmedic decode -o ndjson "$pasted/decode/mywalndjson" 2> /dev/null | cut -c1-60
etcdmedic decode "$pasted/41-numbers.json" 2> /dev/null | cmp - "$pasted/41-numbers.kubectl.yaml"
