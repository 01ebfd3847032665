# SPDX-License-Identifier: Apache-2.0
"""What a real etcd answers, as plain Python values to hold offline answers against."""
import base64
import json

from server import b64
from workload import plain

EVERYTHING = {"key": b64(b"\0"), "range_end": b64(b"\0")}


def keys_at(client, revision):
    """Every key-value at that revision, in key order."""
    return [plain(kv) for kv in client.call("/v3/kv/range", dict(EVERYTHING, revision=str(revision))).get("kvs", [])]


def events(client, first, last):
    """Every change from revision `first` to `last`, as a watcher gets them: (revision, "PUT" or "DELETE", key-value)."""
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
            found.append((kv[3], event.get("type", "PUT"), kv))
    client.connection.close()  # the answer of a watch has no end
    return [event for event in found if event[0] <= last]


def hash_kv(client, revision):
    answer = client.call("/v3/maintenance/hash" if revision is None else "/v3/maintenance/hashkv", {"revision": str(revision)})
    return int(answer["hash"]), int(answer.get("compact_revision", 0))
