#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random damage to the directories of real servers, with real etcd as the judge. A round fails where
- verify exits 0, and etcd does not start or does not serve every acknowledged key,
- verify exits 4 for an undamaged directory,
- a command dies of a signal, does not end, or changes what it was to read,
- keys are gone after a repair that named no such loss, or verify calls the repaired directory sound and etcd does not start,
- undo does not bring back every byte.

torture.py MEDIC SOURCE SCRATCH PROGRAMS [--rounds N] [--seed FIRST] [KIND...]: by default 30 rounds, 300 with --all."""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
from server import Server  # noqa: E402, F401  (its folder knows where medic lies)
from judge import GOOD, Peers, compare, observe  # noqa: E402
from medic import Medic, picture  # noqa: E402
from workshop import Workshop, load  # noqa: E402

import damage  # noqa: E402

BASES = [("3.4", 40, None), ("3.5", 1000, signal.SIGKILL), ("3.5", 40, None), ("3.6", 40, signal.SIGKILL), ("3.6", 1000, None),
         ("3.7", 40, None), ("3.7", 1000, signal.SIGKILL)]
WORKERS = 4
ENDS = (0, 1, 4, 5, 8)  # repaired: 1; damage left: 4; both: 5; refused: 8

parser = argparse.ArgumentParser()
parser.add_argument("kinds", nargs="*")
parser.add_argument("--all", action="store_true")
parser.add_argument("--rounds", type=int, default=0)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args(sys.argv[5:])
rounds = options.rounds or (300 if options.all or os.environ.get("ETCDMEDIC_TEST_ALL") else 30)
peers = Peers(sys.argv[4])
if peers.missing:
    print(f"skipped: there is no {', '.join(peers.missing)}")
    sys.exit(77)
medic = Medic(sys.argv)
shop = Workshop(medic.scratch, peers)
bench = threading.RLock()


@dataclasses.dataclass
class Base:
    name: str
    member: object
    older: object
    foreign: object
    index_of: dict  # the entry that made each revision


def make_base(version, snapshot_count, stop):
    words = {"snapshot_count": snapshot_count}
    older = shop.make(version, (version, snapshot_count, "older"), lambda client: load(client, 50, size=2500), **words)
    member = shop.run(shop.copy(older), lambda client: load(client, 50, "later", 2500), stop=stop, **words)
    member = shop.run(member, lambda client: load(client, 20), stop=stop, **words)
    foreign = shop.make(version, (version, "foreign"), lambda client: load(client, 40, "foreign", 2500), port=2381, **words)
    code, out, err = medic.run("wal", "dump", member.data, "-o", "json")
    assert code == 0, err
    writes = [entry["index"] for entry in json.loads(out)["entries"] if entry.get("type") in ("put", "delete_range", "txn")]
    assert len(writes) + 1 == member.kept[0], "each write of the load makes one revision"
    return Base(f"{version}-{snapshot_count}{'-killed' if stop else ''}", member, older, foreign, dict(enumerate(writes, 2)))


def trial(data, base):
    with bench:
        scratch = shop.folder("trial")
    return observe([(peers.etcd[base.member.version], data, "m1", 2380, False, None)], scratch, base.member.kept)


def named(plan, accepted):
    """The spans of entries that a plan says are lost; the last is 0 where it is unknown how far."""
    spans = [step["lost_entries"] for step in plan["steps"] if step.get("lost_entries") and (accepted or step["safety"] == "safe")]
    return [(span["first_index"], span.get("last_index", 0)) for span in spans + plan.get("doubts", [])]


def silently_lost(base, now, spans):
    """Keys that are not as they were acknowledged, and whose last write is in no span."""
    def told(index):
        return any(first <= index and (last == 0 or index <= last) for first, last in spans)
    (_, keys), (_, held) = base.member.kept, now
    return sorted(key for key, (_, revision) in keys.items() if held.get(key) != keys[key] and not told(base.index_of[revision]))


class Round:
    def __init__(self, seed, kind, base):
        self.seed, self.kind, self.base, self.wrong = seed, kind, base, []
        self.version = ("--etcd-version", base.member.version)

    def play(self):
        with bench:
            self.copy = shop.copy(self.base.member)
        self.what = damage.harm(self.kind, self.copy, self.seed, self.base)
        if self.what:
            before = picture(self.copy.data)
            try:
                self.judge()
            except (AssertionError, subprocess.TimeoutExpired, json.JSONDecodeError) as error:
                self.wrong.append(f"{type(error).__name__}: {error}")
            if picture(self.copy.data) != before:
                self.wrong.append("an input was changed")
        if not self.wrong:
            shutil.rmtree(self.copy.data.parent, ignore_errors=True)
        return self

    def judge(self):
        code, report = self.verify(self.copy.data)
        predicted = report.get("prediction", {}).get("outcome", "none")
        if self.kind == "nothing" and code:
            self.wrong.append("false alarm: " + ", ".join(finding["code"] for finding in report["findings"]))
        if code == 0:
            outcome, words, _ = trial(self.copy.data, self.base)
            if outcome not in GOOD:
                self.wrong.append(f"false sound, predicted {predicted}: etcd {outcome} {words[:300]}")
        plan = self.repaired()
        if plan["steps"]:
            self.undone()

    def verify(self, data):
        code, out, err = medic.run("verify", data, "-o", "json", *self.version)
        assert code in (0, 4, 8), (code, err)
        report = json.loads(out) if out else {}
        assert code or report["prediction"]["outcome"] in GOOD, "exit 0 with a bad prediction"
        return code, report

    def repaired(self):
        """What the plan makes, with its losses accepted, verified and served."""
        code, out, err = medic.run("repair", self.copy.data, "-o", "json", *self.version)
        assert code in (0, 4, 8), (code, err)
        plan = json.loads(out) if out else {"steps": []}
        if not plan.get("steps"):
            return {"steps": []}
        target = self.copy.data.with_name("repaired")
        code, out, err = medic.run("repair", self.copy.data, "--output", target, "--accept-loss", *self.version)
        assert code in ENDS, (code, err)
        if target.exists():
            self.serve_repaired(target, plan)
        return plan

    def serve_repaired(self, target, plan):
        code, report = self.verify(target)
        outcome, words, now = trial(target, self.base)
        titles = [step["message"] for step in plan["steps"]]
        # Of two damages one may have destroyed the only witness of the other.
        tolerated = {"starts-loses"} | ({"starts-wrong"} if self.kind == "mix" else set())
        if code == 0 and outcome not in {*GOOD, *tolerated}:
            self.wrong.append(f"called sound after {titles}: etcd {outcome} {words[:300]}")
        silent = silently_lost(self.base, now, named(plan, True)) if now and code == 0 else []
        if silent:
            self.wrong.append(f"{len(silent)} keys lost silently after {titles}, named {named(plan, True)}: {silent[:4]}")

    def undone(self):
        target, journal = self.copy.data.with_name("applied"), self.copy.data.with_name("journal")
        shutil.copytree(self.copy.data, target, symlinks=True)
        before = picture(target)
        code, _, err = medic.run("repair", target, "--apply", "--accept-loss", "--journal", journal, *self.version)
        assert code in ENDS, (code, err)
        if not journal.exists():
            if picture(target) != before:
                self.wrong.append("repaired without a journal")
            return
        code, _, err = medic.run("undo", journal)
        if code not in (0, 1) or picture(target) != before:
            self.wrong.append(f"undo does not bring everything back, exit {code}: {err.decode(errors='replace')[-300:]}")


bases = [make_base(*row) for row in BASES]
kinds = options.kinds or sorted(damage.KINDS)
order = random.Random(options.seed)
chosen = (order.sample(kinds, len(kinds)) * (rounds // len(kinds) + 1))[:rounds]
jobs = [Round(options.seed + number, kind, order.choice(bases)) for number, kind in enumerate(chosen)]
failed = played = 0
with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
    for done in pool.map(Round.play, jobs):
        played += done.what is not None
        if done.wrong:
            failed += 1
            print(f"seed {done.seed}, {done.kind} of {done.base.name}: {done.what}; kept in {done.copy.data}", flush=True)
            print("\n".join(f"    WRONG: {each}" for each in done.wrong), flush=True)
print(f"{played} of {rounds} rounds played, {failed} wrong")
assert played > rounds / 2, "hardly anything was damaged"
sys.exit(bool(failed))
