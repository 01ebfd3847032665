#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files beside the log: snapshots, the backend, left-overs. Each damage to the directory in testdata/ is named by its code, and what is
beyond repair is not called repaired."""
import json
import os
import re
import shutil
import sys

from medic import Medic, picture

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
sound = medic.scratch / "minikube-like"
SNAP = "member/snap/0000000000000002-00000000000007d1.snap"
DB = "member/snap/db"


def write(path, offset, content):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(content)


def touch(path):
    path.write_bytes(b"left over")


def renamed_snapshot(d):
    os.rename(d / SNAP, d / "member/snap/0000000000000002-0000000000000700.snap")


def orphan_snapshot(d):
    """The log ends before its record of the snapshot."""
    os.truncate(d / SEGMENT, mark["offset"])


def later_log(d):
    os.rename(d / SEGMENT, d / "member/wal/0000000000000001-0000000000000bb8.wal")


def old_db(d):
    """A page holds a key and its value side by side, without a sum over them: the db says that it has applied no more than entry 5."""
    content = (d / DB).read_bytes()
    places = [at.end() for at in re.finditer(b"consistent_index", content)]
    assert places, "no consistent_index in the db"
    for place in places:
        write(d / DB, place, (5).to_bytes(8, "big"))


def old_db_after_a_gap(d):
    old_db(d)
    os.unlink(d / SNAP)
    write(d / SEGMENT, 80, bytes(16384))


SEGMENT = "member/wal/0000000000000000-0000000000000000.wal"
records = json.loads(medic.run("wal", "dump", sound, "--raw", "-o", "json")[1])["records"]
mark = [record for record in records if record["record_type"] == "snapshot"][-1]

CASES = [
    ("a snapshot that does not parse", lambda d: write(d / SNAP, 0, b"\xff" * 16), "SNAP-FILE-MALFORMED"),
    ("a snapshot under another's name", renamed_snapshot, "SNAP-NAME-MISMATCH"),
    ("a snapshot that the log does not know", orphan_snapshot, "SNAP-FILE-ORPHAN"),
    ("a snapshot that etcd has set aside", lambda d: touch(d / (SNAP + ".broken")), "SNAP-BROKEN-LEFT"),
    ("a segment that etcd has repaired", lambda d: touch(d / (SEGMENT + ".broken")), "WAL-BROKEN-LEFT"),
    ("a log that begins after the snapshot", later_log, "SNAP-OUT-OF-REACH"),
    ("a db older than the snapshot", old_db, "DB-BEHIND-SNAPSHOT"),
    ("a db older than the log", old_db_after_a_gap, "DB-BEHIND-LOG"),
    ("a half received backend", lambda d: touch(d / "member/snap/tmp123456"), "SNAP-TMP-LEFT"),
    ("both meta pages of the backend", lambda d: write(d / DB, 0, bytes(8192)), "DB-META-INVALID"),
    ("one meta page of the backend", lambda d: write(d / DB, 0, bytes(4096)), "DB-META-DAMAGED"),
    ("the pages after the metas", lambda d: write(d / DB, 8192, b"\xa5" * (os.path.getsize(d / DB) - 8192)), "DB-PAGE-ID-WRONG"),
]
for name, damage, wanted in CASES:
    data = medic.scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(sound, data)
    damage(data)
    broken = picture(data)
    assert broken != picture(sound), f"{name}: nothing was damaged"
    code, report = medic.verify(data)
    found = {finding["code"]: finding["severity"] for finding in report["findings"]}
    assert wanted in found, (name, found)
    assert (code == 4) == any(severity != "note" for severity in found.values()), (name, code, found)
    assert picture(data) == broken, f"{name}: changed by reading"
    print(f"{name}: {wanted}")
