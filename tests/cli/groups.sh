etcdmedic help wal
etcdmedic wal --help
etcdmedic snapshot
echo $?
etcdmedic wall dump data
etcdmedic -o json info data | head -2
etcdmedic snapshot restore data
etcdmedic status data | head -1
etcdmedic member list data | wc -l
etcdmedic defrag data
etcdmedic version | grep -c etcdmedic
etcdmedic explain FILE-MODE-CLOSED
