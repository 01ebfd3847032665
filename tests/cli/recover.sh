etcdmedic recover data --output before --to-revision 2
etcdmedic recover data
etcdmedic recover data --output whole && etcdmedic hashkv data && etcdmedic hashkv whole
etcdmedic recover data --output whole
etcdmedic recover data --output data/member/within
etcdmedic recover data --snapshot saved.db >/dev/null && etcdmedic snapshot verify saved.db
