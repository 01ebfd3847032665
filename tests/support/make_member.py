# SPDX-License-Identifier: Apache-2.0
"""Writes the files of a member for tests: a backend page by page and a log of one segment, on its own, with none of the
readers' code."""
import os
import struct

PAGE = 4096


def varint(number):
    out = bytearray()
    number &= (1 << 64) - 1
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, value):
    """A field of a protobuf message: an int, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def key_value(key, value, create, mod, version, lease=0):
    out = field(1, key) + field(2, create) + field(3, mod) + field(4, version) + field(5, value)
    return out + (field(6, lease) if lease else b"")


def revision(main, sub=0, tombstone=False):
    return struct.pack(">Q", main) + b"_" + struct.pack(">Q", sub) + (b"t" if tombstone else b"")


def fnv(data):
    total = 0xCBF29CE484222325
    for byte in data:
        total = (total ^ byte) * 0x100000001B3 & (1 << 64) - 1
    return total


def page(number, flags, entries, element_flags=0):
    """A leaf with all entries, on as many pages as it takes."""
    elements, data = b"", b""
    for i, (key, value) in enumerate(entries):
        position = 16 * (len(entries) - i) + len(data)
        elements += struct.pack("<IIII", element_flags, position, len(key), len(value))
        data += key + value
    size = 16 + len(elements) + len(data)
    pages = (size + PAGE - 1) // PAGE
    head = struct.pack("<QHHI", number, flags, len(entries), pages - 1)
    return (head + elements + data).ljust(pages * PAGE, b"\0")


def backend(buckets):
    """The db that holds {bucket: {key: value}}."""
    body, directory = b"", []
    for name in sorted(buckets):
        directory.append((name, struct.pack("<QQ", 2 + len(body) // PAGE, 0)))
        body += page(2 + len(body) // PAGE, 2, sorted(buckets[name].items()))
    root = 2 + len(body) // PAGE
    body += page(root, 2, directory, 1)
    out = b""
    for number in (0, 1):
        meta = struct.pack("<IIIIQQQQQ", 0xED0CDAED, 2, PAGE, 0, root, 0, (1 << 64) - 1, 2 + len(body) // PAGE,
                           4 - number)
        out += (struct.pack("<QHHI", number, 4, 0, 0) + meta + struct.pack("<Q", fnv(meta))).ljust(PAGE, b"\0")
    return out + body


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc_table()


def crc32c(data, crc):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def segment(records):
    """A segment of (type, data)."""
    out, crc = bytearray(), 0
    for kind, data in [(4, b"")] + records:
        if data:
            crc = crc32c(data, crc)
        record = field(1, kind) + field(2, crc) + (field(3, data) if kind != 4 else b"")
        padding = -len(record) % 8
        out += struct.pack("<Q", len(record) | ((0x80 | padding) << 56 if padding else 0))
        out += record + b"\0" * padding
    return bytes(out).ljust(64 * 1024, b"\0")


def log(requests, node=0x1111, cluster=0x2222, term=2):
    """The log of a member whose entries 1, 2, … are these InternalRaftRequests, all of them committed."""
    records = [(1, field(1, node) + field(2, cluster)), (5, field(1, 0) + field(2, 0))]
    for index, request in enumerate(requests, 1):
        entry = field(1, 0) + field(2, term) + field(3, index) + (field(4, request) if request else b"")
        records.append((2, entry))
    records.append((3, field(1, term) + field(2, node) + field(3, len(requests))))
    return segment(records)


def write(path, buckets, requests):
    os.makedirs(f"{path}/member/snap", mode=0o700, exist_ok=True)
    os.makedirs(f"{path}/member/wal", mode=0o700, exist_ok=True)
    for name, content in (("snap/db", backend(buckets)),
                          ("wal/0000000000000000-0000000000000000.wal", log(requests))):
        with open(f"{path}/member/{name}", "wb") as file:
            file.write(content)
        os.chmod(f"{path}/member/{name}", 0o600)
