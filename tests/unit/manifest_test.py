#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every file of testdata/ has a row in testdata/MANIFEST with its hash, and every row has a file."""
import hashlib
import pathlib
import sys

folder = pathlib.Path(sys.argv[1]) / "testdata"
wanted = dict(line.split(" | ")[:2] for line in (folder / "MANIFEST").read_text().splitlines()[1:])
found = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
         for path in folder.rglob("*") if path.is_file() and path.name != "MANIFEST"}
wrong = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
print("\n".join(f"{name}: the file and its row in MANIFEST differ" for name in wrong) or f"{len(found)} files are as recorded")
sys.exit(bool(wrong))
