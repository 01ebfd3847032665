#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What was deleted is named where it is asked for, printed as it was, and its time is told: lost_objects.py MEDIC SOURCE SCRATCH"""
import json
import re

from cluster import Medic, minikube

medic = Medic(__import__("sys").argv)
DATA = minikube(medic).path


def run(*words, code=0):
    got, out, err = medic.run(*words)
    assert got == code, (words, got, err)
    return out.decode(), err.decode()


# Every key of an object that is gone and whose last value is retained, by `deleted`.
rows = json.loads(run("deleted", DATA, "/registry/", "-o", "json")[0])["keys"]
gone = [row for row in rows if row["value_known"] and re.match(r"/registry/(pods|secrets|configmaps|events)/", row["key"])]
assert len(gone) >= 5, len(gone)

for row in gone:
    _, _, resource, namespace, name = row["key"].split("/", 4)
    # Asking for it says when it went and what to type.
    _, err = run("objects", DATA, resource, name, "-n", namespace, code=1)
    assert f"was deleted at revision {row['deleted_revision']} (last seen at {row['deleted_revision'] - 1})" in err, err
    command = re.search(r"`etcdmedic (undelete [^`]*)`", err)[1].split()
    text, _ = run(*command)
    # The manifest says what the object said, and nothing that only the old cluster could have set.
    head, manifest = text.split("\n", 1)
    assert f"revision {row['mod_revision']}, deleted at revision {row['deleted_revision']}" in head, head
    before, _ = run("objects", DATA, resource, name, "-n", namespace, "--rev", str(row["deleted_revision"] - 1), "-o", "yaml")
    kept = [line for line in manifest.splitlines() if line and not line.startswith("#")]
    missing = [line for line in kept if line not in before.splitlines()]
    assert kept and not missing, (row["key"], missing)
    for field in ("uid:", "resourceVersion:", "creationTimestamp:", "deletionTimestamp:", "\nstatus:"):
        assert field not in manifest, (row["key"], field)
    # It is an object that encodes.
    path = medic.scratch / "manifest.yaml"
    path.write_text(manifest)
    assert medic.run("encode", path)[0] == 0, row["key"]

# An object that was created at a revision, and whose creationTimestamp is in the interval of that revision.
checked = 0
for line in run("objects", DATA, "-A", "-o", "ndjson")[0].rstrip("\n").split("\n"):
    metadata = json.loads(line)["metadata"]
    row = json.loads(run("get", DATA, f"/registry/configmaps/{metadata.get('namespace')}/{metadata['name']}", "-o", "ndjson")[0] or "{}") \
        if json.loads(line)["kind"] == "ConfigMap" else {}
    if not row or row["create_revision"] < 1700:
        continue
    when = json.loads(run("when", DATA, str(row["create_revision"]), "-o", "json")[0])
    assert when["earliest_time"] <= metadata["creationTimestamp"] <= when["latest_time"], (metadata, when)
    around = json.loads(run("rev-at", DATA, metadata["creationTimestamp"], "-o", "json")[0])
    assert around.get("revision_before", 0) < row["create_revision"] < around.get("revision_after", 1 << 62), (around, row)
    checked += 1
assert checked >= 3, checked

# What cannot be found, and a wrong revision or time, are said.
_, err = run("undelete", DATA, "secret/never", "-n", "demo", code=1)
assert "no retained revision holds" in err
assert "a revision is a number" in run("when", DATA, "x", code=16)[1]
assert "there is no revision" in run("when", DATA, "99999999", code=8)[1]
assert "a time is such as" in run("rev-at", DATA, "yesterday", code=16)[1]
assert "takes one object" in run("undelete", DATA, "pods", code=16)[1]
print(f"{len(gone)} objects brought back, {checked} times")
