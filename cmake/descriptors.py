# SPDX-License-Identifier: Apache-2.0
"""Reads what protoc writes with --descriptor_set_out: protobuf's wire format, as far as descriptors use it."""


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7f) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """number -> values in order; varints as int, the rest as bytes."""
    found, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            assert tag & 7 == 2, 'descriptors hold varints and bytes'
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
        found.setdefault(tag >> 3, []).append(value)
    return found


def one(found, number, default=None):
    return found[number][-1] if number in found else default


def text(found, number, default=''):
    value = one(found, number)
    return default if value is None else value.decode()


def option(found, options, extension):
    """The fields of the message that is extension number `extension` of the options in field `options`. protoc writes a
    part for each member that a file sets; together they are the message."""
    return fields(b''.join(fields(one(found, options, b'')).get(extension, [])))
