#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Damages the data directory in testdata/, repairs it in place, verifies, and undoes it bit for bit."""
import os
import random
import shutil
import sys

from medic import Medic, picture, worse_than_note

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
sound = medic.scratch / "minikube-like"
segment = "member/wal/0000000000000000-0000000000000000.wal"
snap = "member/snap/0000000000000002-00000000000007d1.snap"
end = medic.verify(sound)[1]
raw = medic.run("wal", "dump", sound, "--raw", "-o", "json")[1]
import json

records = json.loads(raw)["records"]
entries = [r for r in records if r["record_type"] == "entry"]
middle, last = entries[len(entries) // 2], entries[-1]
random.seed(1)


def write(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x10]))


CASES = {
    "bit in the data of an entry": (lambda d: flip(d / segment, middle["offset"] + 60), "WAL-BIT-FLIP", "starts"),
    "impossible length": (lambda d: write(d / segment, middle["offset"], b"\xff" * 7 + b"\x7f"), "WAL-LENGTH-IMPOSSIBLE", "starts"),
    "4 KiB of zeros in the middle": (lambda d: write(d / segment, middle["offset"] // 4096 * 4096, bytes(4096)), "WAL-SECTOR-ZEROED", "starts"),
    "4 KiB of garbage in the middle": (lambda d: write(d / segment, middle["offset"] // 4096 * 4096, random.randbytes(4096)), "WAL-BYTES-GARBAGE", "starts"),
    "file cut inside the last entry": (lambda d: os.truncate(d / segment, last["offset"] + 20), "WAL-FILE-TRUNCATED", "starts"),
    "bit in the data of the snapshot": (lambda d: flip(d / snap, 3000), "SNAP-CRC-MISMATCH", "starts"),
    "empty snapshot": (lambda d: os.truncate(d / snap, 0), "SNAP-FILE-EMPTY", "starts"),
}
for name, (damage, code_wanted, outcome) in CASES.items():
    data = medic.scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(sound, data)
    damage(data)
    broken = picture(data)
    assert broken != picture(sound), f"{name}: nothing was damaged"
    code, report = medic.verify(data)
    codes = [f["code"] for f in worse_than_note(report)]
    assert code == 4 and code_wanted in codes, (name, codes)
    journal = medic.scratch / "undo.journal"
    if journal.exists():
        journal.unlink()
    code, out, err = medic.run("repair", data, "--apply", "--accept-loss", "--journal", journal)
    assert code == 1, (name, code, out, err)
    code, after = medic.verify(data)
    assert code == 0 and after["prediction"]["outcome"] == outcome, (name, after)
    assert picture(data) != broken, name
    code, out, err = medic.run("undo", journal)
    assert code == 0, (name, err)
    assert picture(data) == broken, f"{name}: undo left a difference"
    print(f"{name}: {code_wanted}, repaired, undone")

# A repair that was killed is seen, and taken back before anything else is planned: between its edits the files say neither what they said nor
# what they should.
for command in (["repair", data, "--apply", "--accept-loss"], ["verify", data], ["undo", data]):
    code, out, err = medic.run(*command)
    if command[0] == "repair":
        assert code == 1, (code, err)
        [journal] = data.rglob("etcdmedic-undo-*.journal")
        whole = journal.read_bytes()
        head = len(b"etcdmedic undo 2\n")
        edits = int.from_bytes(whole[head : head + 8], "little")
        assert 0 < edits < 1000 and whole[head + 8 : head + 8 + edits] == b"2" * edits, edits
        write(journal, head + 8 + edits - 1, b"1")  # as if it had been killed in its last edit
        for again in (["repair", data], ["repair", data, "--apply", "--accept-loss"], ["migrate", data, "--to", "3.7"]):
            now = picture(data)
            code, out, err = medic.run(*again)
            assert code == 8 and not out and b"interrupted" in err and b"etcdmedic undo " in err and picture(data) == now, (again, code, out, err)
    elif command[0] == "verify":
        assert b"Next: etcdmedic undo " in out, out
    else:
        assert code == 0, err
journal.unlink()
assert picture(data) == broken
print("interrupted: seen, refused, undone")
