#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A member that ran with --wal-dir: with both directories it is checked like any other; without the log it is not called sound."""
import json

from medic import Medic, picture
import sys

medic = Medic(sys.argv)
for name in ("21-wal-dir-data", "21-wal-dir-wal"):
    medic.unpack(medic.source / f"testdata/field-reports/{name}.tar.zst")
data = medic.scratch / "21-wal-dir-data"
log = medic.scratch / "s21w"
segment = log / "0000000000000000-0000000000000000.wal"
before = picture(medic.scratch)

code, report = medic.verify(data, "--wal-dir", log)
assert code == 0 and report["sound"] and report["prediction"]["outcome"] == "starts", report
assert (report["first_index"], report["last_index"]) == (1, 125), report
for command in (("info",), ("elections",), ("wal", "stat"), ("wal", "dump"), ("repair",)):
    code, out, err = medic.run(*command, data, "--wal-dir", log)
    assert code == 0 and out, (command, code, err)
assert len(json.loads(medic.run("wal", "dump", data, "--wal-dir", log, "-o", "json")[1])["entries"]) == 125
# Nothing of the log is here; it may be elsewhere.
for command in (("wal", "dump"), ("wal", "stat"), ("elections",)):
    code, out, err = medic.run(*command, data)
    assert code == 8 and b"--wal-dir" in err, (command, code, err)
for command in (("wal", "dump"), ("wal", "stat"), ("elections",)):
    code, out, err = medic.run(*command, data / "member/snap/db")
    assert code == 8 and b"holds no log" in err, (command, code, err)
# What makes no sense.
for words, text in (((data, "--wal-dir", medic.scratch / "none"), b"does not exist"), ((data, "--wal-dir", segment), b"not a directory"),
                    ((data / "member/snap/db", "--wal-dir", log), b"goes with a data directory")):
    code, out, err = medic.run("verify", *words)
    assert code in (8, 16) and text in err, (words, code, err)
# Damage in the log elsewhere is found there, and named by its path.
assert picture(medic.scratch) == before
with open(segment, "r+b") as file:
    file.seek(4000)
    byte = file.read(1)[0]
    file.seek(4000)
    file.write(bytes([byte ^ 1]))
damaged = picture(medic.scratch)
assert damaged != before
code, report = medic.verify(data, "--wal-dir", log)
found = [f for f in report["findings"] if f["severity"] == "error"]
assert code == 4 and found and found[0]["file"] == str(segment.resolve()) and report["prediction"]["outcome"] == "exits", report
assert json.loads(medic.run("repair", data, "--wal-dir", log, "-o", "json")[1])["steps"]
# A copy would be of the data directory alone; in place the log is repaired where it lies, and undone there.
code, _, err = medic.run("repair", data, "--wal-dir", log, "--output", medic.scratch / "copy")
assert code & 8 and not (medic.scratch / "copy").exists(), (code, err)
assert picture(medic.scratch) == damaged
code, out, err = medic.run("repair", data, "--wal-dir", log, "--apply", "--accept-loss")
assert code == 1, (code, out, err)
code, report = medic.verify(data, "--wal-dir", log)
assert code == 0 and report["prediction"]["outcome"] == "starts", report
journal = next(medic.scratch.rglob("*.journal"))
code, out, err = medic.run("undo", journal)
assert code == 0, (code, out, err)
journal.unlink()
assert picture(medic.scratch) == damaged
print(f"found by its path: {found[0]['code']} in {segment.name}")
