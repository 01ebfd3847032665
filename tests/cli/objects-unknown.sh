etcdmedic objects data podz
etcdmedic objects data pod nope
etcdmedic objects data pod rich
etcdmedic objects data pods -n empty
etcdmedic objects data pods -n empty -o yaml
etcdmedic objects data pod keepr -A
etcdmedic objects data pod/keepr deploy
etcdmedic objects data pods -l "a=b="
etcdmedic objects data pods -o custom-columns=A
etcdmedic objects data pods -o nonesuch
etcdmedic objects data pod keepr --rev 99999
