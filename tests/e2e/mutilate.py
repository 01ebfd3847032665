#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes to a real etcd under load, kills it, mutilates copies of what it left, repairs them, starts etcd on the result and compares
every write that a client was told is durable and that the repair did not report as lost. Then undoes the repair bit for bit."""
import json
import os
import random
import shutil
import signal
import sys
import threading

from server import Client, Server
from medic import Medic, picture, worse_than_note

version, built = sys.argv[4:6]
binary = "/usr/bin/etcd" if version == "3.4" else built
if not os.access(binary, os.X_OK):
    print(f"skipped: there is no etcd {version}")
    sys.exit(77)
medic = Medic(sys.argv)
random.seed(7)


def write_under_load(data):
    """Many clients at once until the kill; what was acknowledged, with its revision."""
    server = Server(binary, data)
    assert server.wait(), server.last_words()
    acknowledged, lock = {}, threading.Lock()

    def client(number):
        try:
            link = Client(server.port)
            for i in range(10000):
                key, value = f"/load/{number}/{i % 40}", f"{number}-{i}-" + "v" * random.randrange(20, 400)
                revision = link.put(key, value)
                with lock:
                    acknowledged[key] = (value, revision)
                if revision > 1500:
                    return
        except Exception:  # the kill ends the connection
            return

    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    server.stop(signal.SIGKILL)
    return acknowledged


base = medic.scratch / "base"
acked = write_under_load(base)
assert len(acked) > 200, "the load wrote next to nothing"
assert medic.verify(base)[0] == 0, medic.verify(base)
wal = base / "member/wal"
names = sorted(n for n in os.listdir(wal) if n.endswith(".wal"))
records = json.loads(medic.run("wal", "dump", base, "--raw", "-o", "json")[1])["records"]
entries = [r for r in records if "index" in r]
last = entries[-1]
middle = entries[len(entries) // 2]
tail = names[-1]
# Each put makes one revision, the first one number 2: which entry a revision came from.
puts = [entry["index"] for entry in json.loads(medic.run("wal", "dump", base, "--type", "put", "-o", "json")[1])["entries"]]
index_of = dict(enumerate(puts, 2))
assert all(revision in index_of for _, revision in acked.values()), "an acknowledged write is not in the log before any damage"
# Where a loss of whole sectors leaves no half record, and at least one whole sector is between there and the last one.
end = records[-1]["offset"] + records[-1]["size"]
last_sector = (end - 1) // 512 * 512
borders = [r for r in records if r["file"] == records[-1]["file"] and r["offset"] % 512 == 0 and "index" in r and 0 < r["offset"] < last_sector]
snaps = sorted(n for n in os.listdir(base / "member/snap") if n.endswith(".snap"))


def write(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def flip(path, offset):
    with open(path, "rb") as file:
        file.seek(offset)
        byte = file.read(1)[0]
    write(path, offset, bytes([byte ^ 4]))


def at(d, record):
    return d / record["file"]


def swap(d):
    a, b = d / "member/wal" / names[0], d / "member/wal" / names[1]
    os.rename(a, str(a) + "x"), os.rename(b, a), os.rename(str(a) + "x", b)


CASES = {
    "tail cut in the length": lambda d: os.truncate(at(d, last), last["offset"] + 3),
    "tail cut after the length": lambda d: os.truncate(at(d, last), last["offset"] + 8),
    "tail cut in the data": lambda d: os.truncate(at(d, last), last["offset"] + 40),
    "last sector zeroed": lambda d: write(at(d, last), (last["offset"] + last["size"] - 1) // 512 * 512, bytes(512)),
    "file cut at a record's border": lambda d: os.truncate(at(d, last), entries[-3]["offset"]),
    "impossible length at the end": lambda d: write(at(d, last), last["offset"], b"\xff" * 7 + b"\x7f"),
    "impossible length in the middle": lambda d: write(at(d, middle), middle["offset"], b"\xff" * 7 + b"\x7f"),
    "bit in the data in the middle": lambda d: flip(at(d, middle), middle["offset"] + 60),
    "bit in a crc in the middle": lambda d: flip(at(d, middle), middle["offset"] + 12),
    "4 KiB of zeros in the middle": lambda d: write(at(d, middle), middle["offset"] // 4096 * 4096 + 4096, bytes(4096)),
    "4 KiB of garbage in the middle": lambda d: write(at(d, middle), middle["offset"] // 4096 * 4096 + 4096, random.randbytes(4096)),
    "garbage after the end": lambda d: write(d / "member/wal" / tail, records[-1]["offset"] + records[-1]["size"], random.randbytes(200)),
    "newest snapshot damaged": lambda d: write(d / "member/snap" / snaps[-1], 500, random.randbytes(64)),
    "empty snapshot left over": lambda d: open(d / "member/snap/00000000000000ff-00000000000000ff.snap", "w").close(),
    "stray preallocated file": lambda d: open(d / "member/wal/9.tmp", "wb").write(bytes(4096)),
}
if borders:  # a small last segment may have none
    border = borders[-1]
    CASES["sectors zeroed to the end, from a record's border"] = lambda d: write(at(d, border), border["offset"], bytes(end - border["offset"]))
    CASES["sectors zeroed up to the last, from a record's border"] = lambda d: write(at(d, border), border["offset"], bytes(last_sector - border["offset"]))
if len(names) > 2:
    CASES["wrong seed"] = lambda d: flip(d / "member/wal" / names[1], 13)
    CASES["segments swapped"] = swap
    CASES["last segment missing"] = lambda d: os.unlink(d / "member/wal" / tail)
    CASES["last segment emptied"] = lambda d: os.truncate(d / "member/wal" / tail, 0)
    CASES["segment in the middle missing"] = lambda d: os.unlink(d / "member/wal" / names[len(names) // 2])

failed = 0
for name, damage in CASES.items():
    data = medic.scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(base, data)
    damage(data)
    broken = picture(data)
    assert broken != picture(base), f"{name}: nothing was damaged"
    journal = medic.scratch / "undo.journal"
    journal.unlink(missing_ok=True)
    plan = medic.plan(data)[1]
    assert picture(data) == broken, f"{name}: changed by reading"
    lost = [(step["lost_entries"]["first_index"], step["lost_entries"].get("last_index", 0)) for step in plan["steps"] if "lost_entries" in step]
    lost += [(doubt["first_index"], 0) for doubt in plan["doubts"]]
    safe = all(step["safety"] == "safe" for step in plan["steps"])
    code, out, err = medic.run("repair", data, "--apply", "--accept-loss", "--journal", journal)
    problems = [] if code in (0, 1) else [f"repair ended with {code}: {err.decode()}"]
    started = medic.scratch / "started"
    shutil.rmtree(started, ignore_errors=True)
    shutil.copytree(data, started)
    server = Server(binary, started)
    if server.wait():
        held = Client(server.port).everything()
        for key, (value, revision) in acked.items():
            there = held.get(key)
            if there is not None and (there[1] > revision or there == (value, revision)):
                continue
            if not any(first <= index_of[revision] and (end == 0 or index_of[revision] <= end) for first, end in lost):
                problems.append(f"{key} was acknowledged at revision {revision}, etcd has {there and there[1]}")
        try:
            Client(server.port).put("/after", "the repair")
        except Exception as error:
            problems.append(f"a new write fails: {error}")
    else:
        problems.append("etcd does not start: " + server.last_words())
    server.stop()
    again, report = medic.verify(started)
    if again != 0:
        problems.append(f"what etcd wrote to the repaired log is not sound: {worse_than_note(report)}")
    if code == 1:
        undone = medic.run("undo", journal)
        if undone[0] != 0 or picture(data) != broken:
            problems.append(f"undo does not bring back what was there: {undone[2].decode()}")
    failed += bool(problems)
    kind = "nothing to do, in doubt about the end" if not plan["steps"] and plan["doubts"] else "nothing to do" if not plan["steps"] else "safe" if safe else "lossy"
    print(f"{'FAIL' if problems else 'ok'}: {name} ({kind})", *problems[:3], sep="\n      " if problems else " ")
print(f"etcd {version}: {len(CASES) - failed} of {len(CASES)} cases, {len(acked)} keys acknowledged, {len(names)} segments")
sys.exit(bool(failed))
