#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Build step: a descriptor set of k8s-protos/*.proto -> the constexpr tables of room k8s (one .cc).

    kubernetes_tables.py SET.pb OUT.cc

The rows are those of lib/k8s/schema.h, which says what each member means. protoc has already checked the files; this
program checks what only we ask of them: at most 64 printed fields a message, no two with one name, inline fields of
one type in all releases.
"""
import pathlib
import sys

from descriptors import fields, one, option, text

ALL_RELEASES = 255
TYPES = {1: 'kDouble', 3: 'kInt64', 5: 'kInt32', 8: 'kBool', 9: 'kString', 11: 'kMessage', 12: 'kBytes'}
WIRE = {'kDouble': 1, 'kInt64': 0, 'kInt32': 0, 'kBool': 0, 'kString': 2, 'kMessage': 2, 'kBytes': 2}
SPECIALS = ['kNone', 'kUnknown', 'kTime', 'kMicroTime', 'kDuration', 'kQuantity', 'kIntOrString', 'kRawExtension',
            'kFieldsV1', 'kJson', 'kSchemaOrArray', 'kSchemaOrBool', 'kSchemaOrStrings', 'kWrap']
SCOPES = ['kUnknown', 'kNamespaced', 'kCluster', 'kNotStored']
OPTION = 62110
LONGEST_NAME = 60
PADDING = 64  # schema.h, kNamePadding


class Field:
    def __init__(self, data, package_prefix, entries):
        raw = fields(data)
        self.name, self.number = text(raw, 1), one(raw, 3)
        self.type, self.label = TYPES[one(raw, 5)], 'kRepeated' if one(raw, 4) == 3 else 'kSingle'
        self.message = text(raw, 6).lstrip('.')
        if self.message in entries:
            self.label, value = 'kMap', entries[self.message]
            self.type, self.message = value.type, value.message
        shape = option(raw, 8, OPTION)
        self.json = text(shape, 1, self.name)
        self.flags = flags_of(shape, {2: 'kPointer', 3: 'kOmitEmpty', 4: 'kOmitZero', 5: 'kInline', 6: 'kHidden'})
        self.since, self.until = one(shape, 7, 0), one(shape, 8, ALL_RELEASES)
        self.older = [Older(each, self) for each in shape.get(9, [])]


class Older:
    def __init__(self, data, field):
        raw = fields(data)
        self.until, self.json = one(raw, 1), text(raw, 2, field.name)
        self.flags = flags_of(raw, {3: 'kPointer', 4: 'kOmitEmpty', 5: 'kOmitZero', 6: 'kInline', 7: 'kHidden'})
        self.message = text(raw, 8, field.message)


def flags_of(raw, names):
    return {name for number, name in names.items() if one(raw, number, 0)}


class Message:
    def __init__(self, data, package):
        raw = fields(data)
        self.name = f'{package}.{text(raw, 1)}'
        entries = {}
        for nested in raw.get(3, []):  # map entries: {1 key, 2 value}
            entry = fields(nested)
            entries[f'{self.name}.{text(entry, 1)}'] = Field(entry[2][1], package, {})
        self.fields = [Field(each, package, entries) for each in raw.get(2, [])]
        shape = option(raw, 7, OPTION)
        self.since, self.until = one(shape, 1, 0), one(shape, 2, ALL_RELEASES)
        self.special, self.type_meta = SPECIALS[one(shape, 3, 0)], bool(one(shape, 4, 0))
        self.kind = fields(one(shape, 5)) if 5 in shape else None


def natural_key(name):
    """The emitter's order of keys, for names that are ASCII letters and digits: docs/format/k8s.md, `Order`."""
    assert name.isascii()
    parts = []
    at = 0
    while at < len(name):
        run = at
        while run < len(name) and name[run].isdigit():
            run += 1
        if run > at:
            parts.append((1, int(name[at:run]), run - at, name[at]))
            at = run
        else:
            parts.append((2 if name[at].isalpha() else 0, ord(name[at]), 0, ''))
            at += 1
    return parts


class Tables:
    def __init__(self, messages):
        self.messages = {message.name: message for message in messages}
        self.index = {name: number for number, name in enumerate(self.messages)}
        self.pool, self.offsets = bytearray(), {}
        self.field_rows, self.message_rows, self.older_rows = [], [], []
        self.lookup, self.slots = [], []
        self.views = []  # rows of messages seen through an inline field, after the real ones

    def name(self, value, before='', behind=''):
        key = before + value + behind
        if key not in self.offsets:
            self.offsets[key] = len(self.pool) + len(before)
            self.pool += key.encode()
        return self.offsets[key]

    def json_name(self, value):
        """A name that is in the pool as it begins a member of a JSON object."""
        assert len(value) <= LONGEST_NAME, value
        return self.name(value, ',"', '":')

    def printed(self, message, path=()):
        """The fields that JSON prints for `message`, in Go's order: (path of inline fields, field)."""
        for field in message.fields:
            if 'kInline' in field.flags and field.type == 'kMessage':
                old = {each.message for each in field.older} - {field.message}
                for name in old:  # an older type of an inline field must be part of the newest
                    have = {(each.number, each.type, each.label) for each in self.messages[field.message].fields}
                    assert {(e.number, e.type, e.label) for e in self.messages[name].fields} <= have, name
                yield from self.printed(self.messages[field.message], path + (field.number,))
            else:
                yield path, field

    def add_message(self, message):
        heads = [('kKind', 'kind'), ('kApiVersion', 'apiVersion')] if message.type_meta else []
        printed = [(None, type_name, json) for type_name, json in heads]
        printed += [(path, field, field.json) for path, field in self.printed(message)]
        names = [json for *_, json in printed]
        assert len(set(names)) == len(names), f'{message.name}: two fields print as one'
        inline = [field for field in message.fields if 'kInline' in field.flags and field.type == 'kMessage']
        assert len(inline) <= 1, f'{message.name}: more than one inline field'
        assert len(names) <= 64, f'{message.name}: more than 64 printed fields'
        order = sorted(range(len(printed)), key=lambda each: natural_key(names[each]))
        assert [names[each] for each in order] == sorted(names), f'{message.name}: orders of YAML and JSON differ'
        slots_of = {}
        for slot, each in enumerate(order):
            path, field, _ = printed[each]
            slots_of[field if path is None else path + (field.number,)] = (slot, each)
        rows = {}
        row = self.fields_row(message, (), slots_of, rows, message.name)
        for type_name, json in heads:
            rows[slots_of[type_name]] = self.field_row(json, 0, type_name, 'kSingle', 9, set(), slots_of[type_name], 2)
        slots = len(self.slots)
        always, meta = [], []
        for place in range(2):  # by name, by declaration
            of_place = [rows[key] for key in sorted(rows, key=lambda key: key[place])]
            assert len(of_place) == len(printed)
            self.slots += of_place
            always.append(sum(1 << slot for slot, each in enumerate(of_place) if self.field_rows[each][1]))
            meta.append(sum(1 << slots_of[type_name][place] for type_name, _ in heads))
        self.message_rows[self.index[message.name]] = self.message_row(message, row, slots, len(printed), always, meta)

    def fields_row(self, message, path, slots_of, rows, owner):
        """Appends the rows of `message`'s fields, with the slots that they have in `owner`."""
        views = {}
        for field in message.fields:
            if 'kInline' in field.flags and field.type == 'kMessage':
                views[field.number] = self.view(self.messages[field.message], path + (field.number,), slots_of, rows,
                                                owner)
        first = len(self.field_rows)
        lookup = [0] * (max([field.number for field in message.fields], default=0) + 1)
        for ordinal, field in enumerate(message.fields):
            lookup[field.number] = ordinal + 1
            slots = slots_of.get(path + (field.number,), (0, 0))
            target = views.get(field.number, self.index.get(field.message, 0))
            row = self.field_row(field.json, field.number, field.type, field.label, target, field.flags, slots,
                                 WIRE[field.type] if field.label != 'kMap' else 2, field)
            if field.number not in views:
                rows[slots] = row
        at = len(self.lookup)
        self.lookup += lookup
        return first, len(message.fields), at, len(lookup)

    def view(self, message, path, slots_of, rows, owner):
        row = self.fields_row(message, path, slots_of, rows, owner)
        self.views.append(self.message_row(message, row, 0, 0, (0, 0), (0, 0)))
        return len(self.messages) + len(self.views) - 1

    def field_row(self, json, number, type_name, label, target, flags, slots, wire, field=None):
        older = len(self.older_rows)
        for each in field.older if field else []:
            self.older_rows.append('{%d, %d, %d, %d, %s}' % (
                self.json_name(each.json), self.index.get(each.message, 0), len(each.json), each.until,
                flag_text(each.flags)))
        count = len(field.older) if field else 0
        since, until = (field.since, field.until) if field else (0, ALL_RELEASES)
        text_row = '{%d, %d, %d, %d, %d, Type::%s, Label::%s, %s, {%d, %d}, %d, %d, %d, %d}' % (
            self.json_name(json), target, older, number, len(json), type_name, label, flag_text(flags), *slots, wire, since,
            until, count)
        always = field is not None and until == ALL_RELEASES and self.prints_absent(field)
        self.field_rows.append((text_row, always))
        return len(self.field_rows) - 1

    def prints_absent(self, field):
        if 'kHidden' in field.flags:
            return False
        wrap = field.type == 'kMessage' and self.messages[field.message].special == 'kWrap'
        if field.type == 'kMessage' and field.label == 'kSingle' and 'kPointer' not in field.flags and not wrap:
            return 'kOmitZero' not in field.flags
        return 'kOmitEmpty' not in field.flags

    def message_row(self, message, row, slots, slot_count, always, meta):
        first, count, lookup, lookup_size = row
        return '{%d, %d, %d, %d, %d, %d, %d, %d, WellKnownType::%s, %d, %d, {0x%xu, 0x%xu}, {0x%xu, 0x%xu}}' % (
            self.name(message.name), lookup, slots, first, len(message.name), lookup_size, count, slot_count,
            message.special, message.since, message.until, *always, *meta)

    def kind_rows(self):
        rows = []
        for message in self.messages.values():
            if message.kind:
                group, version, kind = (text(message.kind, number) for number in (1, 2, 3))
                rows.append((f'{group}/{version}' if group else version, kind, message,
                             SCOPES[one(message.kind, 4, 0)]))
        for api, kind, message, scope in sorted(rows, key=lambda row: row[:2]):
            yield '{%d, %d, %d, %d, %d, Scope::%s}' % (self.name(api), self.name(kind), self.index[message.name],
                                                      len(api), len(kind), scope)


def flag_text(flags):
    return ' | '.join(sorted(flags)) if flags else '0'


def array(kind, name, values, a_line):
    lines = [', '.join(values[at:at + a_line]) for at in range(0, len(values), a_line)]
    return f'constexpr {kind} {name}[] = {{\n' + ',\n'.join(lines) + '};\n\n'


def string_array(name, pool):
    lines = [pool[at:at + 100].decode().replace('"', '\\"') for at in range(0, len(pool), 100)]
    return f'constexpr char {name}[] =\n' + '\n'.join(f'    "{line}"' for line in lines) + ';\n\n'


def tables_text(messages, newest):
    tables = Tables(messages)
    tables.message_rows = [None] * len(tables.messages)
    for message in messages:
        tables.add_message(message)
    kinds = list(tables.kind_rows())
    rows = [row for row, _ in tables.field_rows]
    assert len(rows) < 65536 and len(tables.message_rows) + len(tables.views) < 65536
    return ('// Made by cmake/kubernetes_tables.py from k8s-protos/*.proto.\n#include "k8s/schema.h"\n\n'
            'namespace etcdmedic::k8s::tables {\n\n' + string_array('kNames', bytes(tables.pool) + b' ' * PADDING) +
            array('Field', 'kFields', rows, 1) + array('OlderShape', 'kOlder', tables.older_rows, 1) +
            array('Message', 'kMessages', tables.message_rows + tables.views, 1) + array('Kind', 'kKinds', kinds, 1) +
            array('uint8_t', 'kLookup', [str(each) for each in tables.lookup], 40) +
            array('uint16_t', 'kSlots', [str(each) for each in tables.slots], 24) +
            f'constexpr uint16_t kMessageCount = {len(tables.message_rows)};\n'
            f'constexpr uint16_t kKindCount = {len(kinds)};\n'
            f'constexpr uint8_t kNewestRelease = {newest};\n\n}}  // namespace etcdmedic::k8s::tables\n')


def main(source, target):
    messages, newest = [], set()
    for data in fields(pathlib.Path(source).read_bytes())[1]:
        file = fields(data)
        package = text(file, 2)
        if package.startswith('k8s.io.'):
            messages += [Message(each, package) for each in file[4]]
            newest.add(one(fields(one(file, 8, b'')), OPTION))
    assert len(newest) == 1, 'one newest release in all files'
    pathlib.Path(target).write_text(tables_text(messages, newest.pop()))


if __name__ == '__main__':
    main(*sys.argv[1:])
