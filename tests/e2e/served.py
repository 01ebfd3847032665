# SPDX-License-Identifier: Apache-2.0
"""What a real etcd answers, as plain Python values to compare offline answers with."""
import json
import random
import subprocess

from server import b64
from workload import plain

EVERYTHING = {"key": b64(b"\0"), "range_end": b64(b"\0")}


def keys_at(client, revision):
    """Every key-value at that revision, in key order."""
    return [plain(kv) for kv in client.call("/v3/kv/range", dict(EVERYTHING, revision=str(revision))).get("kvs", [])]


def events(client, first, last):
    """Every change from revision `first` to `last`, as a watcher gets them: (revision, deleted, key-value)."""
    if first > last:
        return []
    found = []
    client.connection.request("POST", "/v3/watch", json.dumps({"create_request": dict(EVERYTHING, start_revision=str(first))}), client.headers)
    answer = client.connection.getresponse()
    while not found or found[-1][0] < last:
        result = json.loads(answer.readline())["result"]
        assert not result.get("canceled"), result
        for event in result.get("events", []):
            kv = plain(event["kv"])
            found.append((kv[3], event.get("type") == "DELETE", kv))
    client.connection.close()  # the answer of a watch has no end
    return [event for event in found if event[0] <= last]


def hashes(hashkv, port, revisions):
    """HashKV at each revision: {revision: (hash, compact revision it was computed with)}; revision 0 is the newest."""
    done = subprocess.run([hashkv, f"127.0.0.1:{port}", *map(str, revisions)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return {int(revision): (int(value), int(compact)) for revision, value, compact in map(str.split, done.stdout.splitlines())}


def leases(client):
    """{id: seconds granted}."""
    listed = client.call("/v3/lease/leases", {}).get("leases", [])
    return {int(one["ID"]): int(client.call("/v3/lease/timetolive", {"ID": one["ID"]})["grantedTTL"]) for one in listed}


def users(client):
    """{name: roles}."""
    return {name: sorted(client.call("/v3/auth/user/get", {"name": name}).get("roles", [])) for name in client.call("/v3/auth/user/list", {}).get("users", [])}


def roles(client):
    """{name: [(type, key, range end)]}."""
    return {name: sorted((grant.get("permType", "READ"), grant.get("key", ""), grant.get("range_end", ""))
                         for grant in client.call("/v3/auth/role/get", {"role": name}).get("perm", []))
            for name in client.call("/v3/auth/role/list", {}).get("roles", [])}


class Answers:
    """All of the above at one moment, at revisions sampled from what is retained."""

    def __init__(self, client, port, hashkv, workload, seed, auth, tolerates_compacted):
        generator = random.Random(seed)
        first, self.revision = max(workload.compacted, 1), workload.revision
        inner = range(first, self.revision + 1)
        sample = {first, self.revision, *generator.sample(inner, min(len(inner), 10))}
        self.compacted = workload.compacted
        self.keys = {revision: keys_at(client, revision) for revision in sorted(sample)}
        self.events = events(client, workload.compacted + 1, self.revision)
        hashed = sorted(sample if tolerates_compacted else sample - {workload.compacted})
        self.hashes = {} if auth else hashes(hashkv, port, [0, *hashed])
        self.leases = leases(client)
        self.users, self.roles, self.auth = users(client), roles(client), auth
