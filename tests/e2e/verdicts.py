#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verdicts.py SOURCE DESCRIPTORS RELEASE PROGRAM MUTANTS: whether we take and refuse the messages that etcd does.

MUTANTS (tests/proto/mutants.cc) prints damaged messages with our verdict; PROGRAM (etcd-RELEASE/messages) parses them with the
code that gogo/protobuf generated for etcd. Asked are the messages that the release has with all their fields, since we know
the fields of all releases and read an unknown field more leniently than a known one.
"""
import pathlib
import subprocess
import sys


def complete(found, release):
    """Names of the messages that are in the release with every field, those of nested messages included."""
    known = {message.name: message for message in found.messages}
    partial = {name for name, message in known.items()
               if not message.releases.have(release) or any(not field.releases.have(release) for field in message.fields)}
    while True:
        more = {name for name, message in known.items() if name not in partial and
                any(field.type_name in partial for field in message.fields)}
        if not more:
            return set(known) - partial
        partial |= more


def main(source, descriptors, release, program, mutants):
    if not pathlib.Path(program).exists():
        print('skipped: the modules cannot be had here')
        return 77
    sys.dont_write_bytecode = True  # the sources are not written to
    sys.path.insert(0, str(pathlib.Path(source) / 'cmake'))
    import etcd_tables
    names = complete(etcd_tables.Set(descriptors), int(release.split('.')[1]))
    lines = subprocess.run([mutants, descriptors], check=True, capture_output=True, text=True).stdout.split('\n')[:-1]
    cases = [case for case in (line.rsplit(' ', 1) for line in lines) if case[0].split(' ')[0] in names]
    asked = '\n'.join(message for message, _ in cases)
    verdicts = subprocess.run([program, 'parse'], check=True, input=asked, capture_output=True, text=True).stdout.split('\n')[:-1]
    assert len(verdicts) == len(cases)
    wrong = [(message, ours, theirs) for (message, ours), theirs in zip(cases, verdicts) if (ours == 'ok') != (theirs == 'ok')]
    for message, ours, theirs in wrong[:20]:
        print(f'{message}: {ours}, but etcd {release}: {theirs}')
    refused = sum(theirs != 'ok' for theirs in verdicts)
    print(f'{len(cases)} messages of {len(names)} types, {refused} refused by etcd {release}, {len(wrong)} verdicts differ')
    assert len(names) > 80 and refused > 1000 and len(cases) - refused > 1000
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
