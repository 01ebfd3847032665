#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""messages.py SOURCE DESCRIPTORS RELEASE PROGRAM: whether proto/ says of an etcd release what its Go modules say.

PROGRAM (etcd-RELEASE/messages) prints every message, field, enum value and method that the modules declare, with number,
type, label and, where they have it, the release that etcd itself names; this prints the same of our descriptors, and the
difference must be empty.
"""
import difflib
import pathlib
import subprocess
import sys

KINDS = {3: 'int64', 4: 'uint64', 8: 'bool', 9: 'string', 11: 'message', 12: 'bytes', 13: 'uint32', 14: 'enum'}


def field_line(message, field):
    words = ['field', message.name, field.number, field.name, 'repeated' if field.repeated else 'optional', KINDS[field.kind]]
    if field.type_name:
        words.append(field.type_name)
    if field.oneof is not None:
        words += ['oneof', message.oneofs[field.oneof]]
    if field.packed and field.repeated and KINDS[field.kind] not in ('message', 'string', 'bytes'):
        words.append('packed')
    return words


def method_line(method):
    words = ['method', method.name, method.takes, method.gives]
    return words + ['streams-in'] * bool(method.streams_in) + ['streams-out'] * bool(method.streams_out)


def since_lines(name, releases, release):
    """etcd 3.6 and later say since when they have something, in two packages and with one omission."""
    said = name.split('.')[0] in ('etcdserverpb', 'membershippb') and not name.startswith('etcdserverpb.DowngradeInfo')
    if release >= 6 and releases.since > 0 and said:
        yield ['since', name, f'3.{releases.since}']


def lines_of(found, release):
    for message in (each for each in found.messages if each.releases.have(release)):
        yield ['message', message.name, message.syntax]
        yield from since_lines(message.name, message.releases, release)
        for field in (each for each in message.fields if each.releases.have(release)):
            yield field_line(message, field)
            yield from since_lines(f'{message.name}.{field.name}', field.releases, release)
    for enum in found.enums:
        for number, name, releases in (each for each in enum.values if each[2].have(release)):
            yield ['value', enum.name, number, name]
            yield from since_lines(f'{enum.name.rpartition(".")[0]}.{name}', releases, release)
    yield from (method_line(method) for method in found.methods if method.releases.have(release))


def main(source, descriptors, release, program):
    if not pathlib.Path(program).exists():
        print('skipped: the modules cannot be had here')
        return 77
    sys.dont_write_bytecode = True  # the sources are not written to
    sys.path.insert(0, str(pathlib.Path(source) / 'cmake'))
    import etcd_tables
    ours = sorted(' '.join(map(str, words)) for words in lines_of(etcd_tables.Set(descriptors), int(release.split('.')[1])))
    upstream = subprocess.run([program], check=True, capture_output=True, text=True).stdout.split('\n')[:-1]
    assert len(upstream) > 500, 'the program printed next to nothing'
    difference = list(difflib.unified_diff(upstream, ours, f'etcd {release}', 'proto/', lineterm='', n=0))
    print('\n'.join(difference) if difference else f'{len(ours)} lines are the same')
    return bool(difference)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
