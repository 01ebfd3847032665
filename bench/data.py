# SPDX-License-Identifier: Apache-2.0
"""The data that bench/run.py times on, made once and kept in the build folder. The first line of each says in the document what it is."""
import hashlib
import pathlib
import struct
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent


def call(*args):
    subprocess.run([str(arg) for arg in args], check=True)


def like(other, peers, where):
    """Another of these, copied where it is there already."""
    before = where.with_name(other.__name__)
    if before.with_suffix(".made").exists():
        call("cp", "-r", f"{before}/.", where)
    else:
        other(peers, where)


def wal(peers, where):
    """560 000 entries, almost all puts of about 1 KiB, written by etcd's own wal package: more than 600 MB in ten segments."""
    (where / "member").mkdir(parents=True)
    call(peers / "makewal", where / "member/wal", 560000)


def db(peers, where):
    """1.2 million revisions of 600 000 keys with values of about 1 KiB, written with bbolt in etcd's shape: 1.7 GB."""
    call(peers / "makedb", where / "db", 1200000)


def backup(peers, where):
    """That db as `snapshot save` sends it, with its SHA-256 at the end."""
    like(db, peers, where)
    with open(where / "db", "rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    with open(where / "db", "ab") as file:
        file.write(digest)


def member(peers, where):
    """A member as etcd leaves it: 1.2 million puts of about 1 KiB applied, a db of 1.6 GB, and what it kept of the log."""
    (where / "member").mkdir(parents=True)
    call(peers / "makewal", where / "member/wal", 1200000)
    call(sys.executable, here / "start_etcd.py", peers / "etcd", where)


def torn(peers, where):
    """That member after the root page of the db's newest transaction was lost: the older meta page is sound."""
    like(member, peers, where)
    with open(where / "member/snap/db", "r+b") as file:
        head = file.read(2 * 4096)
        metas = [struct.unpack_from("<IIIIQQQQQ", head, at + 16) for at in (0, 4096)]
        newest = max(metas, key=lambda meta: meta[8])
        file.seek(newest[4] * newest[2])
        file.write(bytes(newest[2]))


def values(_, where):
    """418 protobuf values of 70 kinds from a real server."""
    archive = here.parent / "testdata/k8s/expected.tar.zst"
    subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -xf - -C '{where}'", shell=True, check=True)


def kube(peers, where):
    """Those values multiplied to the db of a cluster: 1.5 million revisions, of which 56 000 are compacted away, 307 000 objects, 1.6 GB."""
    values(peers, where)
    call(peers / "makekube", where / "expected", where / "db", 1500000)
    call("rm", "-rf", where / "expected")
