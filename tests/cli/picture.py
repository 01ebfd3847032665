#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/terminal.svg, the picture in README.md, from what the commands print on a terminal, or says where it differs from that.

    picture.py MEDIC SOURCE SCRATCH [--renew]"""
import html
import os
import pathlib
import re
import shutil
import subprocess
import sys

binary, source, scratch = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])
COMMANDS = ["etcdmedic verify /var/lib/etcd", "etcdmedic repair /var/lib/etcd --apply"]
COLUMNS, CHARACTER, LINE, SIZE, EDGE = 104, 7.8, 18, 13, 18  # pixels but for the first
COLORS = {"2": "#8b949e", "31": "#ff7b72", "33": "#e3b341", "1;31": "#ff7b72", "32": "#7ee787"}
PLAIN, BACK, BAR = "#e6edf3", "#0d1117", "#21262d"
NO_BREAK = "\N{NO-BREAK SPACE}"  # SVG takes several plain ones for one


def run(command, place):
    words = command.replace("/var/lib/etcd", f"{place}/var/lib/etcd") + " --color always"
    done = subprocess.run(["bash", "-c", words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=place,
                          env=dict(os.environ, PATH=f"{binary.parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8"))
    return done.stdout.replace(str(place), "")


def pieces(text):
    """Lines, broken between words where they are too long, each a list of (colour, text)."""
    for line in text.removesuffix("\n").split("\n"):
        found, color, room = [], None, COLUMNS
        for part in re.split(r"(\x1b\[[\d;]*m)", line):
            if part.startswith("\x1b["):
                color = part[2:-1] if part[2:-1] in COLORS else None
                continue
            while len(part) > room:
                end = part.rfind(" ", 1, room) + 1 or room
                yield [*found, (color, part[:end])]
                found, part, room = [], part[end:], COLUMNS
            found.append((color, part))
            room -= len(part)
        yield found


def drawn(lines):
    width, height = COLUMNS * CHARACTER + 2 * EDGE, len(lines) * LINE + 2 * EDGE + 24
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height}" viewBox="0 0 {width:g} {height}" role="img" '
           f'aria-label="etcdmedic finds one wrong bit in a log, and flips it back">',
           f'<rect width="{width:g}" height="{height}" rx="10" fill="{BACK}"/><path d="M0 10a10 10 0 0 1 10-10H{width - 10:g}a10 10 0 0 1 10 10V28H0z" fill="{BAR}"/>']
    out += [f'<circle cx="{20 + 20 * i}" cy="14" r="6" fill="{color}"/>' for i, color in enumerate(("#ff5f57", "#febc2e", "#28c840"))]
    out.append(f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="{SIZE}" fill="{PLAIN}">')
    for row, line in enumerate(lines):
        at = 0
        for color, text in line:
            fill = f' fill="{COLORS[color]}"' if color else ""
            if text.strip():
                out.append(f'<text x="{EDGE + at * CHARACTER:.1f}" y="{28 + EDGE + row * LINE}" textLength="{len(text) * CHARACTER:.1f}"{fill}>{html.escape(text).replace(" ", NO_BREAK)}</text>')
            at += len(text)
    return "\n".join(out + ["</g>", "</svg>", ""])


shutil.rmtree(scratch, ignore_errors=True)
(scratch / "var/lib").mkdir(parents=True)
subprocess.run(f"zstd -dc --long=27 {source}/testdata/corpora/wal-corrupt.tar.zst | tar -xf - -C {scratch}", shell=True, check=True)
shutil.move(scratch / "wal-corrupt/f01-bitflip-middle-segment/data", scratch / "var/lib/etcd")
text = "\n".join(f"\x1b[32m$\x1b[0m {command}\n{run(command, scratch)}" for command in COMMANDS)
assert "WAL-BIT-FLIP" in text and "no problems" in text
picture = drawn(list(pieces(text)))
target = source / "docs/terminal.svg"
if "--renew" in sys.argv:
    target.write_text(picture)
elif target.read_text() != picture:
    sys.exit("docs/terminal.svg shows what the commands do not print any more: scripts/update-docs")
print("docs/terminal.svg is what the commands print")
