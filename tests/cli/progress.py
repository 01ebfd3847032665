#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How far work has come: a line on a terminal after a second and gone before the answer, lines or none elsewhere, one for each SIGUSR1.
Tables that fit the terminal."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
segment = (data / "member/wal/0000000000000000-0000000000000000.wal").read_bytes()[: 4 << 20]
LINE = rb"etcdmedic: reading the input: [0-9.]+ [KMG]?i?B, [0-9.]+ [KMG]?i?B/s"


def run(args, *, feed=None, seconds=0.0, terminal="both", signals=(), columns=0, **environment):
    """What a run prints: (code, stdout, stderr); `terminal` says which of the two are one, and its bytes come for both together. The input
    comes in 20 parts over `seconds`."""
    master, slave = pty.openpty()
    if columns:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    raw = termios.tcgetattr(slave)
    raw[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, raw)
    variables = {**{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "TERM")}, "TERM": "xterm", **environment}
    streams = {"stdout": slave if terminal in ("both", "stdout") else subprocess.PIPE, "stderr": slave if terminal in ("both", "stderr") else subprocess.PIPE}
    child = subprocess.Popen([medic.binary, *map(str, args)], stdin=subprocess.PIPE if feed else subprocess.DEVNULL, env=variables, **streams)
    os.close(slave)
    got, start, sent, asked = {}, time.time(), 0, list(signals)
    readers = {master: "terminal", **{stream.fileno(): name for name, stream in (("stdout", child.stdout), ("stderr", child.stderr)) if stream}}
    while readers:
        if feed and time.time() - start >= sent * seconds / 20:
            child.stdin.write(feed[len(feed) * sent // 20 : len(feed) * (sent + 1) // 20])
            child.stdin.flush()
            sent += 1
            if sent == 20:
                child.stdin.close()
                feed = None
        if asked and time.time() - start >= asked[0]:
            asked.pop(0)
            child.send_signal(signal.SIGUSR1)
        for reader in select.select(list(readers), [], [], 0.02)[0]:
            try:
                part = os.read(reader, 1 << 16)
            except OSError:  # a terminal whose last writer is gone
                part = b""
            if part:
                got[readers[reader]] = got.get(readers[reader], b"") + part
            else:
                del readers[reader]
        assert time.time() - start < 60, (args, got)
    os.close(master)
    return child.wait(20), got


def seen(output):
    """What stays on a terminal's screen: each line from where it was last erased."""
    return b"\n".join(line.split(b"\r\x1b[K")[-1] for line in output.split(b"\n"))


dump = ["wal", "dump", "-", "--limit", "3"]
wanted = run(dump, feed=segment, terminal="none")
assert wanted[0] == 0 and wanted[1]["stdout"].count(b"\n") == 4 and "stderr" not in wanted[1], wanted
answer = wanted[1]["stdout"]

# On a terminal: after a second, and gone before the answer.
code, got = run(dump, feed=segment, seconds=2.5)
assert code == 0 and re.search(LINE, got["terminal"]), got
assert seen(got["terminal"]) == answer, got
code, got = run(dump, feed=segment, seconds=2.5, terminal="stderr")
assert code == 0 and got["stdout"] == answer and re.search(LINE, got["terminal"]) and seen(got["terminal"]) == b"", got

# Not for short work, nor in pipes, nor on a terminal that cannot erase, nor where it is not wanted.
assert run(dump, feed=segment)[1]["terminal"] == answer
for options in ({"terminal": "none"}, {"terminal": "stdout"}, {"terminal": "both", "TERM": "dumb"}):
    code, got = run(dump, feed=segment, seconds=1.8, **options)
    assert code == 0 and b"reading the input" not in b"".join(got.values()), (options, got)
code, got = run([*dump, "--progress", "never"], feed=segment, seconds=1.8)
assert code == 0 and got["terminal"] == answer, got

# Always: lines that stay, a second apart.
code, got = run([*dump, "--progress=always"], feed=segment, seconds=3.5, terminal="none")
lines = got["stderr"].splitlines()
assert code == 0 and got["stdout"] == answer and 2 <= len(lines) <= 4 and all(re.fullmatch(LINE, line) for line in lines), got

# A line for each SIGUSR1, and the work goes on.
code, got = run(dump, feed=segment, seconds=2, terminal="none", signals=(0.7, 1.4))
assert code == 0 and got["stdout"] == answer and len(got["stderr"].splitlines()) == 2, got
assert all(re.fullmatch(LINE, line) for line in got["stderr"].splitlines()), got
code, got = run([*dump, "--progress=never"], feed=segment, seconds=2.5, signals=(1.5,))
assert code == 0 and len(re.findall(LINE, seen(got["terminal"]))) == 1, got

# Tables end where the terminal does, with an ellipsis in the last column; in pipes they are whole.
for words in (["wal", "dump", data, "--from", "3000"], ["wal", "dump", data, "--raw", "--from", "3000"], ["keys", data, "/registry/"]):
    whole = run(words, terminal="none")[1]["stdout"].decode().splitlines()
    assert max(map(len, whole)) > 100
    for options, width in (({"columns": 80}, 80), ({"columns": 200, "COLUMNS": "64"}, 64)):
        shown = run(words, terminal="stdout", **options)[1]["terminal"].decode().splitlines()
        assert len(shown) == len(whole) and max(map(len, shown)) == width, (words, options)
        for line, full in zip(shown, whole):
            assert line == full if len(full) <= width else (line.endswith("…") and full.startswith(line[:-1]) and len(line) == width), (line, full)
assert run(["keys", data, "/registry/"], terminal="stdout", columns=0)[1]["terminal"].decode().splitlines() == whole, "a terminal of unknown width"
facts = run(["info", data], terminal="none")[1]["stdout"]
assert run(["info", data], terminal="stdout", columns=40, TERM="dumb")[1]["terminal"] == facts, "facts are never cut"
pods = run(["objects", data, "pods", "-A"], terminal="none")[1]["stdout"]
assert run(["objects", data, "pods", "-A"], terminal="stdout", columns=40)[1]["terminal"] == pods, "kubectl does not cut"

# Colours: on a terminal alone, and not on one that is dumb or where NO_COLOR is set.
medic.unpack(medic.source / "testdata/corpora/wal-corrupt.tar.zst")
damaged = next(path for path in sorted((medic.scratch / "wal-corrupt").iterdir()) if path.name.startswith("f01")) / "data"
for options, coloured in (({}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)):
    assert (b"\x1b[" in run(["verify", damaged], terminal="stdout", **options)[1]["terminal"]) == coloured, options
assert b"\x1b[" not in run(["verify", damaged], terminal="none")[1]["stdout"]
print("all of it holds")
