printf '\x00' | dd of=data/member/wal/0000000000000000-0000000000000000.wal bs=1 seek=300100 conv=notrunc status=none
etcdmedic verify data
etcdmedic repair data
etcdmedic repair data --apply --journal undo.journal --accept-loss >/dev/null 2>&1; echo "exit $?"
etcdmedic undo undo.journal
etcdmedic verify data >/dev/null; echo "exit $?"
