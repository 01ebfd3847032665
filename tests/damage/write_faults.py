#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every call with which a command changes the disk fails once with EIO, once because the disk is full, and is once the last thing that
the process does, before it or in the middle of it (tests/support/failing_writes.c); and once the system itself refuses large files.
What is read stays as it is, a half-written result is never taken for one, a repair can be undone to the last byte, and what went wrong
is said with file and cause.

write_faults.py MEDIC SOURCE SCRATCH SHIM [ROW...]: by default a sample of some 12 calls a row; all of them with ETCDMEDIC_TEST_ALL."""
import concurrent.futures
import hashlib
import itertools
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys

import hurt_members
from medic import Medic

medic = Medic(sys.argv)
shim, chosen = os.path.abspath(sys.argv[4]), sys.argv[5:]
CAUSES = {"eio": "Input/output error", "enospc": "No space left on device", "limit": "File too large"}
# A call of these that fails must end the command: what it was for is not done.
MUST_FAIL = {"write", "pwrite", "pwrite64", "writev", "fsync", "fdatasync", "syncfs", "ftruncate", "truncate", "rename", "renameat2", "copy_file_range"}
SAMPLE = 10 ** 6 if os.environ.get("ETCDMEDIC_TEST_ALL") else 12
BLOCK = 1 << 16
CLUSTER = "--initial-cluster", "m1=http://10.0.0.1:2380,m2=http://10.0.0.2:2380,m3=http://10.0.0.3:2380"


def unpacked(name, place):
    folder = medic.scratch / "unpacked" / name
    if not folder.exists():
        folder.mkdir(parents=True)
        archive = medic.archive(name)
        assert archive, name
        medic.unpack(archive, folder)
    return folder / place


def wal(name):
    return unpacked("corpora/wal-corrupt", f"wal-corrupt/{name}/data")


def report(name, place="data"):
    return unpacked(name, place)


SOUND, K8S = wal("00-control"), unpacked("minikube-like", "minikube-like")
OLDER = unpacked("corpora/single-3.5", "single-3.5/data")
# NAME: what it reads and where it writes. "new" stands for the result, which must not be there before.
WRITERS = {
    "recover": [["recover", SOUND, "--output", "new"], ["recover", SOUND, "--snapshot", "new"], ["recover", SOUND, "--to-revision", "500", "--output", "new"]],
    "restore": [["restore", SOUND, "--skip-hash-check", "--output", "new"],
                ["restore", SOUND, "--skip-hash-check", "--name", "m1", *CLUSTER, "--output", "new", "--wal-dir", "new-wal"],
                ["restore", SOUND, "--skip-hash-check", *CLUSTER, "--all-members", "new", "--bump-revision", "1000", "--mark-compacted"]],
    "snapshot restore": [["snapshot", "restore", SOUND, "--skip-hash-check", "--output", "new"]],
    "salvage": [["salvage", SOUND, "--output", "new"], ["salvage", report("torture/08-root-overflow"), "--output", "new"]],
    "db compact": [["db", "compact", SOUND, "new"], ["db", "compact", report("torture/08-root-overflow"), "new", "--salvage"]],
    "export": [["export", K8S, "deploy,svc,ns", "--output", "new"], ["export", K8S, "cm", "-n", "demo", "--output", "new", "--apply-ready"]],
    "repair": [["repair", wal("f01-bitflip-middle-segment"), "--output", "new"]],
    "report": [["report", SOUND, "--output", "new"]],
    "migrate": [["migrate", OLDER, "--to", "3.6", "--output", "new"]],
}
CLUSTER_OF_3 = unpacked("corpora/cluster-3", "cluster-3")
MADE = medic.scratch / "unpacked/made"
MADE.mkdir()
SIBLING, LOG_ONLY = str(CLUSTER_OF_3 / "m2"), str(hurt_members.without_db(hurt_members.copied(CLUSTER_OF_3 / "m2", MADE / "log-only")))
WITHOUT_DB = hurt_members.hole_and_no_db(CLUSTER_OF_3 / "m1", MADE / "hole-and-no-db")
THIRD = next(each["member_id"] for each in json.loads(medic.run("members", SIBLING, "-o", "json")[1])["members"] if each["name"] == "m3")
MIGRATIONS = [[OLDER, "--to", "3.6"]]
# In place: what is damaged, and the flags; the steps together make every kind of edit.
REPAIRS = [
    [wal("f01-bitflip-middle-segment")], [wal("g01-garbage-tail")], [wal("e01-zero-length-segment-appended")], [wal("s02-missing-middle")],
    [wal("p01-mode-000-last")], [report("torture/00-repair-hits-sound-segment-bit")], [report("torture/01-wal-removed"), "--accept-loss"],
    [wal("s01-swapped-segments-1-2")], [wal("e02-zero-length-last-segment"), "--accept-loss"], [report("torture/03-key-bucket-reverted")],
    [report("torture/05-bucket-meta-renamed")], [report("torture/08-root-overflow")], [report("torture/16-loss-understated"), "--accept-loss"],
    [report("field-reports/03b-empty-member", "03b-empty-member"), "--new-cluster", "--accept-loss"],
    [report("field-reports/05-snapshot-over-db", "05-snapshot-over-db")],
    [WITHOUT_DB, "--from", SIBLING], [WITHOUT_DB, "--from", LOG_ONLY],
    [hurt_members.value_that_no_log_proves(medic, CLUSTER_OF_3 / "m1", MADE / "value"), "--from", SIBLING],
    [CLUSTER_OF_3 / "m1", "--drop-member", THIRD],
    [hurt_members.with_alarm(medic, unpacked("corpora/crash-7-early", "crash-7-early/data"), MADE / "alarm", MADE / "log-with-alarm"), "--clear-alarms"],
]


def run(place, args, at=None, how=None):
    """Exit code, messages, and the calls that changed something."""
    calls = place / "calls"
    environment = dict(os.environ, LD_PRELOAD=shim, FAIL_COUNT=str(calls), ASAN_OPTIONS="verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", ""))
    if at:
        environment |= {"FAIL_AT": str(at), "FAIL_HOW": how}
    done = subprocess.run([medic.binary, *map(str, args)], cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                          preexec_fn=small_files if how == "limit" else None)
    made = calls.read_text().splitlines() if calls.exists() else []
    calls.unlink(missing_ok=True)
    return done.returncode, done.stderr.decode(errors="replace"), made


def small_files():
    """Without the shim: the system itself refuses what goes beyond 8 KiB of a file."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def seen(place):
    """All that lies in a folder: of files mode and content, of folders the mode."""
    return {str(path.relative_to(place)): (path.stat().st_mode, content(path) if path.is_file() else "") for path in place.rglob("*")}


def content(path):
    """Size and hash of what is not zero: most of a log's segment and of a backend is."""
    digest, at = hashlib.blake2b(), 0
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        while at < size:
            try:
                at = os.lseek(file.fileno(), at, os.SEEK_DATA) // BLOCK * BLOCK
            except OSError:  # only a hole is left
                break
            block = os.pread(file.fileno(), BLOCK, at)
            if block.strip(b"\0"):
                digest.update(at.to_bytes(8, "little") + block)
            at += BLOCK
    return size, digest.hexdigest()


def stamp(path):
    """What cannot stay the same where somebody writes."""
    return {each: (os.lstat(each).st_mtime_ns, os.lstat(each).st_ctime_ns, os.lstat(each).st_size) for each in [path, *path.rglob("*")]}


class Row:
    """One command. Its reference run says what it makes and by which calls."""
    count = 0

    def __init__(self, name):
        Row.count += 1
        self.name, self.place, self.wrong = name, medic.scratch / f"{Row.count:02}", []
        self.code, self.calls, self.made = self.reference()

    def trials(self):
        """Every kind of call, and of the others a sample."""
        firsts = {}
        for number, line in enumerate(self.calls, 1):
            firsts.setdefault(line.split()[0], number)
        rest = sorted(set(range(1, len(self.calls) + 1)) - set(firsts.values()))
        some = random.Random(self.name).sample(rest, min(len(rest), max(0, SAMPLE - len(firsts) - 2)))
        ends = {1, len(self.calls)}
        chosen = sorted({*firsts.values(), *some, *ends})
        every = itertools.product(chosen, ("eio", "enospc", "kill", "tear"))
        return [(0, "limit"), *((at, how) for at, how in every if how != "tear" or "write" in self.calls[at - 1].split()[0])]

    def folder(self, at, how):
        place = self.place / f"{at}-{how}"
        place.mkdir(parents=True)
        return place

    def play(self, trial):
        at, how = trial
        place = self.folder(at, how)
        before = len(self.wrong)
        said = self.attempt(place, at, how)
        self.wrong += [f"{self.name}, call {at} of {len(self.calls)} ({self.calls[at - 1] if at else ''}), {how}: {each}; kept in {place}" for each in said]
        if len(self.wrong) == before:
            shutil.rmtree(place)

    def told(self, code, err, calls, how):
        """An error that ends the command names the file and the cause."""
        if how not in CAUSES:
            return [] if code == -9 else [f"was not killed, exit {code}"]
        failed = [(call.split()[0], name.split(" ", 1)[1]) for call, name in zip(calls, calls[1:]) if name.startswith("failed: ")]
        if code >= 0 and code & 8 == 0:
            # Where no temporary file can be had for a new db, another way to the same end may be planned.
            lost = any(call in MUST_FAIL and not path.endswith("(deleted)") for call, path in failed)
            return [f"claims success, exit {code}: {err[-200:]}"] if lost or code != self.code else []
        if how == "limit":
            # Where the C++ library copies a file it may say EIO of what was EFBIG.
            return [] if any(cause in err for cause in CAUSES.values()) else [f"does not say '{CAUSES[how]}', exit {code}: {err[-300:]}"]
        names = [re.sub(r"\.partial$|\.etcdmedic-new$", "", pathlib.Path(path).name) for _, path in failed]
        told = CAUSES[how] in err and any(name in err for name in names)
        return [] if code > 0 and told else [f"does not say '{CAUSES[how]}' of {names}, exit {code}: {err[-300:]}"]


class New(Row):
    """A command that makes something new out of what it reads."""

    def __init__(self, args):
        self.args = args
        self.read = next(arg for arg in args if isinstance(arg, pathlib.Path))
        super().__init__(" ".join(str(arg.relative_to(medic.scratch / "unpacked")) if isinstance(arg, pathlib.Path) else arg for arg in args))

    def command(self, place):
        return [place / arg if arg in ("new", "new-wal") else arg for arg in self.args]

    def reference(self):
        place = self.folder(0, "reference")
        code, err, calls = run(place, self.command(place))
        assert code in (0, 1, 4) and (place / "new").exists() and calls, (self.name, code, err)
        return code, calls, seen(place)

    def attempt(self, place, at, how):
        before = stamp(self.read)
        code, err, calls = run(place, self.command(place), at, how)
        said = self.told(code, err, calls, how)
        said += ["what it reads was changed"] if stamp(self.read) != before else []
        left = seen(place)
        whole = left == self.made
        if not whole and code >= 0 and left:
            said.append(f"leaves {sorted(left)[:3]}")
        if not whole and (place / "new").exists():
            said.append("leaves a half-written result under its name")
        return said + (self.again(place, left) if not whole else [])

    def again(self, place, left):
        """The next run does it, once what a kill left is removed as it says."""
        code, err, _ = run(place, self.command(place))
        while code & 8 and left:
            named = [name for name in sorted({pathlib.Path(path).parts[0] for path in left}) if re.search(rf"/{re.escape(name)}\b[^.]", err)]
            if not named:
                return [f"the next run does not name what is in its way, {sorted(left)[:3]}: {err[-200:]}"]
            shutil.rmtree(place / named[0]) if (place / named[0]).is_dir() else (place / named[0]).unlink()
            code, err, _ = run(place, self.command(place))
            left = {path: facts for path, facts in left.items() if pathlib.Path(path).parts[0] != named[0]}
        return [] if (code, seen(place)) == (self.code, self.made) else [f"the next run makes something else, exit {code}: {err[-200:]}"]


class InPlace(Row):
    """A command with --apply: undo brings back every byte, wherever it was stopped."""

    what = "in place:"

    def __init__(self, verb, data, *flags):
        self.verb, self.data, self.flags = verb, data, flags
        super().__init__(" ".join([self.what, verb, str(data.relative_to(medic.scratch / "unpacked")), *flags]))

    def member(self, place):
        subprocess.run(["cp", "-a", "--sparse=always", self.data, place / "data"], check=True)
        return place / "data"

    def command(self, place):
        return [self.verb, place / "data", "--apply", "--journal", place / "journal", *self.flags]

    def reference(self):
        place = self.folder(0, "reference")
        self.before = seen(self.member(place))
        code, out, _ = medic.run(self.verb, place / "data", "-o", "json", *self.flags)
        self.actions = {edit["action"] for step in json.loads(out)["steps"] for edit in step["edits"]}
        code, err, calls = run(place, self.command(place))
        made = seen(place / "data")
        assert code & 9 == 1 and made != self.before and calls, (self.name, code, err)
        return code, calls, made

    def attempt(self, place, at, how):
        data = self.member(place)
        code, err, calls = run(place, self.command(place), at, how)
        said = self.told(code, err, calls, how)
        if code >= 0 and code & 8 == 0 and seen(data) != self.made and not re.search(r"verified again: .* starts\n", err):
            said.append("claims success, and made something else")
        return said + self.undone(place)

    def undone(self, place):
        data, journal = place / "data", place / "journal"
        if journal.exists() and seen(data) != self.before:
            code, err, _ = run(place, ["undo", journal])
            if code & 8:
                return [f"cannot be undone: {err[-300:]}"]
        return [] if seen(data) == self.before else [f"not as before after undo: {self.differs(data)}"]

    def differs(self, data):
        now = seen(data)
        return sorted(name for name in now.keys() | self.before.keys() if now.get(name) != self.before.get(name))[:4]


class Undo(InPlace):
    """undo itself: wherever it was stopped, the next one ends it."""

    what = "undo of"

    def folder(self, at, how):
        """With the member repaired."""
        place = super().folder(at, how)
        if not at:
            self.before = seen(self.data)
        self.member(place)
        code, err, _ = run(place, self.command(place))
        assert code & 9 == 1, (self.name, err)
        return place

    def reference(self):
        place = self.folder(0, "reference")
        code, err, calls = run(place, ["undo", place / "journal"])
        assert code & 8 == 0 and seen(place / "data") == self.before and calls, (self.name, code, err)
        return code, calls, self.before

    def attempt(self, place, at, how):
        code, err, calls = run(place, ["undo", place / "journal"], at, how)
        said = self.told(code, err, calls, how)
        if code >= 0 and code & 8 == 0 and seen(place / "data") != self.before:
            said.append("claims success, and is not as before")
        return said + self.undone(place)


def commands():
    """{command: its flags}."""
    code, out, err = medic.run("help", "-o", "json")
    assert code == 0, err
    return {each["command"]: {flag["flag"] for flag in each["flags"]} for each in json.loads(out)["commands"]}


def verb_of(args):
    """Of a row's arguments: ["snapshot", "restore", PATH, ...] in a tuple of one, or (verb, PATH, ...)."""
    words = args[0] if isinstance(args[0], list) else args
    return " ".join(itertools.takewhile(lambda word: isinstance(word, str), words))


known = commands()
in_place = [*(("repair", *each) for each in REPAIRS), *(("migrate", *each) for each in MIGRATIONS)]
undone = in_place if SAMPLE > 100 else [*in_place[:7], *in_place[-6:]]
makers = [*((New, (args,)) for each in WRITERS.values() for args in each), *((InPlace, each) for each in in_place), *((Undo, each) for each in undone)]
makers = [(make, args) for make, args in makers if verb_of(args) in known]
rows = [make(*args) for make, args in makers if not chosen or any(word in f"{make.__name__} {args}" for word in chosen)]
trials = [(row, trial) for row in rows for trial in row.trials()]
with concurrent.futures.ThreadPoolExecutor(3) as pool:
    list(pool.map(lambda job: job[0].play(job[1]), trials))
wrong = [each for row in rows for each in row.wrong]
print("\n".join(wrong))
print(f"{len(trials)} faults in {len(rows)} commands, which make {sum(len(row.calls) for row in rows)} calls; {len(wrong)} wrong")
if not chosen:
    missing = {verb for verb, flags in known.items() if flags & {"--output", "--apply"}} - set(WRITERS)
    assert not missing, f"no row makes the writes of these fail: {missing}"
    actions = set().union(*(row.actions for row in rows if type(row) is InPlace))
    assert {"write", "truncate", "rename", "create", "remove"} <= actions, actions
    assert len(trials) > 400, len(trials)
sys.exit(bool(wrong))
