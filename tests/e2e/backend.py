#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random operations on a real etcd, stopped and killed now and then: what it served and what is read from its files must be the same."""
import base64
import collections
import json
import os
import random
import signal
import sys
import time

from server import Client, Server, b64
from medic import Medic, picture
from served import Answers
from workload import Workload, plain

version, built, hashkv = sys.argv[4:7]
everything = "--all" in sys.argv or os.environ.get("ETCDMEDIC_TEST_ALL")
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
seed = 11
operations = 10000 if everything else 2500
stops = 8 if everything else 4
data = medic.scratch / "data"
checked, problems = collections.Counter(), []
generator = random.Random(seed)


def asked(*command):
    code, out, err = medic.run(*command)
    assert code in (0, 1), (command, code, err)
    return json.loads(out)


def hold(what, served, offline):
    checked[what.split(" at ")[0]] += 1
    if served == offline:
        return
    if isinstance(served, list):
        wrong = [pair for pair in zip(served, offline) if pair[0] != pair[1]][:1]
        problems.append(f"{what}: etcd {len(served)}, here {len(offline)}; first difference {str(wrong)[:400]}")
    else:
        problems.append(f"{what}: etcd {served}, here {offline}")


def key_values(answer):
    return [plain(kv) for kv in answer.get("kvs", [])]


def compare_keys(truth, oldest, newest):
    for revision, served in truth.keys.items():
        if not oldest <= revision <= newest:
            continue  # compacted, or not yet in the db, when the server was killed
        hold(f"keys at {revision}", served, key_values(asked("keys", data, "--rev", revision, "--values", "-o", "etcdctl-json")))
        argument_safe = [kv for kv in served if b"\0" not in kv[0]]
        for kv in generator.sample(argument_safe, min(3, len(argument_safe))):
            hold(f"get at {revision}", [kv], key_values(asked("get", data, os.fsdecode(kv[0]), "--rev", revision, "-o", "etcdctl-json")))
    for revision in (oldest - 1, newest + 1):
        if revision > 0:
            code, _, err = medic.run("keys", data, "--rev", revision)
            hold("refusals", (8, True), (code, f"{newest if revision > newest else oldest}" in err.decode()))


def bytes_of(row, name):
    """A field that stands as text where it is UTF-8, else as base64."""
    return base64.b64decode(row[name + "_base64"]) if name + "_base64" in row else row.get(name, "").encode()


def compare_histories(truth, oldest):
    """What a watcher got of a key since the compaction is the end of its history, before it only what was live then."""
    for key in generator.sample(sorted({kv[0] for _, _, kv in truth.events if b"\0" not in kv[0]}), 6):
        served = [(revision, deleted, b"" if deleted else kv[1]) for revision, deleted, kv in truth.events if kv[0] == key and revision > oldest]
        changes = asked("history", data, os.fsdecode(key), "-o", "json")["changes"]
        offline = [(int(row["revision"]), row["deleted"], bytes_of(row, "value")) for row in changes if int(row["revision"]) > oldest]
        hold("history", served, offline)


watched = {}  # revision: what a watcher got of it, since the first server


def compare_timeline(truth, compacted):
    """Every change that a watcher got, in its order: those that the db holds, those that only the log still has, and those that only it has yet."""
    for revision, deleted, kv in truth.events:
        if revision not in watched or watched[revision][0] is not truth:
            watched[revision] = (truth, [])
        watched[revision][1].append((deleted, kv[0], 0 if deleted else len(kv[1])))
    offline, in_log = collections.defaultdict(list), set()
    for row in asked("timeline", data, "-o", "json")["changes"]:
        offline[row["revision"]].append((row["verb"] == "delete", bytes_of(row, "key"), row.get("value_size", 0)))
        assert row["verb"] == "delete" or (row["verb"] == "create") == (row["version"] == 1), row
        if row.get("only_in_log"):
            in_log.add(row["revision"])
    for revision, (_, events) in watched.items():
        if revision > compacted or revision in in_log:
            hold("timeline of the log alone" if revision in in_log else "timeline", events, offline[revision])


def compare_people(truth):
    listed = asked("leases", data, "-o", "json")["leases"]
    hold("leases", truth.leases, {int(row["lease_id"], 16): row["ttl"] for row in listed if row["known"]})
    held = {key: lease for key, _, _, _, _, lease in truth.keys[truth.revision] if lease and is_text(key)}
    hold("keys of leases", held, {key.encode(): int(row["lease_id"], 16) for row in listed for key in row["attached_keys"] if key.encode() in held})
    auth = asked("auth", data, "-o", "json")
    hold("auth", truth.auth, auth["enabled"])
    hold("users", truth.users, {row["name"]: sorted(row["role_names"]) for row in auth["users"]})
    kinds = {"read": "READ", "write": "WRITE", "readwrite": "READWRITE"}
    roles = dict(truth.roles, root=[]) if "root" in truth.roles else truth.roles  # root's permission is stored nowhere
    hold("roles", roles, {row["name"]: sorted((kinds[one["permission"]], b64(bytes_of(one, "key")), b64(bytes_of(one, "range_end")))
                                                    for one in row["permissions"]) for row in auth["roles"]})


def is_text(key):
    try:
        return key.decode().isprintable()
    except UnicodeDecodeError:
        return False


def compare_hashes(truth, compacted):
    release = "3.4.23" if version == "3.4" else version
    for revision, (value, base) in truth.hashes.items():
        offline = asked("hashkv", data, "--rev", revision or truth.revision, "--etcd-version", release, "-o", "json")
        if base != offline["compact_revision"]:  # the server hashed while it compacted, from the compaction before, and kept that
            assert revision == compacted, (revision, base, offline)
            checked["hashes served from the cache, not comparable"] += 1
            continue
        hold(f"hashkv at {revision}", value, offline["hash"])


def compare(truth, killed):
    before = picture(data)
    state = asked("hashkv", data, "-o", "json")
    newest, compacted = state["hash_revision"], state["compact_revision"]
    if not killed:
        hold("revision", truth.revision, newest)
        hold("compaction", truth.compacted or -1, compacted)
    compare_keys(truth, max(compacted, 1), newest)
    compare_timeline(truth, compacted)
    if not killed:
        compare_hashes(truth, compacted)
        compare_histories(truth, compacted)
        compare_people(truth)
    hold("files untouched", before, picture(data))


def started():
    server = Server(binary, data, snapshot_count=2000, flags=("--bcrypt-cost", "4"))
    assert server.wait(60), server.last_words()
    return server, Client(server.port)


server, client = started()
workload = Workload(client, seed)
begin = time.time()
for number in range(operations):
    workload.step()
    if number == operations // 3:
        workload.enable_auth()
    if number == operations // 2:
        workload.disable_auth()
    if number % (operations // stops) != operations // stops - 1:
        continue
    truth = Answers(client, server.port, hashkv, workload, number, workload.auth, version != "3.4")
    kill = number // (operations // stops) % 4 == 2
    if kill:  # what came after the last commit is in the log alone; a compaction has begun
        for _ in range(30):
            workload.step()
        workload.compact(physical=False)
    client.connection.close()
    server.stop(signal.SIGKILL if kill else signal.SIGTERM)
    compare(truth, kill)
    server, client = started()
    workload.attach(client)
client.connection.close()
server.stop()
print(f"etcd {version}: {number + 1} operations in {time.time() - begin:.0f} s, revision {workload.revision}, {dict(workload.done)}")
print(f"refused by etcd: {dict(workload.refused)}")
print(f"compared: {dict(checked)}")
print("\n".join(problems[:20]))
assert checked["keys"] > 20 and checked["hashkv"] > 10, "next to nothing was compared"
assert checked["timeline"] > 1000 and checked["timeline of the log alone"] > 100, "next to nothing was compared"
sys.exit(bool(problems))
