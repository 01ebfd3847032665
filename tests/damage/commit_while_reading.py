#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A backend whose transactions run on while it is read: `verify` and `get` say so (DB-CHANGED-DURING-READ) and take nothing of it for damage.
A process of its own commits without pause, as far as the meta pages tell, and holds the lock that a running etcd holds."""
import fcntl
import multiprocessing
import os
import struct
import sys

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
db = data / "member/snap/db"


def fnv(content):
    value = 0xCBF29CE484222325
    for byte in content:
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


def commit(path, ready, stop):
    """Writes one meta page after the other with the next transaction, the same tree below."""
    with open(path, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        metas = [os.pread(file.fileno(), 80, page * 4096) for page in (0, 1)]
        newest = max(metas, key=lambda page: struct.unpack_from("<Q", page, 64)[0])
        transaction = struct.unpack_from("<Q", newest, 64)[0]
        while not stop.is_set():
            transaction += 1
            body = newest[16:64] + struct.pack("<Q", transaction)
            os.pwrite(file.fileno(), body + struct.pack("<Q", fnv(body)), transaction % 2 * 4096 + 16)
            ready.set()


before = db.read_bytes()
code, report = medic.verify(data)
assert code == 0 and not report["running"], report
ready, stop = multiprocessing.Event(), multiprocessing.Event()
writer = multiprocessing.Process(target=commit, args=(db, ready, stop))
writer.start()
assert ready.wait(20)
try:
    for _ in range(50):  # on a busy machine the other process may sleep through one
        code, report = medic.verify(data)
        found = {finding["code"] for finding in report["findings"]}
        if "DB-CHANGED-DURING-READ" in found:
            break
    got, out, err = medic.run("get", data, "/registry/pods/default/keepr", "--raw")
finally:
    stop.set()
    writer.join()
after = db.read_bytes()
assert after != before and after[8192:] == before[8192:], "the ground must have moved, and nothing but the meta pages"
assert report["running"] and "DB-CHANGED-DURING-READ" in found, (code, found)
assert not {name for name in found if name.startswith(("DB-", "MVCC-"))} - {"DB-CHANGED-DURING-READ", "DB-META-DAMAGED"}, found
assert b"running etcd" in err and b"keepr" in out, (got, err)
print("it says that the ground moved, and finds no damage")
