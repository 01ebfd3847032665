# SPDX-License-Identifier: Apache-2.0
"""Random damage to a member's directory. Each kind takes the Member, a random source and the Base, and says what it did; nothing where
the directory has no place for it."""
import os
import shutil
import struct

from bolt_pages import PAGE, Pages

KINDS = {}


def kind(function):
    KINDS[function.__name__.replace("_", "-")] = function
    return function


def write(path, offset, content):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(content)


def read(path, offset, size):
    with open(path, "rb") as file:
        file.seek(offset)
        return file.read(size)


def flip(path, start, end, source):
    """One bit between the offsets."""
    offset, bit = source.randrange(start, end), source.randrange(8)
    write(path, offset, bytes([read(path, offset, 1)[0] ^ 1 << bit]))
    return f"{path.name}: bit {bit} at {offset} flipped"


def frames(path):
    """(offset, size with its length field) of each record of a sound segment."""
    content, at, found = path.read_bytes(), 0, []
    while at + 8 <= len(content):
        field, = struct.unpack_from("<Q", content, at)
        size = 8 + (field & (1 << 56) - 1) + (field >> 56 & 7 if field >> 63 else 0)
        if field == 0 or at + size > len(content):
            break
        found.append((at, size))
        at += size
    return found, at


def segment(member, source):
    """A segment, the last one as often as all others, and where its records end."""
    path = source.choice([member.wal()[-1], source.choice(member.wal())])
    return path, *frames(path)


# ---- The log.

@kind
def wal_bit(member, source, base):
    path, _, end = segment(member, source)
    return flip(path, 0, end, source)


@kind
def wal_length_bit(member, source, base):
    path, records, _ = segment(member, source)
    at, _ = source.choice(records)
    return flip(path, at, at + 8, source)


@kind
def wal_head_bit(member, source, base):
    """Type and CRC of a record, which no CRC covers."""
    path, records, _ = segment(member, source)
    at, _ = source.choice(records)
    return flip(path, at + 8, at + 14, source)


@kind
def wal_sector_zeroed(member, source, base):
    path, _, end = segment(member, source)
    at = source.randrange(end) // 512 * 512
    write(path, at, bytes(512))
    return f"{path.name}: the sector at {at} zeroed"


@kind
def wal_tail_zeroed(member, source, base):
    path = member.wal()[-1]
    _, end = frames(path)
    at = max(0, end - source.choice([1, 2, 8, 30]) * 512) // 512 * 512
    write(path, at, bytes(end - at))
    return f"{path.name}: zeroed from {at} to its end at {end}"


@kind
def wal_cut(member, source, base):
    path, records, end = segment(member, source)
    at = source.choice([source.randrange(end), source.choice(records)[0]])
    os.truncate(path, at)
    return f"{path.name}: cut at {at}"


@kind
def wal_garbage(member, source, base):
    path, _, end = segment(member, source)
    at, size = source.randrange(end), source.choice([1, 8, 100, 4000])
    write(path, at, source.randbytes(size))
    return f"{path.name}: {size} random bytes at {at}"


@kind
def wal_tail_garbage(member, source, base):
    path = member.wal()[-1]
    _, end = frames(path)
    size = source.choice([1, 8, 100, 3000])
    write(path, end, source.randbytes(size))
    return f"{path.name}: {size} random bytes at its end, {end}"


@kind
def wal_segment_lost(member, source, base):
    path = source.choice(member.wal())
    path.unlink()
    return f"{path.name} removed"


@kind
def wal_lost(member, source, base):
    shutil.rmtree(member.member / "wal")
    if source.random() < 0.5:
        (member.member / "wal").mkdir(mode=0o700)
        return "all segments removed"
    return "wal/ removed"


@kind
def wal_emptied(member, source, base):
    path = source.choice(member.wal())
    os.truncate(path, 0)
    return f"{path.name} emptied"


@kind
def wal_swapped(member, source, base):
    if len(member.wal()) < 2:
        return None
    one, other = source.sample(member.wal(), 2)
    aside = one.with_suffix(".aside")
    one.rename(aside), other.rename(one), aside.rename(other)
    return f"{one.name} and {other.name} swapped"


@kind
def wal_renamed(member, source, base):
    path = source.choice(member.wal())
    number, index = (int(part, 16) for part in path.stem.split("-"))
    target = path.with_name(f"{number + source.choice([0, 1]):016x}-{index + source.randrange(1, 99):016x}.wal")
    if target.exists():
        return None
    path.rename(target)
    return f"{path.name} renamed to {target.name}"


@kind
def wal_records_twice(member, source, base):
    path, records, end = segment(member, source)
    if len(records) < 6:
        return None
    first = source.randrange(3, len(records) - 1)
    at, stop = records[first][0], sum(source.choice(records[first:first + 3]))
    content = read(path, 0, end)
    write(path, 0, content[:stop] + content[at:])
    return f"{path.name}: bytes {at} to {stop} stand twice"


@kind
def wal_records_out(member, source, base):
    path, records, end = segment(member, source)
    if len(records) < 8:
        return None
    first = source.randrange(3, len(records) - 3)
    at, stop = records[first][0], records[first + source.randrange(1, 3)][0]
    content = read(path, 0, end)
    write(path, at, content[stop:] + bytes(stop - at))
    return f"{path.name}: bytes {at} to {stop} taken out"


@kind
def wal_older(member, source, base):
    shutil.rmtree(member.member / "wal")
    shutil.copytree(base.older.member / "wal", member.member / "wal")
    return "wal/ as it was earlier"


@kind
def wal_foreign(member, source, base):
    shutil.rmtree(member.member / "wal")
    shutil.copytree(base.foreign.member / "wal", member.member / "wal")
    return "wal/ of another cluster"


@kind
def wal_swapped_and_bit(member, source, base):
    """What addresses a file by name while names change must not hit the wrong one."""
    said = wal_swapped(member, source, base)
    return said and f"{said}; {wal_bit(member, source, base)}"


# ---- Snapshots.

def some_snap(member, source):
    return source.choice(member.snaps()) if member.snaps() else None


@kind
def snap_bit(member, source, base):
    path = some_snap(member, source)
    return path and flip(path, 0, path.stat().st_size, source)


@kind
def snap_cut(member, source, base):
    path = some_snap(member, source)
    if path:
        os.truncate(path, source.randrange(path.stat().st_size))
        return f"{path.name} cut"


@kind
def snap_lost(member, source, base):
    paths = member.snaps()[source.choice([0, -1]):]
    for path in paths:
        path.unlink()
    return f"{len(paths)} .snap removed" if paths else None


# ---- The backend.

@kind
def db_meta_bit(member, source, base):
    number = source.randrange(2)
    return flip(member.db, number * PAGE, number * PAGE + 80, source)


@kind
def db_header_bit(member, source, base):
    number = Pages(member.db).some(source)
    return flip(member.db, number * PAGE, number * PAGE + 16, source)


def of_an_element(part, word):
    def go(member, source, base):
        pages = Pages(member.db)
        number = pages.some(source, word)
        spans = [[(at, at + 16), key, value][part] for at, key, value, _ in pages.elements(number)]
        spans = [span for span in spans if span[1] > span[0]]
        if not spans:
            return None
        return f"{flip(member.db, *source.choice(spans), source)}, a {pages.kinds[number]}"
    return go


KINDS["db-element-bit"], KINDS["db-branch-bit"] = of_an_element(0, "leaf"), of_an_element(1, "branch")
KINDS["db-key-bit"], KINDS["db-value-bit"] = of_an_element(1, "leaf"), of_an_element(2, "leaf")
KINDS["db-content-bit"] = of_an_element(2, "leaf of key")


@kind
def db_page_zeroed(member, source, base):
    number = Pages(member.db).some(source)
    size = source.choice([512, PAGE])
    write(member.db, number * PAGE + source.randrange(0, PAGE, size), bytes(size))
    return f"db: {size} bytes in page {number} zeroed"


@kind
def db_page_garbage(member, source, base):
    number = Pages(member.db).some(source)
    write(member.db, number * PAGE, source.randbytes(PAGE))
    return f"db: page {number} overwritten with random bytes"


@kind
def db_pages_swapped(member, source, base):
    pages = Pages(member.db)
    one, other = source.sample(sorted(pages.kinds), 2)
    first, second = (read(member.db, number * PAGE, PAGE) for number in (one, other))
    write(member.db, one * PAGE, second), write(member.db, other * PAGE, first)
    return f"db: pages {one} and {other} swapped"


@kind
def db_old_pages(member, source, base):
    """Writes that never reached the disk."""
    old = base.older.db.stat().st_size // PAGE
    numbers = [number for number in Pages(member.db).kinds if number < old and
               read(member.db, number * PAGE, PAGE) != read(base.older.db, number * PAGE, PAGE)]
    if not numbers:
        return None
    chosen = source.sample(numbers, min(len(numbers), source.choice([1, 1, 3])))
    for number in chosen:
        write(member.db, number * PAGE, read(base.older.db, number * PAGE, PAGE))
    return f"db: pages {chosen} as they were earlier"


@kind
def db_cut(member, source, base):
    at = source.randrange(Pages(member.db).high * PAGE)
    os.truncate(member.db, at)
    return f"db cut at {at}"


@kind
def db_lost(member, source, base):
    if source.random() < 0.5:
        member.db.unlink()
        return "db removed"
    os.truncate(member.db, 0)
    return "db emptied"


@kind
def db_older(member, source, base):
    shutil.copyfile(base.older.db, member.db)
    return "db as it was earlier"


@kind
def db_foreign(member, source, base):
    shutil.copyfile(base.foreign.db, member.db)
    return "db of another cluster"


@kind
def stray_files(member, source, base):
    names = ["wal/core", "snap/db.bak", "wal/0000000000000009-0000000000000009.wal.broken", "snap/tmp123", "snap/00000000000000ff.snap.db"]
    for name in source.sample(names, 2):
        (member.member / name).write_bytes(source.randbytes(source.choice([0, 100, 5000])))
    return "stray files"


@kind
def nothing(member, source, base):
    return "nothing"


@kind
def mix(member, source, base):
    said = []
    for name in source.sample(sorted(KINDS.keys() - {"mix", "nothing"}), 2):
        try:
            said.append(KINDS[name](member, source, base))
        except (OSError, IndexError, ValueError, struct.error, RecursionError):  # the first left nothing for the second
            pass
    return "; ".join(filter(None, said)) or None

