#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every command must keep: inputs of any kind, documents made from the tables, examples that run, secrets that stay hidden."""
import fcntl
import gzip
import json
import os
import pathlib
import shlex
import shutil
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic, picture

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
segment = data / "member/wal/0000000000000000-0000000000000000.wal"
before = picture(data)


def same_log(*args, stdin=None):
    done = subprocess.run([medic.binary, "wal", "dump", *map(str, args), "-o", "ndjson"], capture_output=True, stdin=stdin, timeout=60)
    assert done.returncode == 0, (args, done.stderr)
    return [(e["index"], e["term"], e["type"]) for e in map(json.loads, done.stdout.splitlines())]


# Any input.
whole = same_log(data)
assert len(whole) == 3264, len(whole)
for path in (data / "member", data / "member/wal", segment):
    assert same_log(path) == whole, path
packed = medic.scratch / (segment.name + ".gz")
packed.write_bytes(gzip.compress(segment.read_bytes()[: 4 << 20]))
assert same_log(packed) == whole
subprocess.run(["zstd", "-q", "-f", "-o", medic.scratch / (segment.name + ".zst"), segment], check=True)
assert same_log(medic.scratch / (segment.name + ".zst")) == whole
with open(segment, "rb") as stdin:
    assert same_log("-", stdin=stdin) == whole
with subprocess.Popen(["cat", segment], stdout=subprocess.PIPE) as cat:
    assert same_log("-", stdin=cat.stdout) == whole
damaged = medic.scratch / "damaged.wal.gz"
damaged.write_bytes(packed.read_bytes()[:-5000])
assert medic.run("wal", "dump", damaged)[0] == 8, "damaged packing is an error"

# Several paths that together are one log; a .snap in each wrapping.
snap = data / "member/snap/0000000000000002-00000000000007d1.snap"
told = medic.run("snap", "dump", snap, "-o", "json")
assert told[0] == 0 and json.loads(told[1])["index"] == 2001, told
(medic.scratch / (snap.name + ".gz")).write_bytes(gzip.compress(snap.read_bytes()))
subprocess.run(["zstd", "-q", "-f", "-o", medic.scratch / (snap.name + ".zst"), snap], check=True)
for wrapped in (medic.scratch / (snap.name + ".gz"), medic.scratch / (snap.name + ".zst")):
    assert json.loads(medic.run("snap", "dump", wrapped, "-o", "json")[1])["index"] == 2001, wrapped
with open(medic.scratch / (snap.name + ".zst"), "rb") as stdin:
    done = subprocess.run([medic.binary, "snap", "dump", "-", "-o", "json"], stdin=stdin, capture_output=True, timeout=60)
    assert done.returncode == 0 and json.loads(done.stdout)["index"] == 2001, done
log = medic.corpus("single-3.6") / "data/member/wal"
parts = sorted(log.glob("*.wal"))
assert len(parts) > 5
assert same_log(*parts) == same_log(log), "segments given one by one"
assert same_log(*reversed(parts)) == same_log(log), "in any order"
assert [i for i, _, _ in same_log(parts[7], parts[8])] == [i for i, _, _ in same_log(log)][-554:], "some of them"

# A log that grows while it is followed: each entry once, as soon as it is whole.
growing = medic.scratch / "growing" / segment.name
growing.parent.mkdir()
raw = [json.loads(line) for line in medic.run("wal", "dump", segment, "--raw", "-o", "ndjson")[1].splitlines()]
entries = [record for record in raw if record["record_type"] == "entry"]
content = segment.read_bytes()
cuts = [entries[50]["offset"], entries[51]["offset"] + 60, entries[80]["offset"]]
growing.write_bytes(content[: cuts[0]] + bytes(1 << 20))
with subprocess.Popen([medic.binary, "wal", "dump", growing.parent, "--follow", "-o", "ndjson"], stdout=subprocess.PIPE) as follow:
    seen = [json.loads(follow.stdout.readline())["index"] for _ in range(50)]
    for begin, end in zip(cuts, cuts[1:]):
        with open(growing, "r+b") as file:
            file.seek(begin)
            file.write(content[begin:end])
    seen += [json.loads(follow.stdout.readline())["index"] for _ in range(30)]
    assert seen == [entry["index"] for entry in entries[:80]], seen
    follow.terminate()
assert medic.run("wal", "dump", data, "--follow", "-o", "json")[0] == 16, "a document without an end"

# The log says only later what is committed: entries are appended first, and a line tells up to which one they are committed.
states = [record for record in raw if record["record_type"] == "state" and record["offset"] < cuts[2]]
growing.write_bytes(content[: cuts[0]] + bytes(1 << 20))
with subprocess.Popen(["timeout", "50", medic.binary, "wal", "dump", growing.parent, "--follow"], stdout=subprocess.PIPE, text=True) as follow:
    lines = [follow.stdout.readline() for _ in range(51)]
    with open(growing, "r+b") as file:
        file.seek(cuts[0])
        file.write(content[cuts[0] : cuts[2]])
    committed = f"-- committed up to entry {states[-1]['commit']}\n"
    while lines[-1] != committed:
        lines.append(follow.stdout.readline())
        assert lines[-1], lines
    follow.terminate()
told = {int(line.split()[1]): line.split()[2] for line in lines[1:] if not line.startswith("--")}
assert list(told) == [entry["index"] for entry in entries[:80]] and set(told.values()) == {"committed", "appended"}, told
assert all(told[entry["index"]] == "appended" for entry in entries[51:80]) and told[entries[0]["index"]] == "committed", told

# Formats say the same; NDJSON is one line an entry; JSON and YAML are documents.
document = json.loads(medic.run("wal", "dump", data, "-o", "json")[1])
assert document["schema"] == "etcdmedic.entries/v1" and len(document["entries"]) == 3264
assert len(medic.run("wal", "dump", data, "-o", "ndjson")[1].splitlines()) == 3264
table = medic.run("wal", "dump", data)[1]
assert len(table.splitlines()) == 3265 and b"\x1b" not in table

# Prefixes end where a key's own last part begins, and every entry that names a key is counted once.
rows = json.loads(medic.run("wal", "stat", data, "--by", "prefix", "-o", "json")[1])["groups"]
assert "/registry/pods/default/" in [row["prefix"] for row in rows] and len(rows) < 100, len(rows)
rows = json.loads(medic.run("wal", "stat", data, "--by", "prefix", "--depth", "1", "-o", "json")[1])["groups"]
assert [row["prefix"] for row in rows][0] == "/registry/", rows

# Filters.
puts = same_log(data, "--type", "IRRTxn")
assert puts and all(kind == "txn" for _, _, kind in puts)
assert [i for i, _, _ in same_log(data, "--from", "0x10", "--to", "20")] == [16, 17, 18, 19, 20]
assert len(same_log(data, "--limit", "7")) == 7

# Documents that are made from the tables are current; every example runs and ends as it says.
codes = medic.run("docs", "codes")[1]
assert codes == (medic.source / "docs/codes.md").read_bytes(), "run: etcdmedic docs codes > docs/codes.md"
value = medic.source / "testdata/k8s/wrapped/namespace.fields"
(data.parent / "object.yaml").write_bytes(medic.run("decode", value)[1])
(data.parent / "journal").write_text("panic: removed all voters\n" * 3)
os.chdir(medic.scratch)  # some examples write a file
examples = medic.run("docs", "examples")[1].decode().splitlines()
assert len(examples) > 8
for line in examples:
    exit_code, words = line.split("\t")
    places = {"DIR": data, "FILE": segment, "VALUE": value, "OBJECT": data.parent / "object.yaml",
              "JOURNAL": data.parent / "journal"}
    args = [str(places.get(w, w)) for w in shlex.split(words)]
    code, out, err = medic.run(*args)
    assert code == int(exit_code), (line, code, err)
for line in codes.decode().splitlines():
    if line.startswith("## "):
        assert medic.run("explain", line[3:])[0] == 0, line

# A member that an etcd holds: read, said so, never repaired.
with open(segment, "r+b") as held:
    fcntl.fcntl(held, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0))  # F_OFD_SETLK, as etcd locks its segments
    code, out, err = medic.run("verify", data)
    assert code == 0 and b"running etcd" in err, (code, err)
    code, out, err = medic.run("repair", data, "--apply")
    assert code == 8 and b"stop it first" in err, (code, err)
with open(data / "member/snap/db", "rb") as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    found = json.loads(medic.run("info", data, "-o", "json")[1])
    assert found["running"] and found["held_file"].endswith("db"), found
assert b"running" not in medic.run("verify", data)[2]

# A reader that goes away is a quiet end.
with subprocess.Popen([medic.binary, "wal", "dump", str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dump:
    dump.stdout.read(10)
    dump.stdout.close()
    assert dump.stderr.read() == b"" and dump.wait(20) == 0

# A file that shrinks under the reader, or cannot be read, ends in words and not in a crash: any prefix of a member.
for size in (0, 1, 15, 4096, 100000):
    copy = medic.scratch / "prefix"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    for path in copy.rglob("*"):
        if path.is_file():
            os.truncate(path, size)
    for verb in (["info"], ["verify"], ["repair"], ["elections"], ["snap", "dump"], ["wal", "dump"]):
        code, out, err = medic.run(*verb, copy)
        assert out or err, (verb, size)

# The truth of the corpora.
root = medic.corpus("cluster-3")
truth = json.load(open(root / "truth.json"))["leader_by_term"]
found = json.loads(medic.run("elections", *(root / m for m in ("m1", "m2", "m3", "m4")), "-o", "json")[1])
leaders = {str(t["term"]): t.get("leader_id") for t in found["terms"]}
for term, who in truth.items():
    assert leaders[term] == who[0][1], (term, leaders[term], who)
for name, below, layout in [("cluster-3", m, f"truth/{m}-wal-layout.json") for m in ("m1", "m2", "m3", "m4")] + [
    (f"single-{v}", "data", "truth/wal-layout.json") for v in ("3.4", "3.5", "3.6")]:
    root = medic.scratch / name if (medic.scratch / name).exists() else medic.corpus(name)
    rows = json.loads(medic.run("wal", "stat", root / below, "-o", "json")[1])["groups"]
    counts = {(r["file"].split("/")[-1], r["record_type"]): r["record_count"] for r in rows}
    for part in json.load(open(root / layout)):
        for kind, count in part["records"].items():
            assert counts.get((part["file"], kind), 0) == count, (name, part["file"], kind, count)
code, out, _ = medic.run("wal", "dump", medic.scratch / "single-3.4/data", "--type", "auth_user_add")
assert code == 0 and b"***" in out and b"password=\"" not in out, "passwords stay hidden"
assert picture(data) == before, "reading changed something"
print("all of it holds")
