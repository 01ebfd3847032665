#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Build step: a descriptor set of proto/*.proto -> the constexpr tables of room proto (etcd_tables.cc, etcd_messages.h).

    etcd_tables.py SET.pb OUT.cc OUT.h

The rows are those of lib/proto/message.h. OUT.h has a struct per message in a namespace per package, with the numbers of
its fields and its row, kInfo.
"""
import pathlib
import re
import sys

from descriptors import fields, one, option, text

# What etcd's messages use; another type needs a row here, in message.h and in walk.cc.
TYPES = {3: 'kInt64', 4: 'kUint64', 8: 'kBool', 9: 'kString', 11: 'kMessage', 12: 'kBytes', 13: 'kUint32', 14: 'kEnum'}
ROLES = ['kPlain', 'kSecret', 'kKey', 'kRangeEnd', 'kValue', 'kMemberId', 'kLeaseId', 'kClusterId', 'kJson']
FIELD_OPTIONS, MESSAGE_OPTIONS, ENUM_OPTIONS, VALUE_OPTIONS, METHOD_OPTIONS = 8, 7, 3, 3, 4
EXTENSION = 62111
NEWEST = 255


class Releases:
    """The first and the last release, as minor numbers."""

    def __init__(self, found, outer=None):
        self.since = max(one(found, 1, 0), outer.since if outer else 0)
        self.until = min(one(found, 2, NEWEST), outer.until if outer else NEWEST)

    def have(self, release):
        return self.since <= release <= self.until


class Field:
    def __init__(self, data, owner):
        raw = fields(data)
        self.name, self.number, self.kind = text(raw, 1), one(raw, 3), one(raw, 5)
        self.repeated, self.type_name = one(raw, 4) == 3, text(raw, 6).lstrip('.')
        self.oneof, self.packed = one(raw, 9), one(fields(one(raw, 8, b'')), 2, owner.syntax == 'proto3')
        shape = option(raw, FIELD_OPTIONS, EXTENSION)
        self.role, self.releases = ROLES[one(shape, 1, 0)], Releases(fields(one(shape, 2, b'')), owner.releases)


class Enum:
    def __init__(self, data, scope, releases):
        raw = fields(data)
        self.name = f'{scope}.{text(raw, 1)}'
        shape = option(raw, ENUM_OPTIONS, EXTENSION)
        self.prefix, releases = text(shape, 1), Releases(fields(one(shape, 2, b'')), releases)
        self.values = [(one(value, 2, 0), text(value, 1), Releases(option(value, VALUE_OPTIONS, EXTENSION), releases))
                       for value in map(fields, raw[2])]


class Message:
    def __init__(self, data, package, syntax):
        raw = fields(data)
        self.package, self.short, self.syntax = package, text(raw, 1), syntax
        self.name = f'{package}.{self.short}'
        assert 3 not in raw, f'{self.name}: nested messages are not used'
        self.releases = Releases(option(raw, MESSAGE_OPTIONS, EXTENSION))
        self.fields = [Field(each, self) for each in raw.get(2, [])]
        self.oneofs = [text(fields(each), 1) for each in raw.get(8, [])]
        self.enums = [Enum(each, self.name, self.releases) for each in raw.get(4, [])]


class Method:
    def __init__(self, data, service):
        raw = fields(data)
        self.name = f'{service}.{text(raw, 1)}'
        self.takes, self.gives = text(raw, 2).lstrip('.'), text(raw, 3).lstrip('.')
        self.streams_in, self.streams_out = one(raw, 5, 0), one(raw, 6, 0)
        self.releases = Releases(option(raw, METHOD_OPTIONS, EXTENSION))


class Set:
    """All messages, enums and methods of etcd's packages in a descriptor set."""

    def __init__(self, path):
        self.messages, self.enums, self.methods = [], [], []
        for file in map(fields, fields(pathlib.Path(path).read_bytes())[1]):
            package = text(file, 2)
            if not package.endswith('pb'):  # protobuf's own descriptor.proto, and our options
                continue
            self.messages += [Message(each, package, text(file, 12, 'proto2')) for each in file.get(4, [])]
            self.enums += [Enum(each, package, None) for each in file.get(5, [])]
            for service in map(fields, file.get(6, [])):
                self.methods += [Method(each, f'{package}.{text(service, 1)}') for each in service[2]]
        self.enums += [enum for message in self.messages for enum in message.enums]


def constant(name):
    """remaining_TTL -> kRemainingTTL"""
    return 'k' + ''.join(word[:1].upper() + word[1:] for word in name.split('_'))


def scoped(name):
    return name.replace('.', '::')


def flat(name):
    return constant(re.sub(r'\W', '_', name))


def enum_rows(enum):
    rows = ', '.join('{%d, "%s"}' % (number, name.removeprefix(enum.prefix)) for number, name, _ in enum.values)
    return f'constexpr EnumValue {flat(enum.name)}[] = {{{rows}}};\n'


def field_row(field):
    message = f'&{scoped(field.type_name)}::kInfo' if TYPES[field.kind] == 'kMessage' else 'nullptr'
    values = flat(field.type_name) if TYPES[field.kind] == 'kEnum' else '{}'
    return '    {%d, "%s", %s, %s, %s, %s, %s},\n' % (field.number, field.name, TYPES[field.kind], field.role,
                                                    str(field.repeated).lower(), message, values)


def message_rows(message):
    rows = sorted(message.fields, key=lambda field: field.number)
    if not rows:
        return f'constexpr MessageInfo {scoped(message.name)}::kInfo{{"{message.name}", {{}}}};\n'
    table = flat(message.name) + 'Fields'
    return (f'constexpr FieldInfo {table}[] = {{\n' + ''.join(map(field_row, rows)) + '};\n' +
            f'constexpr MessageInfo {scoped(message.name)}::kInfo{{"{message.name}", {table}}};\n')


def message_struct(message):
    numbers = ''.join(f'  static constexpr uint32_t {constant(field.name)} = {field.number};\n' for field in message.fields)
    return f'struct {message.short} {{\n  static const MessageInfo kInfo;\n{numbers}}};\n'


def header(messages):
    text_ = ('// Made by cmake/etcd_tables.py from proto/*.proto.\n#pragma once\n\n#include "proto/message.h"\n\n'
             'namespace etcdmedic::proto {\n')
    for package in sorted({message.package for message in messages}):
        structs = '\n'.join(message_struct(each) for each in messages if each.package == package)
        text_ += f'\nnamespace {package} {{\n\n{structs}\n}}  // namespace {package}\n'
    rows = ''.join(f'    &{scoped(message.name)}::kInfo,\n' for message in messages)
    return text_ + (f'\n// Every message, for tests.\ninline constexpr const MessageInfo* kAllMessages[] = {{\n{rows}}};\n'
                    '\n}  // namespace etcdmedic::proto\n')


def source(found):
    return ('// Made by cmake/etcd_tables.py from proto/*.proto.\n#include "proto/etcd_messages.h"\n\n'
            'namespace etcdmedic::proto {\nnamespace {\n\nusing enum FieldType;\nusing enum FieldRole;\n\n' +
            ''.join(map(enum_rows, found.enums)) + '\n}  // namespace\n\n' + '\n'.join(map(message_rows, found.messages)) +
            '\n}  // namespace etcdmedic::proto\n')


def main(descriptors, tables, names):
    found = Set(descriptors)
    for path, made in ((pathlib.Path(tables), source(found)), (pathlib.Path(names), header(found.messages))):
        if not path.exists() or path.read_text() != made:  # what includes it is not compiled again for nothing
            path.write_text(made)


if __name__ == '__main__':
    main(*sys.argv[1:])
