#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the pages that describe the rooms to cmake/Rooms.cmake: the picture in docs/design/architecture.md has the arrows of the table and no
others, save those that follow from others; lib/README.md has a row for each room, in order, with a header that exists; CONTRIBUTING.md
names each room. --renew draws the picture."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
table = (root / "cmake/Rooms.cmake").read_text()
rooms = re.search(r"set\(ETCDMEDIC_ROOMS ([^)]*)\)", table).group(1).split()
may = {room: words.split() for room, words in re.findall(r'set\(ROOM_(\w+)_MAY "?([\w\s]*?)"?\)', table)}
assert len(rooms) > 15 and set(rooms) == set(may), "cmake/Rooms.cmake was not understood"
may["tools"] = rooms


def below(room):
    return {deeper for each in may[room] for deeper in {each} | below(each)}


reached = {room: below(room) for room in may}
arrows = {(room, other) for room in may for other in may[room] if not any(other in reached[each] for each in may[room])}

page = root / "docs/design/architecture.md"
text = page.read_text()
picture = re.search(r"```mermaid\nflowchart BT\n(.*?)```", text, re.DOTALL).group(1)
if "--renew" in sys.argv:
    lines = "".join(f"  {room} --> {other}\n" for room in [*rooms, "tools"] for other in [*rooms] if (room, other) in arrows)
    page.write_text(text.replace(f"flowchart BT\n{picture}```", f"flowchart BT\n{lines}```"))
    sys.exit(0)
drawn = set(re.findall(r"^  (\w+) --> (\w+)$", picture, re.MULTILINE))
wrong = [f"docs/design/architecture.md lacks the arrow {a} --> {b}" for a, b in sorted(arrows - drawn)]
wrong += [f"docs/design/architecture.md has an arrow {a} --> {b}, cmake/Rooms.cmake has not, or it follows from others" for a, b in sorted(drawn - arrows)]
rows = re.findall(r"^\| (\w+) \| \[([\w/.]+)\]\(\2\) \|", (root / "lib/README.md").read_text(), re.MULTILINE)
if [room for room, _ in rows] != rooms:
    wrong.append(f"lib/README.md has rows for {[room for room, _ in rows]}, cmake/Rooms.cmake has {rooms}")
wrong += [f"lib/README.md: {header} is not a header of {room}" for room, header in rows
          if not header.startswith(room + "/") or not (root / "lib" / header).exists()]
guide = (root / "CONTRIBUTING.md").read_text()
wrong += [f"CONTRIBUTING.md does not say what goes to lib/{room}" for room in rooms if not re.search(rf"^\|[^|]*\|.*`lib/{room}[/`]", guide, re.MULTILINE)]
links = {path: re.findall(r"\]\(([^)#:]+)[)#]", (root / path).read_text()) for path in
         ("lib/README.md", "docs/README.md", "docs/design/architecture.md", "CONTRIBUTING.md")}
wrong += [f"{path} links to {link}, which does not exist" for path, each in links.items() for link in each
          if not ((root / path).parent / link).exists()]
index = (root / "docs/README.md").read_text()
wrong += [f"docs/README.md does not name {path.relative_to(root / 'docs')}" for path in sorted((root / "docs").rglob("*.md"))
          if path.name != "README.md" and f"]({path.relative_to(root / 'docs')})" not in index]
print("\n".join(wrong) or f"{len(arrows)} arrows, {len(rooms)} rooms, {sum(map(len, links.values()))} links are as the pages say")
sys.exit(bool(wrong))
