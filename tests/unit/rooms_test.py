#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the #include lines of lib/ to the table of rooms in cmake/Rooms.cmake, in both directions: no room includes
what it may not, and none may what it does not."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
table = {}
for room, may in re.findall(r'set\(ROOM_(\w+)_MAY "?([\w ]*)"?\)', (root / "cmake/Rooms.cmake").read_text()):
    table[room] = set(may.split()) | {room}
wrong, used, lines = [], set(), 0
for path in sorted((root / "lib").rglob("*")):
    if path.suffix not in (".h", ".cc", ".def"):
        continue
    room = path.relative_to(root / "lib").parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'#include "(\w+)/', line)
        if not found:
            continue
        lines += 1
        used.add((room, found.group(1)))
        if found.group(1) not in table[room]:
            wrong.append(f"{path.relative_to(root)}:{number}: {room} may not include {found.group(1)}")
for room, may in table.items():
    wrong += [f"cmake/Rooms.cmake: {room} may include {other}, and does not" for other in sorted(may - {room})
              if (room, other) not in used]
assert lines > 50, "the test found next to nothing to look at"
print("\n".join(wrong) or f"{lines} include lines keep the order of the rooms")
sys.exit(bool(wrong))
