#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random damage to the directories of real servers, with real etcd as the judge. A round fails where
- verify exits 0, and etcd does not start or does not serve every acknowledged key; or exits 4 for an undamaged directory,
- a command dies of a signal, does not end, takes more memory than twice the files, or changes what it was to read,
- an acknowledged key that is somewhere on the disk is gone after a repair without --accept-loss, or keys are gone after one with it that named
  no such loss, or what is repaired does not start as predicted, or undo does not bring back every byte,
- what recover or salvage write does not boot, or holds what never was, or less than is said.

torture.py MEDIC SOURCE SCRATCH PROGRAMS [--rounds N] [--seed FIRST] [--beside] [KIND...]: by default 60 rounds, 696 with --all. With --beside
the kinds of damage and the bases of ../shared/torture."""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
from server import Server  # noqa: E402, F401  (its folder knows where medic lies)
from judge import Peers  # noqa: E402
from medic import Medic, picture  # noqa: E402
from workshop import Workshop  # noqa: E402

import bases  # noqa: E402
import beside  # noqa: E402
import damage  # noqa: E402
from rescue import Rescue  # noqa: E402

WORKERS = 4
# Older or foreign parts and two damages at once may destroy the only witness of one another.
BLIND = {kind: {"starts-wrong"} for kind in ("mix", "db-foreign", "db-older", "db-old-pages", "wal-older", "db-old", "db-old-page")}
BLIND["all-older"] = {"starts-wrong", "starts-loses"}  # a whole older state is sound in itself


class Rig:
    """What all rounds share."""

    def __init__(self, argv):
        self.peers, self.medic, self.lock = Peers(argv[4]), Medic(argv), threading.Lock()
        self.shop = Workshop(self.medic.scratch, self.peers)

    def folder(self, word):
        with self.lock:
            return self.shop.folder(word)

    def copy(self, member):
        with self.lock:
            return self.shop.copy(member)


class Round:
    def __init__(self, rig, harm, seed, kind, base):
        self.rig, self.harm, self.seed, self.kind, self.base, self.wrong = rig, harm, seed, kind, base, []

    def play(self):
        self.copy = self.rig.copy(self.base.member)
        self.what = self.harm(self.copy, random.Random(f"{self.seed}/{self.kind}/{self.base.name}"), self.base)
        if self.what:
            before = picture(self.copy.data)
            rescue = Rescue(self.rig, self.base, self.copy.data, BLIND.get(self.kind, set()))
            try:
                rescue.judge(self.kind == "nothing")
            except (AssertionError, subprocess.TimeoutExpired, json.JSONDecodeError, KeyError) as error:
                rescue.wrong.append(f"{type(error).__name__}: {error}")
            self.wrong = rescue.wrong + (["an input was changed"] if picture(self.copy.data) != before else [])
        if not self.wrong:
            shutil.rmtree(self.copy.data.parent, ignore_errors=True)
        return self

    def tell(self):
        print(f"seed {self.seed}, {self.kind} of {self.base.name}: {self.what}; kept in {self.copy.data}")
        print("\n".join(f"    WRONG: {each}" for each in self.wrong), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kinds", nargs="*")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beside", action="store_true")
    options = parser.parse_args(sys.argv[5:])
    rounds = options.rounds or (696 if options.all or os.environ.get("ETCDMEDIC_TEST_ALL") else 60)
    rig = Rig(sys.argv)
    if rig.peers.missing:
        print(f"skipped: there is no {', '.join(rig.peers.missing)}")
        return 77
    harness = rig.medic.source.resolve().parent / "shared/torture/harness"
    known = beside.kinds(harness) if options.beside else damage.KINDS
    made = beside.all_bases(rig.medic, harness) if options.beside else bases.make_all(rig.medic, rig.shop)
    kinds, order = options.kinds or sorted(known), random.Random(options.seed)
    chosen = [kind for _ in range(rounds // len(kinds) + 1) for kind in order.sample(kinds, len(kinds))][:rounds]
    jobs = [Round(rig, known[kind], options.seed + number, kind, order.choice(made)) for number, kind in enumerate(chosen)]
    failed = played = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for done in pool.map(Round.play, jobs):
            played += done.what is not None
            if done.wrong:
                failed += 1
                done.tell()
    print(f"{played} of {rounds} rounds played, {failed} wrong")
    assert played > rounds / 2, "hardly anything was damaged"
    return int(bool(failed))


sys.exit(main())
