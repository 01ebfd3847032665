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

# The timeline is the history of every key, in the order of revisions, from the log too where it reaches further back.
changes = json.loads(run("timeline", DATA, "-o", "json")[0])["changes"]
order = [(row["revision"], row["sub_revision"]) for row in changes]
assert order == sorted(set(order)) and order[0] == (2, 0) and order[-1][0] == 2809, (order[:2], order[-2:])
assert any(row.get("only_in_log") for row in changes) and not any(row.get("only_in_log") for row in changes if row["revision"] > 1641)
for key in ("/registry/pods/default/keepr", "/registry/secrets/demo/doomed", "/registry/deployments/demo/web"):
    told = [row for row in changes if row["key"] == key and not row.get("only_in_log")]
    history = json.loads(run("history", DATA, key, "-o", "json")[0])["changes"]
    assert [(row["revision"], row["verb"] == "delete") for row in told] == [(row["revision"], row["deleted"]) for row in history], key
    assert all(row[name] == past[name] for row, past in zip(told, history) for name in ("earliest_time", "latest_time")), key
web = json.loads(run("timeline", DATA, "deploy/web", "-n", "demo", "--fields", "-o", "json")[0])["changes"]
assert {row["key"] for row in web} == {"/registry/deployments/demo/web"} and [row["revision"] for row in web] == \
    [row["revision"] for row in changes if row["key"] == "/registry/deployments/demo/web"]
since = json.loads(run("timeline", DATA, "--since", "2700", "--until", "2710", "--prefix", "/registry/pods/", "-o", "json")[0])["changes"]
assert since == [row for row in changes if 2700 <= row["revision"] <= 2710 and row["key"].startswith("/registry/pods/")] and since
late = json.loads(run("timeline", DATA, "--since", "2026-11-24T05:11:20Z", "-o", "json")[0])["changes"]
assert late == changes[-len(late):] and 0 < len(late) < 60 and late[0]["latest_time"] >= "2026-11-24T05:11:20Z"
assert len(run("timeline", DATA, "--limit", "3", "-o", "ndjson")[0].splitlines()) == 3

# Blame names what the timeline shows: the last change of a field is the revision that is blamed.
for name, namespace in (("deploy/web", "demo"), ("pod/keepr", "default")):
    blamed = json.loads(run("blame", DATA, name, "-n", namespace, "-o", "json")[0])
    path = {row["field"]: row for row in blamed["fields"]}
    steps = json.loads(run("timeline", DATA, name, "-n", namespace, "--fields", "-o", "json")[0])["changes"]
    last = {}
    for row in steps:
        for field in row.get("changed_fields", [] if row["verb"] != "create" else path):
            last[field] = row["revision"]
    assert len(path) > 20 and all(row["revision"] == last[field] and not row["at_or_before"] for field, row in path.items() if field in last), name
    written = {}
    for row in blamed["fields"]:
        written.setdefault(row["revision"], []).append(row.get("manager"))
    assert len(written) > 2 and sum(manager is not None for managers in written.values() for manager in managers) > 10, written
assert path["metadata.name"]["value"] == "keepr"
replicas = {row["field"]: row for row in json.loads(run("blame", DATA, "deploy", "web", "-n", "demo", "-o", "json")[0])["fields"]}["spec.replicas"]
assert (replicas["revision"], replicas["manager"], replicas["value"]) == (2776, "kubectl", "4"), replicas
# An object whose history is compacted: what it had then is not younger.
old = json.loads(run("blame", DATA, "ns/kube-system", "-o", "json")[0])["fields"]
assert all(row["revision"] <= 1641 for row in old), old
_, err = run("blame", DATA, "secret/doomed", "-n", "demo", code=1)
assert "was deleted at revision 2792" in err, err

# What cannot be found, and a wrong revision or time, are said.
_, err = run("undelete", DATA, "secret/never", "-n", "demo", code=1)
assert "no retained revision holds" in err
assert "a revision is a number" in run("when", DATA, "x", code=16)[1]
assert "there is no revision" in run("when", DATA, "99999999", code=8)[1]
assert "a time is such as" in run("rev-at", DATA, "yesterday", code=16)[1]
assert "takes one object" in run("undelete", DATA, "pods", code=16)[1]
print(f"{len(gone)} objects brought back, {checked} times")
