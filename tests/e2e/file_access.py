#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Modes, owners and kinds of files: what verify predicts of a directory, and what a real etcd does that does not run as root. As root the
directory is given to another user; as a user it is that user's. The four releases share the cases; with --all each takes every one."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from server import Client, Server, b64, free_port

medic, source, scratch, version, etcd = sys.argv[1:6]
if version == "3.4":
    etcd = shutil.which("etcd") or etcd
if not os.path.exists(etcd) or version not in subprocess.run([etcd, "--version"], capture_output=True, text=True).stdout:
    print(f"skipped: there is no etcd {version}")
    sys.exit(77)
ROOT = os.geteuid() == 0
USER = 65534 if ROOT else os.geteuid()
place = pathlib.Path(tempfile.mkdtemp(prefix="etcdmedic-access-"))  # the build may be where other users cannot go
os.chmod(place, 0o755)
etcd = shutil.copy(etcd, place / "etcd")
base, data = place / "base", place / "data"


def make_base():
    server = Server(etcd, base, snapshot_count=10)
    assert server.wait(), server.last_words()
    client = Client(server.port)
    for i in range(40):
        client.put(f"/k/{i}", "v")
    server.stop()


def fresh():
    if data.exists():
        subprocess.run(["chmod", "-R", "u+rwX", data], check=True)
        shutil.rmtree(data)
    shutil.copytree(base, data, copy_function=lambda a, b: subprocess.run(["cp", "--sparse=always", a, b], check=True))
    for path in [data, *data.rglob("*")]:
        os.chmod(path, 0o700 if path.is_dir() else 0o600)
        if ROOT:
            os.chown(path, USER, USER)


def run_etcd(patience):
    """starts, hangs, exits or panics, and the log."""
    def become():
        if ROOT:
            os.setgroups([])
            os.setgid(USER)
            os.setuid(USER)
    port, peer = free_port(), f"http://127.0.0.1:{free_port()}"
    with open(place / "log", "w+") as log:
        process = subprocess.Popen([etcd, "--data-dir", str(data), "--name", "m1", "--listen-client-urls", f"http://127.0.0.1:{port}",
                                    "--advertise-client-urls", f"http://127.0.0.1:{port}", "--listen-peer-urls", peer,
                                    "--initial-advertise-peer-urls", peer, "--initial-cluster", f"m1={peer}"],
                                   stdout=log, stderr=log, preexec_fn=become, cwd=place, env=dict(os.environ, ETCD_WAL_SEGMENT_BYTES="65536"))
        end = time.time() + patience
        serves = False
        while not serves and time.time() < end and process.poll() is None:
            try:
                Client(port).call("/v3/kv/range", {"key": b64("/k/1")})
                serves = True
            except Exception:
                time.sleep(0.1)
        ended = process.poll()
        if ended is None:
            process.kill()
            process.wait(20)
    outcome = "starts" if serves else "hangs" if ended is None else "panics" if ended == 2 else "exits"
    return outcome, (place / "log").read_text(errors="replace")


def replaced(name, make):
    def damage():
        (data / name).unlink()
        make(data / name)
    return damage


def mode(name, bits):
    return lambda: os.chmod(data / name, bits)


def roots(name):
    return lambda: os.chown(data / name, 0, 0)


def cases():
    segment = sorted(path.relative_to(base) for path in base.glob("member/wal/*.wal"))[-1]
    snapshot = sorted(path.relative_to(base) for path in base.glob("member/snap/*.snap"))[-1]
    db = "member/snap/db"
    yield "nothing", lambda: None
    for name, modes in ((".", (0o500, 0o300)), ("member", (0o500, 0o300, 0o600)), ("member/wal", (0o500, 0o300, 0o600)), ("member/snap", (0o500, 0o300)),
                        (segment, (0o400, 0o200)), (db, (0o400, 0o200)), (snapshot, (0o200,))):
        for bits in modes:
            yield f"{name} {bits:04o}", mode(name, bits)
    if ROOT:
        for name in ("member", "member/wal", "member/snap", segment, db, snapshot):
            yield f"{name} of root", roots(name)
    for name in (segment, db, snapshot):
        for kind, make in (("directory", os.mkdir), ("FIFO", os.mkfifo), ("link to nothing", lambda path: os.symlink("/nonexistent/x", path)),
                           ("circular link", lambda path: os.symlink(path.name, path)), ("device", lambda path: os.symlink("/dev/null", path))):
            yield f"{name} is a {kind}", replaced(name, make)


wrong = done = 0
try:
    make_base()
    share = ("3.4", "3.5", "3.6", "3.7").index(version)
    for number, (name, damage) in enumerate(cases()):
        if "--all" not in sys.argv and number % 4 != share:
            continue
        fresh()
        damage()
        answer = subprocess.run([medic, "verify", data, "--etcd-version", version, "-o", "json"], capture_output=True, timeout=60)
        report = json.loads(answer.stdout)
        if answer.returncode == 8:  # not root: nothing of it may be read
            assert report["error"]["reason"] == "permission", report
            continue
        told = report["prediction"]
        did, log = run_etcd(5 if told["outcome"] == "hangs" else 20)
        plain = log.replace('\\"', '"')
        good = told["outcome"] == did and told.get("message", "") in plain
        if not ROOT and told["outcome"] == "unknown":
            good = True
        done += 1
        wrong += not good
        print(f"{'' if good else 'WRONG: '}{name}: told {told['outcome']} {told.get('message', '')!r}, etcd {version} {did}")
        if not good:
            print("   ", "\n    ".join(log.splitlines()[-3:]))
        assert did == "starts" or answer.returncode & 4, (name, answer.returncode)
finally:
    subprocess.run(["chmod", "-R", "u+rwX", place], check=True)
    shutil.rmtree(place, ignore_errors=True)
assert done > 5, done
print(f"{done} directories, {wrong} predictions wrong")
sys.exit(bool(wrong))
