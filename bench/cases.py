# SPDX-License-Identifier: Apache-2.0
"""What bench/run.py times: ours beside the peer's program on the same data. A new case is one row.

{medic}, {peers}, {bench}, {here}, {data} and {out} stand for places. `data` is a function of data.py. `goal`: how many times faster than the
peer ours should be; `most`: how many seconds ours may take. `rounds` for what takes long. With `writes` the command makes {out}, which is
removed before each run; with `on_copy` it changes what it is given, and {out} is a copy of the data that is made before each run, untimed.
`ends`: exit codes other than 0 that a side has."""
import data

DELETED = "pod/db-5-0010283 -n team-000"  # deleted at revision 550 533
LATEST = "pod/db-5-0474965 -n team-000"  # created among the last revisions

CASES = [
    {"name": "verify of a log, against wal.Verify", "data": data.wal, "goal": 8,
     "ours": "{medic} verify {data}/member/wal", "peer": "{peers}/walverify {data}/member/wal"},
    {"name": "wal dump, against etcd-dump-logs", "data": data.wal, "goal": 30, "rounds": 2,
     "ours": "{medic} wal dump {data}", "peer": "{peers}/etcd-dump-logs {data}"},
    {"name": "wal dump --values, against etcd-dump-logs", "data": data.wal, "goal": 30, "rounds": 2,
     "ours": "{medic} wal dump {data} --values", "peer": "{peers}/etcd-dump-logs {data}"},
    {"name": "replay of a log into a db, against a start of etcd", "data": data.wal, "goal": 10, "rounds": 2, "on_copy": True,
     "ours": "{medic} recover {out} --output {out}.new", "peer": "{here}/start_etcd.py {peers}/etcd {out}"},
    {"name": "db check, pages alone as bbolt check does", "data": data.db, "goal": 3,
     "ours": "{medic} db check {data}/db", "peer": "{peers}/bbolt check {data}/db"},
    {"name": "verify of a db, keys and all, against bbolt check of its pages", "data": data.db, "goal": 3, "rounds": 3,
     "ours": "{medic} verify {data}/db", "peer": "{peers}/bbolt check {data}/db"},
    {"name": "verify of a whole member, against cat of its files", "data": data.member, "goal": 0.25, "rounds": 3,
     "ours": "{medic} verify {data}", "peer": "find {data}/member -type f -exec cat {{}} +"},
    {"name": "repair by the older meta page, against bbolt's, which does not check", "data": data.torn, "goal": 1, "rounds": 2, "on_copy": True,
     "ours": "{medic} repair {out} --apply", "ends": {"ours": 1},
     "peer": "{peers}/bbolt surgery revert-meta-page {out}/member/snap/db --output {out}/reverted"},
    {"name": "snapshot status, against etcdutl", "data": data.db, "goal": 6, "rounds": 3,
     "ours": "{medic} snapshot status {data}/db", "peer": "{peers}/etcdutl snapshot status {data}/db"},
    {"name": "hashkv, against etcdutl", "data": data.db, "goal": 6, "rounds": 3,
     "ours": "{medic} hashkv {data}/db", "peer": "{peers}/etcdutl hashkv {data}/db"},
    {"name": "keys with values, against etcd-dump-db", "data": data.db, "goal": 20, "rounds": 1,
     "ours": "{medic} keys {data}/db --values -o ndjson", "peer": "{peers}/etcd-dump-db iterate-bucket {data}/db key --decode"},
    {"name": "restore, against etcdutl", "data": data.backup, "goal": 3, "rounds": 3, "writes": True,
     "ours": "{medic} restore {data}/db --output {out}", "peer": "{peers}/etcdutl snapshot restore {data}/db --data-dir {out}"},
    {"name": "restore without its SHA-256, against etcdutl", "data": data.db, "goal": 3, "rounds": 3, "writes": True,
     "ours": "{medic} restore {data}/db --skip-hash-check --output {out}",
     "peer": "{peers}/etcdutl snapshot restore {data}/db --skip-hash-check --data-dir {out}"},
    {"name": "salvage of every page, against bbolt compact of the tree", "data": data.db, "goal": 3, "rounds": 2, "writes": True,
     "ours": "{medic} salvage {data}/db --output {out}", "peer": "{peers}/bbolt compact -o {out} {data}/db"},
    {"name": "search of every revision's value, against grep of the file", "data": data.kube, "goal": 1,
     "ours": "{medic} search {data}/db no-such-text-anywhere --all-revisions", "peer": "grep -c -a -F no-such-text-anywhere {data}/db",
     "ends": {"ours": 1, "peer": 1}},  # nothing is found
    {"name": "timeline of 1.4 million revisions, against etcd-dump-db", "data": data.kube, "most": 3, "rounds": 2,
     "ours": "{medic} timeline {data}/db", "peer": "{peers}/etcd-dump-db iterate-bucket {data}/db key --decode"},
    *({"name": f"objects -A -o {text}, against the decoder alone on all cores", "data": data.kube, "goal": 0.8,
       "ours": f"{{medic}} objects {{data}}/db -A -o {text}", "peer": f"{{bench}}/decode_db {text} {{data}}/db"}
      for text in ("yaml", "json")),
    *({"name": f"{name}, against cat of the file", "data": data.kube, "most": 0.1,
       "ours": f"{{medic}} {command}", "peer": "cat {data}/db"} for name, command in (
           ("when", "when {data}/db 700000"),
           ("blame of a new object", f"blame {{data}}/db {LATEST}"),
           ("blame of an object as old as the cluster", "blame {data}/db clusterrole/cluster-admin"),
           ("undelete of what was deleted 900 000 revisions ago", f"undelete {{data}}/db {DELETED}"))),
    *({"name": f"Kubernetes values to {text.upper()} on one core, against {against}", "data": data.values, "goal": 15, "rounds": 3,
       "ours": f"{{bench}}/decode_values {text} {{data}} {passes}", "peer": f"{{peers}}/decode {way} {text} {{data}} {passes}"}
      for text, passes in (("yaml", 40), ("json", 400)) for way, against in (("typed", "the Go types"), ("codec", "auger's way"))),
]
