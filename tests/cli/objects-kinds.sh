for kind in nodes svc deploy rs sts ds jobs cj cm secrets ns pv pvc ing sa ep endpointslices leases roles rolebindings hpa netpol crd sc pdb quota csr; do
  echo "# $kind"
  etcdmedic objects data $kind -n demo -o wide --now 2026-11-24T06:00:00Z
done
echo "# events"
etcdmedic objects data events -n default --now 2026-11-24T06:00:00Z
