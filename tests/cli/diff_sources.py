#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""diff between directories, backups and archives: the same differences whatever holds the keys, checked against lists of the keys themselves;
of two clusters, which it says first, the values count alone."""
import base64
import gzip
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic, picture

medic = Medic(sys.argv)
for corpus in ("single-3.6", "cluster-3"):
    medic.unpack(medic.source / f"testdata/corpora/{corpus}.tar.zst")
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
single, cluster = medic.scratch / "single-3.6", medic.scratch / "cluster-3"
before = picture(cluster)


def keys(path):
    """Key: value, revision."""
    code, out, err = medic.run("keys", path, "--values", "--raw", "-o", "etcdctl-json")
    assert code == 0, err
    return {base64.b64decode(kv["key"]): (base64.b64decode(kv.get("value", "")), kv["mod_revision"]) for kv in json.loads(out).get("kvs", [])}


def differences(first, second):
    code, out, err = medic.run("diff", first, second, "--raw", "-o", "json")
    found = {}
    for row in json.loads(out)["differences"]:
        key = base64.b64decode(row["key_base64"]) if "key_base64" in row else row["key"].encode()
        found[key] = (row["change"], row.get("before", {}).get("mod_revision"), row.get("after", {}).get("mod_revision"))
    assert code == bool(found), (first, second, code, err)
    return found, err.decode()


def expected(first, second, unrelated):
    a, b, found = keys(first), keys(second), {}
    for key in a.keys() | b.keys():
        x, y = a.get(key), b.get(key)
        if x is None or y is None or (x[0] != y[0] if unrelated else x != y):
            found[key] = ("added" if x is None else "removed" if y is None else "changed", x and x[1], y and y[1])
    return found


packed = medic.scratch / "snapshot.db.gz"
packed.write_bytes(gzip.compress((single / "snapshot.db").read_bytes(), 1))
bundle = medic.scratch / "bundle.tar"
subprocess.run(["tar", "-C", medic.scratch, "-cf", bundle, "cluster-3/m1", "cluster-3/m4"], check=True)

# Members of one cluster: equal ones, and one that was removed long before.
assert differences(cluster / "m1", cluster / "m2")[0] == {} == differences(f"{bundle}!cluster-3/m1", cluster / "m3/member/snap/db")[0]
late = expected(cluster / "m4", cluster / "m1", False)
assert {change for change, *_ in late.values()} == {"added"} and len(late) > 50, late
for first, second in ((cluster / "m4", cluster / "m1"), (f"{bundle}!cluster-3/m4", f"{bundle}!cluster-3/m1"), (cluster / "m4/member/snap/db", cluster / "m1")):
    found, err = differences(first, second)
    assert found == late and "of cluster" not in err, (first, second, err)

# A member and a backup of it, packed too.
saved = expected(single / "snapshot.db", single / "data", False)
assert saved == {}, "it was saved after the last write"
for backup in (single / "snapshot.db", packed):
    found, err = differences(backup, single / "data")
    assert found == saved and "cluster" not in err, (backup, err)

# Two clusters: by the ids of their logs, or by their members where a backup has no log.
clusters = {path: json.loads(medic.run("info", path, "-o", "json")[1])["cluster_id"] for path in (cluster / "m1", single / "data")}
for other in (single / "data", single / "snapshot.db", packed, medic.scratch / "minikube-like"):
    found, err = differences(cluster / "m1", other)
    assert found == expected(cluster / "m1", other, True) and found, other
    assert err.startswith(f"etcdmedic: {cluster}/m1 is of cluster {clusters[cluster / 'm1']}, {other} of "), err
    assert other != single / "data" or f"of cluster {clusters[other]}: their revisions" in err, err
    assert "only values are compared" in err, err

# The same keys in a new cluster, as after a restore: nothing differs but the cluster.
restored = medic.scratch / "restored"
code, _, err = medic.run("restore", single / "snapshot.db", "--skip-hash-check", "--output", restored)
assert code in (0, 1), err
found, err = differences(single / "snapshot.db", restored)
assert found == {} and "only values are compared" in err, (found, err)
assert picture(cluster) == before
print(f"{len(late)} keys between members")
