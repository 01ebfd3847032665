#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of docs/guide/member-does-not-start.md and `explain` agree: each line that the guide quotes is recognised, and what the guide
names for it, findings and commands, is what `explain` names."""
import json
import re
import subprocess
import sys

binary, source = sys.argv[1], sys.argv[2]
with open(f"{source}/docs/guide/member-does-not-start.md") as file:
    rows = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in file if line.startswith("| `")]
wrong, short = [], re.search(r"^## In short\n(.*?)^## ", open(file.name).read(), re.DOTALL | re.MULTILINE)[1]
for row in rows:
    if len(row) != 4:
        wrong.append(f"a row of {len(row)} cells: {row}")
        continue
    line, _, codes, remedy = row
    line = line.strip("`")
    done = subprocess.run([binary, "explain", line, "-o", "json"], capture_output=True, text=True, timeout=30)
    answer = json.loads(done.stdout)
    if answer["unknown_count"] or len(answer["known_lines"]) != 1:
        wrong.append(f"explain does not know: {line}")
        continue
    known = answer["known_lines"][0]
    said = " ".join([known["remedy"], *known.get("next_steps", [])])
    wrong += [f"explain does not name {code} for: {line}" for code in re.findall(r"[A-Z0-9]+(?:-[A-Z0-9]+)+", codes) if code not in known.get("codes", [])]
    wrong += [f"explain does not name `{command}` for: {line}" for command in re.findall(r"`etcdmedic ([a-z]+)", remedy) if not re.search(rf"\b{command}\b", said)]
    if known["codes"] and not re.search("[A-Z]-[A-Z]", codes):
        wrong.append(f"the guide names no finding for: {line}")
words = len(re.findall(r"\S+", short))
wrong += [f"the short version has {words} words, more than 190"] if words > 190 else []
assert len(rows) >= 30 and len({row[0] for row in rows}) == len(rows), len(rows)
print("\n".join(wrong) or f"{len(rows)} symptoms: explain knows them all")
sys.exit(bool(wrong))
