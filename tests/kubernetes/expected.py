#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Unpacks an archive of stored values and holds a program to them: expected.py PROGRAM ARCHIVE [ARGUMENT...]

The archive holds NAME.bin as it is in etcd and NAME.yaml and NAME.json as the Go types and sigs.k8s.io/yaml print it.
"""
import pathlib
import subprocess
import sys
import tempfile

program, archive = sys.argv[1], pathlib.Path(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    subprocess.run(['tar', '-I', 'zstd', '-xf', archive, '-C', folder], check=True)
    values = sorted(str(path) for path in pathlib.Path(folder).rglob('*.bin'))
    assert len(values) >= 20, 'the archive holds next to nothing'
    sys.exit(subprocess.run([program, *sys.argv[3:], *values]).returncode)
