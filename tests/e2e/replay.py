#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random operations on a real etcd: what replay makes of its log has the server's HashKV after every entry that is asked for, and
the entries of its other buckets."""
import os
import subprocess
import sys
import time

from server import Client, Server
from medic import Medic
from served import hashes
from workload import Workload

version, built, hashkv, replay = sys.argv[4:8]
everything = "--all" in sys.argv or os.environ.get("ETCDMEDIC_TEST_ALL")
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
operations = 10000 if everything else 2500
samples = 60 if everything else 25
data = medic.scratch / "data"
# The log stays whole, so that it can be replayed from its first entry.
server = Server(binary, data, snapshot_count=1000, flags=("--bcrypt-cost", "4", "--max-wals", "0", "--max-snapshots", "0"))
assert server.wait(60), server.last_words()
client = Client(server.port)
workload = Workload(client, 23)


def applied():
    return int(client.call("/v3/maintenance/status", {})["raftAppliedIndex"])


served = {}
for number in range(operations):
    workload.step()
    if number == operations // 3:
        workload.enable_auth()
    if number == operations // 2:
        workload.disable_auth()
    # While authentication is on, HashKV is asked as nobody, and that is refused.
    if number % (operations // samples) or workload.auth:
        continue
    index = applied()
    served[index] = hashes(hashkv, server.port, [0])[0]
    assert applied() == index, "the server applied an entry of its own"
client.connection.close()
server.stop()

begin = time.time()
done = subprocess.run([replay, str(data), version[2:], *map(str, sorted(served))], capture_output=True, text=True, timeout=600)
assert done.returncode == 0, (done.returncode, done.stderr)
lines = [line.split() for line in done.stdout.splitlines()]
replayed = {int(line[1]): (int(line[4]), int(line[3])) for line in lines if line[0] == "hash"}
problems = [f"after entry {index}: etcd {served[index]}, here {replayed.get(index)}" for index in served if served[index] != replayed.get(index)]
# A release up to 3.4 salts each password again; what a background job writes is in no entry.
own = {("meta", b"storageVersion".hex())}
for line in lines:
    if line[0] == "unknown":
        problems.append(f"entry {line[1]} is not known")
    if line[0] != "differs" or (line[1], line[2]) in own or (line[1] == "authUsers" and version == "3.4"):
        continue
    problems.append(f"bucket {line[1]}, key {bytes.fromhex(line[2])}: etcd {line[3]}, here {line[4]}")
compared = sum(int(line[1]) for line in lines if line[0] == "buckets")
print(f"etcd {version}: {operations} operations {dict(workload.done)}, refused {dict(workload.refused)}")
print(f"{len(served)} hashes and {compared} entries of other buckets compared in {time.time() - begin:.1f} s")
print("\n".join(problems[:20]))
assert len(served) > samples // 2 and compared > 10, "next to nothing was compared"
sys.exit(bool(problems))
