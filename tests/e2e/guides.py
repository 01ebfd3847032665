#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands of the guides as root, on what belongs to another user: everything that they make or change belongs to that user afterwards,
and a real etcd of that user starts from it. What `restore` makes of a file is the caller's, and given away as the guide says."""
import os
import subprocess
import sys

from server import Client, Server
from medic import Medic

built, USER = sys.argv[4], 65534
if os.geteuid() != 0 or not os.access(built, os.X_OK):
    print(f"skipped: needs root and {built}")
    sys.exit(77)
medic = Medic(sys.argv)
CHOWN = f"chown -R {USER}:{USER} new"
# what is read; the commands, in its folder, where it is called `data`; what etcd starts from (nothing where only the owner is looked at), and its name
WAYS = {
    "a log in place": ("corpora/wal-corrupt", "s02-missing-middle/data", ["repair data --apply"], "data", "m1"),
    "a log on a copy": ("corpora/wal-corrupt", "f01-bitflip-middle-segment/data", ["repair data --output new"], "new", "m1"),
    "a log of its owner's mode": ("corpora/wal-corrupt", "p01-mode-000-last/data", ["repair data --apply"], "data", "m1"),
    "a log that is gone": ("torture/01-wal-removed", ".", ["repair data --apply --accept-loss"], "data", "m1"),
    "a db in place": ("corpora/db-corrupt", "b24-truncated-mid-page/data", ["repair data --apply"], "data", "m1"),
    "pages of a db": ("torture/08-root-overflow", ".", ["repair data --apply"], "data", "m1"),
    "repaired, undone, repaired": ("corpora/wal-corrupt", "s02-missing-middle/data", ["repair data --apply", "undo data", "repair data --apply"], "data", "m1"),
    "the only member": ("corpora/cluster-3", "m1", ["repair data --new-cluster --apply"], "data", "m1"),
    "recover a directory": ("corpora/db-corrupt", "b24-truncated-mid-page/data", ["recover data --output new"], "new", "m1"),
    "recover a snapshot": ("corpora/db-corrupt", "b24-truncated-mid-page/data", ["recover data --snapshot new.db", "restore new.db --output new", CHOWN], "new", "default"),
    "restore a file": ("minikube-like", "member/snap/db", ["restore data --skip-hash-check --output new", CHOWN], "new", "default"),
    "restore a member": ("minikube-like", ".", ["restore data --skip-hash-check --output new"], "new", "default"),
    "restore all": ("minikube-like", ".", ["restore data --skip-hash-check --all-members new --initial-cluster m1=http://127.0.0.1:1,m2=http://127.0.0.1:2"], None, ""),
    "salvage": ("corpora/db-corrupt", "b19-zeroed-leaf/data/member/snap/db", ["salvage data --output new"], "new", "default"),
    "compact": ("minikube-like", "member/snap/db", ["db compact data new.db"], None, ""),
}


def unpacked(archive):
    folder = medic.scratch / "unpacked" / archive
    if not folder.exists():
        folder.mkdir(parents=True)
        subprocess.run(f"zstd -dc --long=27 '{medic.archive(archive)}' | tar -xf - -C {folder} --strip-components=1", shell=True, check=True)
    return folder


def strangers(place):
    """What does not belong to the user, or could not be opened by an etcd of that user."""
    facts = {path: path.stat() for path in place.rglob("*") if path.suffix != ".log"}
    return [f"{path.relative_to(place)} {fact.st_uid}:{fact.st_gid} {fact.st_mode:o}" for path, fact in facts.items()
            if (fact.st_uid, fact.st_gid) != (USER, USER) or fact.st_mode & 0o600 != 0o600]


def go(name, archive, place, commands, result, member):
    folder = medic.scratch / name.replace(" ", "-")
    folder.mkdir()
    subprocess.run(["cp", "-a", "--sparse=always", unpacked(archive) / place, folder / "data"], check=True)
    subprocess.run(["chown", "-R", f"{USER}:{USER}", folder / "data"], check=True)
    for command in commands:
        program = [] if command == CHOWN else [medic.binary]
        done = subprocess.run([*program, *command.split()], cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode & 24 == 0, (name, command, done)
    assert not strangers(folder), (name, strangers(folder))
    if result:
        server = Server(built, folder / result, name=member, user=USER, advertised=2380)
        try:
            assert server.wait(30), (name, server.last_words())
            assert Client(server.port).everything(), name
        finally:
            server.stop()
        assert not strangers(folder), (name, strangers(folder))


for part in (medic.scratch, *medic.scratch.resolve().parents):  # etcd's user must get there
    if part.stat().st_mode & 1 == 0 and part.stat().st_uid == os.geteuid():
        os.chmod(part, part.stat().st_mode | 0o111)
for name, way in WAYS.items():
    go(name, *way)
    print(f"{name}: {'etcd of uid ' + str(USER) + ' starts' if way[3] else 'belongs to uid ' + str(USER)}")
