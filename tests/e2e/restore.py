#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`restore` against etcdutl of each release: from the same backup and flags the same ids, the same records in log and .snap, the same keys and
HashKV; what either refuses the other refuses too. A real etcd boots from ours, alone and as a cluster of three."""
import json
import os
import random
import shutil
import subprocess
import sys

from judge import served
from medic import Medic, picture
from server import Client
from workshop import Member, Workshop, free_port, load

medic = Medic(sys.argv)
programs = sys.argv[4]
VERSIONS = [v for v in ("3.5", "3.6", "3.7") if all(os.access(f"{programs}/{name}-{v}", os.X_OK) for name in ("etcd", "etcdutl"))]
if not VERSIONS:
    print("skipped: no etcdutl")
    sys.exit(77)


class Peers:
    etcd = {v: f"{programs}/etcd-{v}" for v in VERSIONS}
    restorer = {v: f"{programs}/etcdutl-{v}" for v in VERSIONS}


workshop = Workshop(medic.scratch, Peers)


def ours(source, target, *flags):
    code, out, err = medic.run("restore", source, "--output", target, *flags)
    return code, err.decode()


def theirs(version, source, target, *flags):
    done = subprocess.run([Peers.restorer[version], "snapshot", "restore", source, "--data-dir", target, *flags], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stderr


def entries_of(data):
    """The entries of the log, without their places."""
    code, out, err = medic.run("wal", "dump", data / "member/wal", "-o", "ndjson", "--values")
    assert code == 0, err
    rows = [json.loads(line) for line in out.splitlines()]
    for row in rows:
        row["request"].pop("id", None)  # 0, which 3.7 does not write
    return [{name: row[name] for name in ("index", "term", "type", "request")} for row in rows]


def records_of(data):
    """(type, data) of every record of the log but the crc records, by a reader of this test's own. Ours ends in its state once more."""
    (path,) = (data / "member/wal").glob("*.wal")
    log, at, found = path.read_bytes(), 0, []
    while field := int.from_bytes(log[at:at + 8], "little"):
        length, padding = field & (1 << 56) - 1, field >> 56 & 7 if field >> 63 else 0
        record = log[at + 8:at + 8 + length]
        assert record[0] == 8 and record[2] == 0x10, record[:4]
        kind, body = record[1], b""
        if (data_at := next(i for i in range(4, 10) if record[i - 1] < 0x80)) < len(record):
            assert record[data_at] == 0x1A
            body = record[next(i for i in range(data_at + 2, data_at + 6) if record[i - 1] < 0x80):]
        if kind != 4 and not (kind == 3 and (kind, body) in found):
            found.append((kind, body))
        at += 8 + length + padding
    return found


def snap_of(data):
    (path,) = (data / "member/snap").glob("*.snap")
    code, out, err = medic.run("snap", "dump", path, "-o", "json")
    assert code == 0, err
    return path.name, {name: value for name, value in json.loads(out).items() if name in ("index", "term", "voters", "learners", "members")}


def bucket(data, name):
    code, out, err = medic.run("db", "dump", data / "member/snap/db", name, "-o", "ndjson")
    assert code == 0, (name, err)
    rows = [json.loads(line) for line in out.splitlines()]
    return [{k: v for k, v in row.items() if k != "page"} for row in rows]


def same(version, source, flags, compare_meta=True):
    """Both restore, and the result is the same."""
    a, b = workshop.folder("ours") / "data", workshop.folder("theirs") / "data"
    before = picture(source.parent) if source.parent != medic.scratch else source.read_bytes()
    code, err = ours(source, a, *flags)
    assert code == 0, (version, flags, err)
    assert (picture(source.parent) if source.parent != medic.scratch else source.read_bytes()) == before, "the source was changed"
    code, said = theirs(version, source, b, *flags)
    assert code == 0, (version, flags, said)
    # 3.7 leaves out what is zero, which other releases read just the same.
    for what in (entries_of, snap_of, *([records_of] if version < "3.7" else [])):
        assert what(a) == what(b), (version, flags, what(a), what(b))
    for name in ("members", "members_removed", "key", "lease", "auth", "authUsers", "authRoles", "alarm", "cluster"):
        assert bucket(a, name) == bucket(b, name), (version, flags, name)
    metas = [{row["key"]: row for row in bucket(data, "meta") if "confState" not in row["key"]} for data in (a, b)]
    assert metas[0] == metas[1], (version, flags, metas)
    assert medic.run("verify", a)[0] in (0, 1), medic.run("verify", a)[1]
    for path in a.rglob("*"):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    return a, b


def hash_of(data):
    return json.loads(medic.run("hashkv", data, "-o", "json")[1])["hash"]


count = 0
for version in VERSIONS:
    source, kept = workshop.snapshot(version)
    port = free_port()
    peer = f"http://127.0.0.1:{port}"
    one = ("--name", "m1", "--initial-cluster", f"m1={peer}", "--initial-advertise-peer-urls", peer)
    a, b = same(version, source, one)
    copy = workshop.folder("copy") / "copied.db"
    shutil.copyfile(source, copy)
    os.truncate(copy, copy.stat().st_size - 32)
    same(version, copy, ("--skip-hash-check",))
    same(version, source, (*one, "--initial-cluster-token", "another <token> & more"))
    bumped, _ = same(version, source, (*one, "--bump-revision", "1000", "--mark-compacted"))
    # The same HashKV, before etcd starts and in the etcd that has.
    member = Member(a, version, kept, "m1", port)
    assert hash_of(a) == hash_of(b)
    workshop.run(member, lambda client: None)
    assert member.kept == kept, (version, member.kept, kept)
    after = Member(bumped, version, kept, "m1", port)
    workshop.run(after, lambda client: client.put("after", "the bump"))
    assert after.kept[0] == kept[0] + 1001 and {**after.kept[1]}.keys() == {*kept[1], "after"}, (version, after.kept[0], kept[0])
    # From every packing, and over a pipe.
    packed = workshop.folder("packed")
    for pack, name in ((f"zstd -q -c '{source}'", "b.db.zst"), (f"gzip -c '{source}'", "b.db.gz"),
                       (f"tar -C '{source.parent}' -cf - '{source.name}'", "b.tar"), (f"tar -C '{source.parent}' --zstd -cf - '{source.name}'", "b.tar.zst")):
        subprocess.run(f"{pack} > {packed / name}", shell=True, check=True)
        code, err = ours(packed / name, packed / f"{name}.etcd", *one)
        assert code == 0, (name, err)
        assert hash_of(packed / f"{name}.etcd") == hash_of(b), name
    done = subprocess.run(f"'{medic.binary}' restore - --output {packed / 'piped.etcd'} < {packed / 'b.tar.zst'}", shell=True, capture_output=True)
    assert done.returncode == 0 and hash_of(packed / "piped.etcd") == hash_of(b), done.stderr
    count += 9

# Three members at once, one of them a learner, boot together; their ids are those that etcdutl gives them.
for version in VERSIONS:
    source, kept = workshop.snapshot(version)
    for learners in ((), ("m3",)):
        ports = {name: free_port() for name in ("m1", "m2", "m3")}
        cluster = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())
        folder = workshop.folder(f"three-{version}") / "all"
        code, out, err = medic.run("restore", source, "--all-members", folder, "--initial-cluster", cluster, *(["--learners", ",".join(learners)] if learners else []))
        assert code == 0, err
        if not learners:
            for name in ports:
                _, b = same(version, source, ("--name", name, "--initial-cluster", cluster, "--initial-advertise-peer-urls", f"http://127.0.0.1:{ports[name]}"))
                assert entries_of(folder / name) == entries_of(b) and snap_of(folder / name) == snap_of(b), name
        members = [Member(folder / name, version, kept, name, port, listens=True) for name, port in ports.items()]
        servers = [workshop.start(member, cluster=cluster) for member in members]
        try:
            for server, member in zip(servers, members):
                if member.name not in learners:
                    assert server.wait(60), server.last_words()
            client = Client(servers[0].port)
            assert served(client) == kept, (version, learners)
            listed = client.call("/v3/cluster/member/list", {})["members"]
            assert {m["name"]: m.get("isLearner", False) for m in listed} == {name: name in learners for name in ports}, listed
            client.put("together", "again")
        finally:
            for server in servers:
                server.process.terminate()
            for server in servers:
                server.stop(9)
        count += 1

# What etcdutl refuses is refused, and the other way round.
version = VERSIONS[-1]
source, _ = workshop.snapshot(version)
dice = random.Random(7)
WORDS = {"--name": ["m1", "m2", "m 3", "x"], "--initial-cluster-token": ["t", "etcd-cluster", ""],
         "--initial-cluster": ["m1=http://127.0.0.1:1", "m1=http://127.0.0.1:1,m2=http://127.0.0.1:2", "m1=http://127.0.0.1:1,m1=http://127.0.0.1:2",
                               "m1=http://127.0.0.1:1,m2=http://127.0.0.1:1", "m1=ftp://127.0.0.1:1", "m1=http://127.0.0.1", "m1=http://127.0.0.1:1/x", "m1", "",
                               "m 3=https://[::1]:1", "m1=HTTP://127.0.0.1:1,,m2= http://127.0.0.1:2"],
         "--initial-advertise-peer-urls": ["http://127.0.0.1:1", "http://127.0.0.1:2,http://127.0.0.1:1", "https://[::1]:1", "127.0.0.1:1"],
         "--bump-revision": ["0", "5", "x"], "--mark-compacted": None, "--skip-hash-check": None}
agreed = {True: 0, False: 0}
for _ in range(60):
    flags = []
    for name, values in WORDS.items():
        if name in ("--name", "--initial-cluster", "--initial-advertise-peer-urls") or dice.random() < 0.3:
            flags += [name] if values is None else [f"{name}={values[0] if dice.random() < 0.6 else dice.choice(values)}"]
    a, b = workshop.folder("fuzz") / "data", workshop.folder("fuzz") / "data"
    code, err = ours(source, a, *flags)
    other, said = theirs(version, source, b, *flags)
    assert (code == 0) == (other == 0), (flags, err, said)
    agreed[code == 0] += 1
    assert a.exists() == (code == 0), "what is refused must leave nothing"
    if code == 0:
        assert entries_of(a) == entries_of(b) and bucket(a, "members") == bucket(b, "members"), flags
assert min(agreed.values()) >= 4, agreed

# Where the disk is full nothing is left.
small = workshop.folder("small") / "disk"
small.mkdir()
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], capture_output=True).returncode == 0:
    try:
        code, err = ours(source, small / "data")
        assert code == 8 and "No space left" in err and not list(small.iterdir()), (code, err, list(small.iterdir()))
    finally:
        subprocess.run(["umount", small], check=True)
    count += 1
print(f"{count} restores as etcdutl of {', '.join(VERSIONS)} makes them; of 60 sets of flags {agreed[True]} taken and {agreed[False]} refused by both")
