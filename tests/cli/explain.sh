etcdmedic explain WAL-CRC-MISMATCH
etcdmedic explain '{"level":"fatal","msg":"failed to open WAL","error":"wal: file not found"}'
etcdmedic explain 'a line that nobody knows'
