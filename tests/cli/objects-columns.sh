etcdmedic objects data pods -A -o "custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,READY:.status.conditions[?(@.type==\"Ready\")].status,IMAGES:.spec.containers[*].image"
etcdmedic objects data crontabs -A --now 2026-11-24T06:00:00Z
etcdmedic objects data ct/ct1 node/minikube -n demo -o name
etcdmedic objects data all -n demo -o name
