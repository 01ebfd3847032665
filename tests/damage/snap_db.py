#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A db and a .snap.db beside each other in every combination: the prediction is what etcd 3.5.35, 3.6.16 and 3.7.3 did (docs/format/startup.md,
"The backend of a snapshot")."""
import shutil
import sys

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/field-reports/67-cp-db-to-snapdb.tar.zst")
base = medic.scratch / "67-cp-db-to-snapdb"
NAME = "000000000000012f.snap.db"
OLDER = "database file ({} index 155) does not match with snapshot (index 303)"
MISSING = "database file ({}) of the backend is missing"
FIND = "failed to recover v3 backend from snapshot"
INVALID = "failed to open database: invalid database"
EVERY = ("3.5", "3.6", "3.7")


def garbage(path):
    path.write_bytes(bytes((i * 7919 >> 3) & 0xFF for i in range(40960)))


# what is done to member/snap -> {releases: (outcome, message)}
CASES = {
    "cp": (lambda snap: None, {EVERY: ("exits", OLDER)}),
    "db missing": (lambda snap: (snap / "db").unlink(), {EVERY: ("exits", MISSING)}),
    "snap.db empty": (lambda snap: (snap / NAME).write_bytes(b""),
                      {("3.5",): ("starts-loses", ""), ("3.6",): ("panics", "failed to update; member unknown"), ("3.7",): ("hangs", "")}),
    "snap.db garbage": (lambda snap: garbage(snap / NAME), {EVERY: ("panics", INVALID)}),
    "snap.db of another index": (lambda snap: (snap / NAME).rename(snap / "0000000000000130.snap.db"), {EVERY: ("panics", FIND)}),
    "no snap.db": (lambda snap: (snap / NAME).unlink(), {EVERY: ("panics", FIND)}),
    "db garbage": (lambda snap: garbage(snap / "db"), {EVERY: ("panics", INVALID)}),
}
wrong = []
for name, (edit, expected) in CASES.items():
    data = medic.scratch / name.replace(" ", "-")
    shutil.copytree(base, data)
    edit(data / "member/snap")
    for releases, (outcome, message) in expected.items():
        for release in releases:
            code, report = medic.verify(data, "--etcd-version", release)
            got = report["prediction"]
            if code != 4 or (got["outcome"], got.get("message", "")) != (outcome, message.format(data / "member/snap/db")):
                wrong.append(f"{name}, {release}: {got}")
    if name == "cp" and "SNAP-DB-MISMATCH" not in {f["code"] for f in report["findings"]}:
        wrong.append(f"{name}: {report['findings']}")
print("\n".join(wrong) or f"{len(CASES)} combinations", file=sys.stderr)
sys.exit(bool(wrong))
