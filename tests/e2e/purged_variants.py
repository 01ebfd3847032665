# SPDX-License-Identifier: Apache-2.0
"""Damages of the db of a member that has run for a while, so that its log has lost its beginning: testdata/corpora/purged-log, whose log tells
of revisions from 1568 to 2901, and whose db is compacted at 1200. Each function changes the bytes of the db."""
import json
import random
import struct

PAGE = 4096
IN_LOG, ALSO_IN_LOG, NEWER, OLDER = 2495, 2210, 2800, 1405


class Db(bytearray):
    """Its bytes, and what its pages are used for."""

    def of(self, use):
        return [page["page"] * PAGE for page in self.pages if page["use"] == use and page.get("bucket") == "key"]


def read(medic, base):
    db = Db((base / "member/snap/db").read_bytes())
    db.pages = [json.loads(line) for line in medic.run("db", "pages", base, "-o", "ndjson")[1].splitlines()]
    return db


def record(db, revision):
    """Where the revision key stands on a leaf that is in use."""
    key = struct.pack(">Q", revision) + b"_"
    return next(at for page in db.of("leaf") if (at := db.find(key, page, page + PAGE)) >= 0)


def leaf(db, revision):
    return record(db, revision) // PAGE * PAGE


def fill(db, at, content):
    assert db[at:at + len(content)] != content
    db[at:at + len(content)] = content


def flip(db, at, mask=4):
    db[at] ^= mask


def roots(db):
    """The directory of buckets of both meta pages."""
    return sorted({int.from_bytes(db[at + 32:at + 40], "little") * PAGE for at in (0, PAGE)})


def change_number(db, name, change):
    """A number in bucket meta, in every copy of it: the value follows its key."""
    at, found = db.find(name), 0
    while at >= 0:
        place = at + len(name)
        number = int.from_bytes(db[place:place + 8], "big")
        if 0 < number < 1 << 32:
            db[place:place + 8] = change(number).to_bytes(8, "big")
            found += 1
        at = db.find(name, at + 1)
    assert found, name


def value_at(db, revision):
    return db.index(b"value ", record(db, revision))


VARIANTS = {
    "p01-value-bit": lambda db: flip(db, value_at(db, IN_LOG) + 3),
    "p02-key-bit": lambda db: flip(db, db.index(b"/registry", record(db, IN_LOG)) + 12, 1),
    "p03-value-malformed": lambda db: flip(db, value_at(db, IN_LOG) - 3, 0x40),
    "p04-three-values": lambda db: [flip(db, value_at(db, revision) + 2) for revision in (IN_LOG, ALSO_IN_LOG, NEWER)],
    "p05-leaf-zeroed": lambda db: fill(db, leaf(db, IN_LOG), bytes(PAGE)),
    "p06-two-leaves-zeroed": lambda db: [fill(db, leaf(db, revision), bytes(PAGE)) for revision in (IN_LOG, ALSO_IN_LOG)],
    "p07-leaf-garbage": lambda db: fill(db, leaf(db, IN_LOG), random.Random(7).randbytes(PAGE)),
    "p08-branches-zeroed": lambda db: [fill(db, at, bytes(PAGE)) for at in db.of("branch")],
    "p09-leaf-older-than-the-log-zeroed": lambda db: fill(db, leaf(db, OLDER), bytes(PAGE)),
    "p10-index-too-low": lambda db: change_number(db, b"consistent_index", lambda number: number - 100),
    "p11-index-too-high-by-a-bit": lambda db: change_number(db, b"consistent_index", lambda number: number ^ 1 << 20),
    "p12-term-bit": lambda db: change_number(db, b"term", lambda number: number ^ 8),
    "p13-both-metas-zeroed": lambda db: fill(db, 0, bytes(2 * PAGE)),
    "p14-directories-zeroed": lambda db: [fill(db, at, bytes(PAGE)) for at in roots(db)],
    "p15-cut-at-three-quarters": lambda db: db.__delitem__(slice(len(db) // PAGE * 3 // 4 * PAGE, None)),
    "p16-leaf-key-bit": lambda db: flip(db, record(db, IN_LOG) + 6, 2),
    "p17-leaf-count": lambda db: flip(db, leaf(db, IN_LOG) + 10, 3),
    "p18-db-emptied": lambda db: db.clear(),
}
