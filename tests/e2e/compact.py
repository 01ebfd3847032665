#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A db written afresh by `db compact`: bbolt's own check finds nothing in it, and a real etcd serves from it what it served before."""
import os
import shutil
import subprocess
import sys

from server import Client, Server
from medic import Medic, picture
from served import Answers
from workload import Workload

version, built, hashkv, bbolt = sys.argv[4:8]
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv, bbolt):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
data, seed = medic.scratch / "data", 5


def serve(work):
    server = Server(binary, data, snapshot_count=2000, flags=("--bcrypt-cost", "4"))
    assert server.wait(60), server.last_words()
    client = Client(server.port)
    done = work(server, client)
    client.connection.close()
    server.stop()
    return done


def load(server, client):
    workload = Workload(client, seed)
    for _ in range(1500):
        workload.step()
    workload.compact(physical=True)
    return workload, None


def answers(server, client):
    return Answers(client, server.port, hashkv, workload, seed, False, version != "3.4")


workload, _ = serve(load)
before = serve(answers)  # after a start, as later, so that no hash comes from a cache
source, fresh = data / "member/snap/db", medic.scratch / "fresh.db"
picture_before = picture(data)
code, out, err = medic.run("db", "compact", source, fresh)
assert code == 0, (code, err)
assert picture(data) == picture_before, "the source was changed"
checked = subprocess.run([bbolt, "check", str(fresh)], capture_output=True, text=True, timeout=60)
print(f"bbolt check: {checked.stdout.strip()} {checked.stderr.strip()}; {os.path.getsize(source)} bytes became {os.path.getsize(fresh)}")
assert checked.returncode == 0 and "OK" in checked.stdout, checked
code, _, err = medic.run("db", "compact", source, fresh)
assert code != 0, "it wrote over a file that was there"
shutil.copyfile(fresh, source)
os.chmod(source, 0o600)
after = serve(answers)
assert len(before.keys) > 5 and len(before.hashes) > 5 and before.leases and before.users and before.roles
for what in ("revision", "keys", "events", "hashes", "leases", "users", "roles"):
    assert getattr(before, what) == getattr(after, what), f"{what} differ: {getattr(before, what)} {getattr(after, what)}"
print(f"etcd {version} serves the same: revision {after.revision}, keys at {len(after.keys)} revisions, {len(after.hashes)} hashes, "
      f"{len(after.events)} changes, {len(after.leases)} leases, {len(after.users)} users, {len(after.roles)} roles")
