etcdmedic help wal
etcdmedic wal --help
etcdmedic snapshot
echo $?
etcdmedic wall dump data
etcdmedic -o json info data
etcdmedic snapshot restore data
etcdmedic status data
etcdmedic member list data
etcdmedic version | grep -c etcdmedic
etcdmedic explain FILE-MODE-CLOSED
