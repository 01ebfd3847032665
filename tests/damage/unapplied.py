#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An etcd that was killed before its backend committed: commands that read the backend say what only the log holds, in one line on stderr,
and say nothing where the backend has everything."""
import json
import re
import shutil
import sys

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/corpora/crash-7-early.tar.zst")
medic.unpack(medic.source / "testdata/field-reports/02a-etcd36-dir.tar.zst")
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
member = next(path for path in medic.scratch.rglob("member") if "crash-7" in str(path))
killed = member.parent
sound = [path.parent for path in medic.scratch.rglob("member") if "crash-7" not in str(path)]
assert len(sound) == 2, sound
LINE = re.compile(r"etcdmedic: the log holds (\d+) committed entries \((\d+) to (\d+)\) that the backend has not applied yet; they are not shown\n")
COMMANDS = [("get", "/", "--prefix"), ("keys",), ("history", "/k"), ("deleted",), ("objects",), ("top",), ("leases",), ("members",), ("meta",),
            ("hashkv",), ("audit",), ("auth",), ("alarms",)]


def said(data, command, *flags):
    code, out, err = medic.run(command[0], data, *command[1:], *flags)
    return LINE.findall(err.decode())


code, report = medic.verify(killed)
commit = report["commit"]
index = int(json.loads(medic.run("meta", killed, "-o", "json")[1])["consistent_index"])
assert commit > index > 0, (commit, index)
for command in COMMANDS:
    assert said(killed, command) == [(str(commit - index), str(index + 1), str(commit))], (command, medic.run(command[0], killed, *command[1:]))
    for data in sound:
        assert said(data, command) == [], (command, data)
# A db by itself has no log; one that is elsewhere is found with --wal-dir.
assert said(killed / "member/snap/db", ("keys",)) == []
shutil.move(killed / "member/wal", medic.scratch / "elsewhere")
assert said(killed, ("keys",)) == []
assert len(said(killed, ("keys",), "--wal-dir", medic.scratch / "elsewhere")) == 1
print(f"entries {index + 1} to {commit} are told of by {len(COMMANDS)} commands")
