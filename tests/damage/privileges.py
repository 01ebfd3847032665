#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What may not be read or written: it is said so, with the path, its owner and mode, and never taken for something else. As root, the tool
runs as another user here; as a user, it runs as that user. The predictions are what etcd 3.4 to 3.7 did, measured with the same modes."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/field-reports/02a-etcd36-dir.tar.zst")
base = next(path for path in medic.scratch.rglob("member")).parent
ROOT = os.geteuid() == 0
OWNER = 65534 if ROOT else os.geteuid()
open_place = pathlib.Path(tempfile.mkdtemp(prefix="etcdmedic-privileges-"))  # the build may be where other users cannot go
os.chmod(open_place, 0o755)
binary = shutil.copy(medic.binary, open_place / "etcdmedic")
data = open_place / "data"
SEGMENT = sorted(base.glob("member/wal/*.wal"))[-1].relative_to(base)
DB = pathlib.Path("member/snap/db")
COMMANDS = [("info",), ("verify",), ("repair",), ("wal", "dump"), ("elections",), ("keys",), ("members",), ("db", "check"), ("objects",),
            ("hashkv",), ("snapshot", "verify")]


def run(*args, uid=OWNER):
    """As a user, never as root."""
    def become():
        if ROOT:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
    done = subprocess.run([binary, *map(str, args)], capture_output=True, timeout=20, preexec_fn=become, cwd="/")
    assert done.returncode >= 0, (args, done)
    return done.returncode, done.stdout, done.stderr.decode()


def open_all():
    subprocess.run(["chmod", "-R", "u+rwX", data], check=True)


def fresh(owner=OWNER):
    if data.exists():
        open_all()
        shutil.rmtree(data)
    shutil.copytree(base, data)
    for path in [data, *data.rglob("*")]:
        os.chmod(path, 0o700 if path.is_dir() else 0o600)
        if ROOT:
            os.chown(path, owner, owner)


def closed_to_us():
    """A directory or file that we may not read is said to be closed, by every command."""
    for place, mode, needed in ((".", 0o000, COMMANDS), ("member", 0o000, COMMANDS), ("member", 0o600, COMMANDS),
                                ("member/wal", 0o000, [("wal", "dump"), ("elections",)]),
                                ("member/snap", 0o000, [("keys",), ("members",), ("db", "check"), ("hashkv",), ("objects",)]),
                                (DB, 0o000, [("keys",), ("members",), ("db", "check"), ("hashkv",)]), (SEGMENT, 0o200, [("wal", "dump")])):
        fresh()
        os.chmod(data / place, mode)
        for command in needed:
            code, out, err = run(*command, data, "-o", "json")
            assert code & 8, (place, command, code, out, err)
            assert "permission denied" in err and f"mode {mode:04o}" in err and "run as root" in err, (place, command, err)
            assert str((data / place).resolve()).rstrip("/.") in err, (place, command, err)
            assert "not an etcd directory" not in err and "holds no" not in err, (place, command, err)
            if out:
                assert json.loads(out)["error"]["reason"] == "permission", (place, command, out)


def the_rest_is_read():
    """One part that is closed does not hide the others."""
    for place, mode, seen in (("member/wal", 0o000, "revision"), ("member/snap", 0o000, "entries"), (DB, 0o000, "entries"), (SEGMENT, 0o000, "revision")):
        fresh()
        os.chmod(data / place, mode)
        code, out, err = run("verify", data, "-o", "json")
        report = json.loads(out)
        assert code == 12, (place, code, out)
        assert any(f["code"] == "FILE-PERMISSION" and f["severity"] == "error" for f in report["findings"]), (place, report)
        assert report["prediction"]["outcome"] in ("exits", "panics"), (place, report["prediction"])
        code, out, _ = run("info", data)
        assert code == 12 and seen in out.decode(), (place, code, out)
        code, out, _ = run("repair", data, "-o", "json")
        assert code & 4 and not json.loads(out)["steps"], (place, out)


# What etcd did: place, mode, and by release the outcome and a piece of its log.
EXITS, PANICS, STARTS = "exits", "panics", "starts"
MEASURED = [
    (".", 0o500, {"3.5": (EXITS, "cannot access data directory"), "3.6": (EXITS, "cannot access data directory")}),
    (".", 0o300, {"3.5": (EXITS, "failed to list data directory"), "3.6": (EXITS, "failed to list data directory")}),
    ("member", 0o500, {"3.5": (EXITS, "cannot write to member directory"), "3.6": (EXITS, "cannot access member directory"),
                       "3.7": (EXITS, "cannot access member directory")}),
    ("member", 0o300, {"3.6": (STARTS, ""), "3.7": (STARTS, "")}),
    ("member", 0o600, {"3.5": (EXITS, "failed to create snapshot directory"), "3.6": (EXITS, "cannot access member directory")}),
    ("member/wal", 0o500, {"3.5": (EXITS, "cannot write to WAL directory"), "3.6": (EXITS, "cannot write to WAL directory")}),
    ("member/wal", 0o300, {"3.5": (PANICS, "failed to create WAL"), "3.6": (PANICS, "failed to create WAL")}),
    ("member/wal", 0o000, {"3.5": (PANICS, "failed to create WAL"), "3.7": (PANICS, "failed to create WAL")}),
    ("member/wal", 0o600, {"3.5": (EXITS, "cannot write to WAL directory"), "3.6": (EXITS, ".wal: permission denied")}),
    ("member/snap", 0o500, {"3.5": (EXITS, "failed to create snapshot directory"), "3.7": (EXITS, "failed to create snapshot directory")}),
    ("member/snap", 0o300, {"3.5": (EXITS, "snap: permission denied"), "3.6": (EXITS, "snap: permission denied"),
                            "3.7": (EXITS, "failed to purge snap db file")}),
    (SEGMENT, 0o400, {"3.5": (EXITS, ".wal: permission denied"), "3.6": (EXITS, ".wal: permission denied")}),
    (SEGMENT, 0o200, {"3.5": (EXITS, ".wal: permission denied"), "3.7": (EXITS, ".wal: permission denied")}),
    (DB, 0o400, {"3.4": (PANICS, "cannot open database at"), "3.6": (PANICS, "failed to open database")}),
    (DB, 0o200, {"3.5": (PANICS, "failed to open database"), "3.7": (PANICS, "failed to open database")}),
]


def predicted(place, mode, releases, reader):
    for release, (outcome, message) in releases.items():
        fresh()
        os.chmod(data / place, mode)
        code, out, err = reader("verify", data, "--etcd-version", release, "-o", "json")
        if code == 8:  # nothing of it may be read; only its owner's superior can tell more
            assert json.loads(out)["error"]["reason"] == "permission", out
            continue
        told = json.loads(out)["prediction"]
        assert told["outcome"] == outcome and message in told.get("message", ""), (place, oct(mode), release, told)
        assert (code & 4) == (0 if outcome == STARTS and code == 0 else 4), (place, oct(mode), code)
        found = [f for f in json.loads(out)["findings"] if f["code"] == "FILE-PERMISSION"]
        assert found, (place, oct(mode), out)


def as_root(*args):
    return medic.run(*args)


def of_other_owners():
    """Files of root in a directory of another user, as a repair with sudo may leave them."""
    for place, message in ((SEGMENT, ".wal: permission denied"), (DB, "failed to open database"), ("member/snap", "failed to create snapshot directory")):
        fresh()
        os.chown(data / place, 0, 0)
        code, out, _ = as_root("verify", data, "-o", "json")
        report = json.loads(out)
        finding = next(f for f in report["findings"] if f["code"] == "FILE-PERMISSION")
        assert code == 4 and finding["severity"] == "error" and "uid 0" in finding["message"] and f"uid {OWNER}" in finding["message"], finding
        assert message in report["prediction"].get("message", "") and report["prediction"]["outcome"] in (EXITS, PANICS), report["prediction"]
    # Root may use everything, whoever owns it.
    fresh(owner=0)
    os.chown(data / SEGMENT, OWNER, OWNER)
    code, report = medic.verify(data)
    assert code == 0 and report["prediction"]["outcome"] == STARTS, report
    assert [f["severity"] for f in report["findings"] if f["code"] == "FILE-PERMISSION"] == ["note"], report
    # A group's rights count where the owner's do not.
    fresh()
    os.chown(data / SEGMENT, 0, OWNER)
    os.chmod(data / SEGMENT, 0o660)
    code, report = medic.verify(data)
    assert report["prediction"]["outcome"] == STARTS, report
    # Somebody else's directory: who owns it, and as whom to run.
    fresh(owner=12345)
    code, out, err = run("info", data)
    assert code == 8 and "uid 12345" in err and "run as root or as uid 12345" in err, (code, err)


try:
    fresh()
    report = json.loads(run("verify", data, "-o", "json")[1])
    assert report["sound"], report
    closed_to_us()
    the_rest_is_read()
    for place, mode, releases in MEASURED:
        predicted(place, mode, releases, run)
        if ROOT:
            predicted(place, mode, releases, as_root)
    if ROOT:
        of_other_owners()
finally:
    open_all()
    shutil.rmtree(open_place, ignore_errors=True)
print(f"{len(MEASURED)} modes predicted as etcd did, {'as another user and as root' if ROOT else 'as this user'}")
