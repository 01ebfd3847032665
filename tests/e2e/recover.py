#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `recover` writes, started by a real etcd: HashKV, and everything that is served, as the server had it at that entry or revision;
a key that was deleted; a snapshot file through etcdutl; with the backend whole, gone, and damaged."""
import json
import os
import shutil
import subprocess
import sys

from server import Client, Server, b64
from medic import Medic, picture
from served import hashes, keys_at, leases, roles, users
from workload import Workload

version, built, hashkv, etcdutl = sys.argv[4:8]
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv, etcdutl):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
data, operations = medic.scratch / "data", 900
FLAGS = ("--bcrypt-cost", "4", "--max-wals", "0", "--max-snapshots", "0")


def start(folder):
    server = Server(binary, folder, snapshot_count=200, flags=FLAGS)
    assert server.wait(60), (folder, server.last_words())
    return server, Client(server.port)


def stop(server, client):
    client.connection.close()
    server.stop()


def state(server, client):
    return {"hash": hashes(hashkv, server.port, [0])[0], "keys": keys_at(client, 0), "leases": leases(client), "users": users(client),
            "roles": roles(client)}


def applied(client):
    return int(client.call("/v3/maintenance/status", {})["raftAppliedIndex"])


server, client = start(data)
workload = Workload(client, 41)
at_index, at_revision = {}, {}
for number in range(operations):
    workload.step()
    if number in (300, 600):
        at_index[applied(client)] = state(server, client)
        at_revision[workload.revision] = keys_at(client, 0)
revision = client.put("/lost/key", "it was here")
before_delete = keys_at(client, 0)
client.call("/v3/kv/deleterange", {"key": b64("/lost/key")})
# The last revisions are retained; what is older is not.
compacted = revision - 20
client.call("/v3/kv/compaction", {"revision": str(compacted), "physical": True})
for number in range(40):
    client.put(f"/more/{number % 7}", f"value {number}")
retained = compacted + 5
at_retained = keys_at(client, retained)
stop(server, client)
server, client = start(data)  # so that no hash comes from a cache, and everything is applied
last = state(server, client)
at_retained_now = keys_at(client, retained)
assert at_retained_now == at_retained
stop(server, client)
untouched = picture(data)


def recover(source, name, *flags, code=0):
    output = medic.scratch / name
    done, out, err = medic.run("recover", source, *flags, "--output", output, "-o", "json")
    assert done == code, (name, done, err)
    assert picture(data) == untouched, "the source was changed"
    return output, json.loads(out) if out else {}, err.decode()


def check(output, wanted, what, ours=True):
    assert not ours or not [entry for folder, _, names in os.walk(output) for entry in names if os.stat(os.path.join(folder, entry)).st_mode & 0o777 != 0o600]
    server, client = start(output)
    got = {key: value for key, value in state(server, client).items() if key in wanted} if not isinstance(wanted, list) else keys_at(client, 0)
    client.put("/after", "it takes writes")
    stop(server, client)
    # A log of 3.4 has passwords, and no hash of them; users are compared by name and roles.
    assert got == wanted, (what, got if isinstance(got, list) else {key: (got[key], wanted[key]) for key in wanted if got[key] != wanted[key]})
    print(f"etcd {version}: {what}: as it was")


check(recover(data, "last")[0], last, "the last state, from the backend")
gone = medic.scratch / "gone"
shutil.copytree(data, gone)
os.remove(gone / "member/snap/db")
output, document, _ = recover(gone, "from-log")
assert document["base"] == "log" and document["first_index"] == 1, document
check(output, last, "the last state, from the log alone")
damaged = medic.scratch / "damaged"
shutil.copytree(data, damaged)
with open(damaged / "member/snap/db", "r+b") as db:
    db.seek(0)
    db.write(b"\0" * 16384)
output, document, _ = recover(damaged, "from-damaged")
assert document["base"] == "log", document
check(output, last, "the last state, beside a damaged backend")
for index, wanted in at_index.items():
    output, document, _ = recover(data, f"index-{index}", "--to-index", index)
    assert document["index"] == index, document
    check(output, wanted, f"entry {index}")
for revision, wanted in at_revision.items():
    output, document, _ = recover(data, f"revision-{revision}", "--to-revision", revision)
    assert document["revision"] == revision, document
    check(output, wanted, f"revision {revision}")
output, document, _ = recover(data, "undeleted", "--before-delete", "/lost/key")
check(output, before_delete, "before a key was deleted")
# The log without its beginning: the backend's own history. etcd 3.4 has but one segment here.
segments = [name for name in sorted(os.listdir(data / "member/wal")) if name.endswith(".wal")]
if version != "3.4":
    short = medic.scratch / "short"
    shutil.copytree(data, short)
    for name in segments[:2]:
        os.remove(short / "member/wal" / name)
    output, document, err = recover(short, "history", "--to-revision", retained)
    assert document["base"] == "history" and "leases, users" in err, (document, err)
    check(output, at_retained, "a revision that the backend retains")
    _, _, err = recover(short, "too-old", "--to-revision", min(at_revision), code=8)
    assert "compacted" in err, err
    assert not (medic.scratch / "too-old").exists()


def restored(source, name, *flags):
    """A snapshot, which etcdutl takes with its hash."""
    snapshot, folder = medic.scratch / f"{name}.db", medic.scratch / name
    code, _, err = medic.run("recover", source, *flags, "--snapshot", snapshot)
    assert code == 0, err
    done = subprocess.run([etcdutl, "snapshot", "restore", str(snapshot), "--data-dir", str(folder), "--name", "m1", "--initial-cluster",
                           "m1=http://127.0.0.1:1", "--initial-advertise-peer-urls", "http://127.0.0.1:1"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return folder


check(restored(data, "undeleted-snapshot", "--before-delete", "/lost/key"), before_delete, "a snapshot before a key was deleted", ours=False)
check(restored(data / "member/snap/db", "of-db", "--to-revision", str(retained)), at_retained, "a snapshot of an older revision of a db alone", ours=False)
