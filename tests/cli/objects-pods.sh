etcdmedic objects data pods -A --now 2026-11-24T06:00:00Z
etcdmedic objects data po -n demo -o wide --now 2026-11-24T06:00:00Z -l app=web
etcdmedic objects data pods,rs,deploy -n demo --now 2026-11-24T06:00:00Z --show-labels --field-selector metadata.name!=rich
etcdmedic objects data po -A --no-headers -L app,tier -l "app in (web,keepr),!pod-template-hash" --now 2026-11-24T06:00:00Z
