# SPDX-License-Identifier: Apache-2.0
"""Directories of real servers under a load of which every acknowledged key is known: what random damage is done to."""
import base64
import concurrent.futures
import dataclasses
import json
import signal

from workshop import load

ROWS = [("3.4", 40, None), ("3.5", 1000, signal.SIGKILL), ("3.5", 40, None), ("3.6", 40, signal.SIGKILL), ("3.6", 1000, None),
        ("3.7", 40, None), ("3.7", 1000, signal.SIGKILL)]


@dataclasses.dataclass
class Base:
    name: str
    member: object
    older: object
    foreign: object
    index_of: dict  # the entry that made each revision
    final: dict  # {revision key in hex: what bucket `key` holds there} when all of the log is applied
    records: dict  # of these and the backend as it lies there, which may have what is compacted later

    @property
    def keys(self):
        """{key: (value, mod revision)} as acknowledged."""
        return self.member.kept[1]


def make(medic, shop, version, snapshot_count, stop):
    words = {"snapshot_count": snapshot_count}
    older = shop.make(version, (version, snapshot_count, "older"), lambda client: load(client, 50, size=2500), **words)
    member = shop.run(shop.copy(older), lambda client: load(client, 50, "later", 2500), stop=stop, **words)
    member = shop.run(member, lambda client: load(client, 20), stop=stop, **words)
    foreign = shop.make(version, (version, "foreign"), lambda client: load(client, 40, "foreign", 2500), port=2381, **words)
    code, out, err = medic.run("wal", "dump", member.data, "-o", "json")
    assert code == 0, err
    writes = [entry["index"] for entry in json.loads(out)["entries"] if entry.get("type") in ("put", "delete_range", "txn")]
    assert len(writes) + 1 == member.kept[0], "each write of the load makes one revision"
    name = f"{version}-{snapshot_count}{'-killed' if stop else ''}"
    return known(medic, member, name, dict(enumerate(writes, 2)), older, foreign)


def known(medic, member, name, index_of, older=None, foreign=None):
    """The base, with the records of its backend and of its log."""
    whole = medic.scratch / f"whole-{name}"
    code, _, err = medic.run("recover", member.data, "--output", whole)
    assert code == 0, err
    final = records(medic, whole)
    return Base(name, member, older, foreign, index_of, final, records(medic, member.data) | final)


def records(medic, data):
    code, out, err = medic.run("db", "dump", data, "key", "-o", "ndjson", "--show-secrets")
    assert code == 0, err
    return {raw(row, "key").hex(): raw(row, "value") for row in map(json.loads, out.splitlines())}


def raw(row, name):
    return base64.b64decode(row[f"{name}_base64"]) if f"{name}_base64" in row else row[name].encode()


def make_all(medic, shop):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda row: make(medic, shop, *row), ROWS))


def survivors(root, keys):
    """The keys whose acknowledged value still stands in some file below root, right after the key: as the log and the backend keep it."""
    contents = [path.read_bytes() for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return {key for key, (value, _) in keys.items() if any(holds(content, key.encode(), value.encode()) for content in contents)}


def holds(content, key, value):
    at = content.find(value)
    while at >= 0:
        if key in content[max(0, at - len(key) - 40):at]:
            return True
        at = content.find(value, at + 1)
    return False
