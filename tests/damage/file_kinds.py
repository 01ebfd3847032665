#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Something else where a file of etcd's should be: a FIFO, a directory, a socket, a link to nothing or to itself, a device. No command
waits for it, verify names it, and the prediction is what etcd 3.4 to 3.7 did with the same directory (measured by hand, once)."""
import json
import os
import shutil
import socket
import subprocess
import sys

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/field-reports/02a-etcd36-dir.tar.zst")
sound = next(path for path in medic.scratch.rglob("member")).parent
SEGMENT = sorted(sound.glob("member/wal/*.wal"))[-1].relative_to(sound)
DB = "member/snap/db"
SNAP = "member/snap/0000000000000002-0000000000000001.snap"


def bind(path):
    """A socket's path may have 108 bytes only."""
    here = os.getcwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)
    os.chdir(here)


MAKE = {
    "fifo": os.mkfifo,
    "directory": os.mkdir,
    "socket": bind,
    "dangling": lambda path: os.symlink("/nonexistent/file", path),
    "circular": lambda path: os.symlink(path.name, path),
    "device": lambda path: os.symlink("/dev/null", path),
}
# What etcd did: the outcome, and a piece of its log. 3.4 words some of it in another way.
SEGMENTS = {
    "fifo": ("hangs", ""),
    "directory": ("exits", ".wal: is a directory"),
    "socket": ("exits", ".wal: no such device or address"),
    "dangling": ("exits", ".wal: no such file or directory"),
    "circular": ("exits", ".wal: too many levels of symbolic links"),
    "device": ("exits", "failed to read WAL, cannot be repaired"),
}
COMMANDS = [("info",), ("verify",), ("repair",), ("wal", "dump"), ("wal", "stat"), ("elections",), ("snap", "dump"), ("keys",), ("db", "check"),
            ("members",), ("hashkv",), ("top",), ("objects",), ("snapshot", "status"), ("snapshot", "verify"), ("db", "stat"), ("audit",)]


def replaced(place, kind):
    data = medic.scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(sound, data)
    path = data / place
    path.unlink(missing_ok=True)
    MAKE[kind](path)
    return data


def no_command_waits(data):
    for command in COMMANDS:
        for flags in ((), ("-o", "json")):
            done = subprocess.run([medic.binary, *command, data, *flags], capture_output=True, timeout=20)
            assert done.returncode in (0, 1, 4, 5, 8, 12), (command, flags, done.returncode, done.stderr)
            if flags and done.returncode & 8:
                error = json.loads(done.stdout)
                assert error["schema"] == "etcdmedic.error/v1" and error["error"]["message"], (command, error)


def check(place, kind, version, outcome, message):
    data = replaced(place, kind)
    code, report = medic.verify(data, "--etcd-version", version)
    assert code == 4, (place, kind, code)
    found = {(f["code"], f["file"]) for f in report["findings"]}
    assert ("FILE-KIND-WRONG", str(place)) in found, (place, kind, found)
    told = report["prediction"]
    assert told["outcome"] == outcome and message in told.get("message", ""), (place, kind, version, told)
    code, plan = medic.plan(data)
    assert code == 4 and not any(str(place) in json.dumps(step) for step in plan["steps"]), (place, kind, plan)
    return data


for kind, (outcome, message) in SEGMENTS.items():
    for version in ("3.5", "3.6", "3.7"):
        # 3.5 asks for the version of the cluster only after it has read the log.
        data = check(SEGMENT, kind, version, outcome, message)
    no_command_waits(data)
for kind in MAKE:
    data = check(DB, kind, "3.6", "panics", "failed to open database")
    check(DB, kind, "3.4", "panics", "cannot open database at")
    no_command_waits(data)
# A .snap that is not a file is set aside by etcd; it waits for a FIFO unless it is 3.7, which goes by the log alone.
for kind in MAKE:
    data = replaced(SNAP, kind)
    code, report = medic.verify(data, "--etcd-version", "3.6")
    assert {f["file"]: f["code"] for f in report["findings"]}.get(SNAP) == "FILE-KIND-WRONG", (kind, report)
    assert (report["prediction"]["outcome"] == "hangs") == (kind == "fifo"), (kind, report["prediction"])
    no_command_waits(data)
# The path given itself.
for kind in MAKE:
    path = medic.scratch / f"given-{kind}"
    MAKE[kind](path)
    for command in COMMANDS + [("decode",)]:
        done = subprocess.run([medic.binary, *command, path, "-o", "json"], capture_output=True, timeout=20)
        assert done.returncode == 8 and json.loads(done.stdout)["error"]["message"], (kind, command, done)
    assert subprocess.run([medic.binary, "encode", path], capture_output=True, timeout=20).returncode == 8, kind
# A pipe of the shell is an input.
shown = subprocess.run(["bash", "-c", f"'{medic.binary}' db meta <(cat '{sound / DB}')"], capture_output=True, timeout=20)
assert shown.returncode == 0 and shown.stdout, shown
# wal and snap themselves.
for name, kind, outcome in (("wal", "dangling", "hangs"), ("snap", "dangling", "exits"), ("snap", "circular", "exits")):
    data = medic.scratch / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(sound, data)
    shutil.rmtree(data / "member" / name)
    MAKE[kind](data / "member" / name)
    code, report = medic.verify(data, "--etcd-version", "3.6")
    assert code == 4 and ("FILE-KIND-WRONG", f"member/{name}") in {(f["code"], f["file"]) for f in report["findings"]}, report
    if name == "snap":
        assert report["prediction"]["outcome"] == outcome and "failed to create snapshot directory" in report["prediction"].get("message", ""), report
    no_command_waits(data)
print("every kind in every place: named, predicted, and waited for by no command")
