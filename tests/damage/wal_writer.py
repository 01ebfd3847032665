# SPDX-License-Identifier: Apache-2.0
"""Reads and writes write-ahead logs of one segment for tests, on its own: frames, records, the CRC chain."""


def crc32c(data, crc):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def fields(message):
    """(number, value) of each field; numbers and byte strings only."""
    at = 0

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
    while at < len(message):
        tag = number()
        value = number()
        if tag & 7 == 2:
            value, at = message[at:at + value], at + value
        yield tag >> 3, value


def numbers(*values):
    return b"".join(varint(i << 3) + varint(value) for i, value in enumerate(values, 1))


def entry(term, index, data):
    return numbers(0, term, index) + b"\x22" + varint(len(data)) + data


def put(key, value):
    request = b"\x0a" + varint(len(key)) + key + b"\x12" + varint(len(value)) + value
    return b"\x22" + varint(len(request)) + request


METADATA, ENTRY, STATE, CRC, SNAPSHOT = 1, 2, 3, 4, 5


def read(segment):
    """(type, data) of every record up to the zero tail."""
    at = 0
    while at + 8 <= len(segment):
        field = int.from_bytes(segment[at:at + 8], "little")
        if field == 0:
            return
        length = field & (1 << 56) - 1
        padding = field >> 56 & 7 if field >> 63 else 0
        record = dict(fields(segment[at + 8:at + 8 + length]))
        yield record[1], record.get(3, b"")
        at += 8 + length + padding


def write(records, size=65536):
    """A segment with these records, each with its CRC; those of type CRC are made here."""
    out, crc = bytearray(), 0

    def frame(payload):
        padding = -len(payload) % 8
        out.extend((len(payload) | ((0x80 | padding) << 56 if padding else 0)).to_bytes(8, "little") + payload + bytes(padding))
    frame(b"\x08\x04\x10" + varint(0))
    for kind, data in records:
        if kind == CRC:
            continue
        crc = crc32c(data, crc)
        frame(b"\x08" + varint(kind) + b"\x10" + varint(crc) + (b"\x1a" + varint(len(data)) + data if data else b""))
    return bytes(out) + bytes(max(0, size - len(out)))
