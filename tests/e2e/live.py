#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a db that a real etcd is writing: every answer is one moment's truth, or says that etcd wrote over it meanwhile."""
import collections
import json
import os
import random
import sys
import threading
import time

from server import Client, Server, b64
from medic import Medic
from served import hashes
from workload import plain

version, built, hashkv = sys.argv[4:7]
everything = "--all" in sys.argv or os.environ.get("ETCDMEDIC_TEST_ALL")
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
seconds = 60 if everything else 15
data = medic.scratch / "data"
server = Server(binary, data, snapshot_count=5000)
assert server.wait(), server.last_words()
over = threading.Event()
written, broken, seen = collections.Counter(), [], collections.Counter()
MOVED = (b"DB-CHANGED-DURING-READ", b"the member committed while its db was read")


def writer(number):
    """Pairs of keys, both with the same counter in one transaction; some filling, so that pages move."""
    generator = random.Random(number)
    try:
        client = Client(server.port)
        while not over.is_set():
            pair, value = generator.randrange(60), b64(str(written[number]).encode() + b" " * generator.randrange(1500))
            puts = [{"request_put": {"key": b64(f"/pair/{number}/{pair}/{half}"), "value": value}} for half in "ab"]
            client.call("/v3/kv/txn", {"success": puts})
            written[number] += 1
            if generator.random() < 0.3:
                client.put(f"/filling/{generator.randrange(3000)}", "f" * generator.randrange(3000))
            if generator.random() < 0.002:
                compact(client)
            time.sleep(0.002)
    except Exception as error:
        broken.append(f"writer {number}: {error!r}")


def compact(client):
    revision = int(client.call("/v3/kv/range", {"key": b64("none")})["header"]["revision"])
    if revision > 400:
        try:
            client.call("/v3/kv/compaction", {"revision": str(revision - 300)})
        except RuntimeError as refused:  # another writer was faster
            assert "compacted" in str(refused), refused


def ask(*command):
    """The answer, or nothing where it says that etcd wrote over what was read."""
    code, out, err = medic.run(*command)
    seen[command[0]] += 1
    if any(moved in out + err for moved in MOVED):
        seen["moved under " + command[0]] += 1
        return None
    if code == 8 and b"compacted" in err:
        seen["compacted meanwhile"] += 1
        return None
    if code != 0:
        broken.append(f"{command[0]}: exit {code}, {err.decode()[-300:]}{out.decode()[-900:]}")
        return None
    answer = json.loads(out)
    torn = [kv for kv in answer.get("kvs", []) if "key" not in kv]
    if torn:
        broken.append(f"{command[0]}: torn silently: {str(torn)[:200]}, {err.decode()[-300:]}")
        return None
    return answer


def pairs_agree(answer):
    kvs = {kv[0]: kv for kv in map(plain, answer.get("kvs", []))}
    for key, kv in kvs.items():
        if key == b"/pair/none":
            continue
        other = kvs.get(key[:-1] + (b"b" if key.endswith(b"a") else b"a"))
        if other is None or other[1] != kv[1] or other[3] != kv[3]:
            broken.append(f"half a pair at revision {answer['header']['revision']}: {key} without its other half")
    return len(kvs)


def read_beside():
    last, held = 0, 0
    while time.time() < end:
        answer = ask("keys", data, "/pair/", "--values", "-o", "etcdctl-json")
        if answer:
            revision = int(answer["header"]["revision"])
            if revision < last:
                broken.append(f"revision {revision} after {last}")
            last = max(last, revision)
            held = max(held, pairs_agree(answer))
            older = ask("keys", data, "/pair/", "--values", "--rev", max(1, last - 100), "-o", "etcdctl-json")
            if older:
                pairs_agree(older)
        hashed = ask("hashkv", data, "--etcd-version", "3.4.23" if version == "3.4" else version, "-o", "json")
        if hashed and hashed["hash_revision"] > 1:
            compare_hash(hashed)
        for command in (("db", "check"), ("db", "stat"), ("verify",)) if seen["hashkv"] % 4 == 1 else ():
            seen["checked"] += ask(*command, data, "-o", "json") is not None
    return last, held


def compare_hash(hashed):
    try:
        value, compacted = hashes(hashkv, server.port, [hashed["hash_revision"]])[hashed["hash_revision"]]
    except AssertionError as refused:  # compacted before we could ask
        assert "compacted" in str(refused), refused
        return
    if compacted == hashed["compact_revision"]:
        seen["hashes equal"] += 1
        if value != hashed["hash"]:
            broken.append(f"hash at {hashed['hash_revision']}: etcd {value}, here {hashed['hash']}")


Client(server.port).put("/pair/none", "so that there is one")
writers = [threading.Thread(target=writer, args=(n,), daemon=True) for n in range(3)]
for thread in writers:
    thread.start()
time.sleep(1)  # for the first commits
end = time.time() + seconds
last, held = read_beside()
over.set()
for thread in writers:
    thread.join(30)
server.stop()
print(f"etcd {version}: {sum(written.values())} pairs written meanwhile, {dict(seen)}, up to revision {last}, {held} keys at once")
print("\n".join(broken[:10]))
answered = seen["keys"] + seen["hashkv"]
assert all(written[n] > 50 for n in range(3)), "a writer stood still"
assert held > 100 and answered > 30 and seen["hashes equal"] > 3, "next to nothing was read"
assert seen["moved under keys"] + seen["moved under hashkv"] < answered / 2, "most answers were none"
assert seen["checked"] > 3, "every check of the pages was overtaken"
sys.exit(bool(broken))
