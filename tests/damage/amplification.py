#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever is in a backend, no command writes more than twenty times what it writes for the same file undamaged, nor takes for ever."""
import os
import pathlib
import random
import struct
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import make_member
from make_member import PAGE, field, key_value, revision
from medic import Medic

medic = Medic(sys.argv)
TIMES, FLOOR, SECONDS = 20, 64 << 10, 60


def calls(db):
    for form in ("table", "json", "ndjson", "yaml", "name"):
        for command in ("db check", "db pages", "db tree", "db buckets", "db stat", "db freelist", "db meta", "keys", "top", "leases", "verify"):
            yield [*command.split(), db, "-o", form]
        yield ["db", "dump", db, "key", "-o", form]
        yield ["get", db, "", "--from-key", "-o", form]
        yield ["history", db, "/registry/keys/00000", "-o", form]
    yield ["db", "page", db, "3", "--hex"]
    yield ["get", db, "/registry/keys/00000"]
    yield ["db", "compact", db, str(db) + ".compact", "--salvage"]


def written(args):
    copy = pathlib.Path(args[3]) if args[1] == "compact" else None
    if copy is not None:
        copy.unlink(missing_ok=True)
    done = subprocess.run([medic.binary, *map(str, args)], capture_output=True, timeout=SECONDS)
    assert done.returncode >= 0, (args, done)
    return len(done.stdout) + len(done.stderr) + (copy.stat().st_size if copy is not None and copy.exists() else 0)


large = b"x" * (60 * PAGE)
buckets = {b"key": {}, b"meta": {b"consistent_index": (900).to_bytes(8, "big"), b"term": (2).to_bytes(8, "big")},
           **{name: {} for name in (b"members", b"members_removed", b"cluster", b"lease", b"alarm", b"auth", b"authUsers", b"authRoles")}}
for i in range(2, 60):
    buckets[b"key"][revision(i)] = key_value(b"/registry/keys/%05d" % (i - 2), large if i == 2 else b"a value of some bytes " * 9, i, i, 1)
sound = make_member.backend(buckets)
leaf = next(at for at in range(2 * PAGE, len(sound), PAGE) if b"/registry/keys/00001" in sound[at : at + 70 * PAGE] and sound[at + 8] == 2)
key_page = next(at for at in range(2 * PAGE, len(sound), PAGE)
                if struct.unpack_from("<QHHI", sound, at)[0] == at // PAGE and struct.unpack_from("<QHHI", sound, at)[2] > 50)


def overlap(db):
    """Every element of the leaf of `key` claims the large value."""
    count = struct.unpack_from("<H", db, key_page + 10)[0]
    at = db.index(large[:PAGE], key_page)
    for i in range(count):
        place = key_page + 16 + 16 * i
        struct.pack_into("<III", db, place + 4, at - place, 17, len(large) - 17)


def count(db):
    struct.pack_into("<H", db, key_page + 10, 65535)


def buckets_in_buckets(db):
    for i in range(struct.unpack_from("<H", db, key_page + 10)[0]):
        struct.pack_into("<I", db, key_page + 16 + 16 * i, 1)


def long_name(db):
    """The directory's first name reaches over the rest of the file."""
    root = struct.unpack_from("<Q", db, 32)[0] * PAGE
    struct.pack_into("<I", db, 12 + root, len(db) // PAGE)
    struct.pack_into("<I", db, root + 16 + 8, 3000)


def overflows(db):
    """Every page claims all that follow it."""
    for at in range(2 * PAGE, len(db), PAGE):
        number, flags, _, _ = struct.unpack_from("<QHHI", db, at)
        if number == at // PAGE and flags == 2:
            struct.pack_into("<I", db, at + 12, (len(db) - at) // PAGE - 1)


def one_root(db):
    root = struct.unpack_from("<Q", db, 32)[0] * PAGE
    for i in range(struct.unpack_from("<H", db, root + 10)[0]):
        place = root + 16 + 16 * i
        _, position, key, _ = struct.unpack_from("<IIII", db, place)
        struct.pack_into("<Q", db, place + position + key, key_page // PAGE)


def garbage(seed, letters):
    def damage(db):
        rng = random.Random(seed)
        at = rng.choice([key_page, struct.unpack_from("<Q", db, 32)[0] * PAGE])
        db[at : at + PAGE] = bytes(0x60 + rng.randrange(16) if letters else rng.randrange(256) for _ in range(PAGE))
        if seed % 2:
            struct.pack_into("<QH", db, at, at // PAGE, 1 + seed // 2 % 2)
    damage.__name__ = f"garbage_{seed}"
    return damage


damages = [overlap, count, buckets_in_buckets, long_name, overflows, one_root, *(garbage(i, i > 3) for i in range(8))]
base = medic.scratch / "sound.db"
base.write_bytes(sound)
usual = {tuple(map(str, args)): written(args) for args in calls(base)}
for damage in damages:
    image = bytearray(sound)
    damage(image)
    assert image != sound, "damage must damage"
    base.write_bytes(image)
    for args in calls(base):
        size, most = written(args), max(FLOOR, TIMES * usual[tuple(map(str, args))])
        assert size <= most, (damage.__name__, args, size, most)

# What a real run met: a page of garbage in a real file.
if archive := medic.archive("torture/10-garbage-page-time"):
    medic.unpack(archive)
    db = next(medic.scratch.rglob("snap/db"))
    for args in calls(db):
        assert written(args) <= 8 * db.stat().st_size, (args, written(args), db.stat().st_size)
# A plan of several steps maps a log of many zeros once for each of them; what was read is given back.
member = medic.corpus("crash-7-early") / "data"
(member / "member/snap/db").unlink()
segment = next((member / "member/wal").glob("*.wal"))
with open(segment, "r+b") as file:
    file.seek(20000)
    flipped = bytes([file.read(1)[0] ^ 4])
    file.seek(20000)
    file.write(flipped)
    file.truncate(64 << 20)
code, plan = medic.plan(member)
assert len(plan["steps"]) > 1, plan
for command in ("verify", "repair"):
    child = os.posix_spawn(medic.binary, [medic.binary, command, str(member)], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    _, _, usage = os.wait4(child, 0)
    assert usage.ru_maxrss < (2 * 64 + 48) << 10, (command, f"{usage.ru_maxrss} KiB")
print(f"{len(damages) + 1} files, {len(usual)} calls each")
