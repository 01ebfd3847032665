# SPDX-License-Identifier: Apache-2.0
"""What is expected of the commands that write, whatever was damaged. Each rule says what it found wrong, or nothing."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from bases import records, survivors
from judge import GOOD, observe
from medic import picture

ENDS = (0, 1, 4, 5, 8)  # repaired: 1; damage left: 4; both: 5; refused: 8
SERVES = {"starts", "repairs-tail", "starts-loses", "starts-wrong"}
SECONDS, MIB = 30, 1 << 20
MEASURE = str(pathlib.Path(__file__).with_name("measure.py"))
AS_M1 = ("--name", "m1", "--initial-cluster", "m1=http://127.0.0.1:2380")


def measured(binary, *args):
    """Exit code, output, messages and the most memory that a run took, in bytes; ended after SECONDS."""
    with tempfile.NamedTemporaryFile("r") as facts:
        done = subprocess.run([sys.executable, "-I", "-S", MEASURE, facts.name, str(SECONDS), binary, *map(str, args)], stdin=subprocess.DEVNULL, capture_output=True)
        code, memory = map(int, facts.read().split())
    return code, done.stdout, done.stderr.decode(errors="replace"), memory * 1024


def named(plan, accepted):
    """The spans of entries that a plan says are lost; the last is 0 where it is unknown how far."""
    spans = [step["lost_entries"] for step in plan["steps"] if step.get("lost_entries") and (accepted or step["safety"] == "safe")]
    return [(span["first_index"], span.get("last_index", 0)) for span in spans + plan.get("doubts", [])]


def lossy(plan):
    return any(step["safety"] != "safe" for step in plan["steps"]) or bool(plan.get("doubts"))


def cannot_tell(report, tolerated):
    """Whether what is lost left no trace: verify says so itself of zeros from a sector boundary on, and an older state as a whole is sound."""
    return "starts-loses" in tolerated or any(finding["code"] == "WAL-END-UNCERTAIN" for finding in report["findings"])


class Rescue:
    """The rules for one damaged directory. `wrong` collects what broke them."""

    def __init__(self, rig, base, data, tolerated):
        self.rig, self.base, self.data, self.tolerated, self.wrong = rig, base, data, tolerated, []
        self.version = ("--etcd-version", base.member.version)
        self.left = survivors(data, base.keys)
        size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
        self.memory = 2 * size + 48 * MIB  # the program, its libraries and its tables take about 40 MiB

    # ---- Running.

    def run(self, *args, ends=ENDS):
        code, out, err, memory = measured(self.rig.medic.binary, *args)
        said = f"{' '.join(map(str, args))}: {err[-300:]}"
        if code < 0:
            self.wrong.append(f"ended by signal {-code} (9: after {SECONDS} s of computing, or waiting): {said}")
        elif code not in ends:
            self.wrong.append(f"exit {code}: {said}")
        if memory > self.memory:
            self.wrong.append(f"{memory >> 20} MiB of memory, more than {self.memory >> 20}: {said}")
        return code, json.loads(out) if out.startswith(b"{") and out.count(b'"schema"') else {}, err

    def verify(self, data):
        code, report, err = self.run("verify", data, "-o", "json", *self.version, ends=(0, 4, 8))
        outcome = report.get("prediction", {}).get("outcome", "none")
        if code == 0 and outcome not in GOOD:
            self.wrong.append(f"verify exits 0 and predicts {outcome}")
        return code, outcome, report

    def trial(self, data):
        """(outcome, last words, what it serves) of a real etcd on a copy."""
        outcome, words, now = observe([(self.rig.peers.etcd[self.base.member.version], data, "m1", 2380, False, None)], self.rig.folder("trial"), self.base.member.kept)
        return outcome, words, now[1] if now else {}

    def folder(self, name):
        return self.data.with_name(name)

    # ---- Rules.

    def judge(self, sound):
        code, outcome, report = self.verify(self.data)
        if sound and code:
            self.wrong.append("false alarm: " + ", ".join(finding["code"] for finding in report["findings"]))
        if code == 0:
            seen, words, _ = self.trial(self.data)
            if seen not in GOOD and not (seen == "starts-loses" and cannot_tell(report, self.tolerated)):
                self.wrong.append(f"false sound, predicted {outcome}: etcd {seen} {words[:300]}")
        self.repair()
        self.recover()
        self.salvage()

    def repair(self):
        _, plan, _ = self.run("repair", self.data, "-o", "json", *self.version, ends=(0, 4, 8))
        if not plan.get("steps"):
            return
        safe = self.repaired("safe", plan, ())
        accepted = self.repaired("accepted", plan, ("--accept-loss",)) if lossy(plan) else None
        for name, target, accept in (("safe", safe, False), ("accepted", accepted, True)):
            if target:
                self.serves_what_is_left(name, target, plan, accept)
        self.undone()

    def repaired(self, name, plan, flags):
        """The copy that is repaired; without a flag it keeps every key that was there, in whichever file."""
        target = self.folder(name)
        self.run("repair", self.data, "--output", target, *flags, *self.version)
        if not target.exists():
            return None
        gone = self.left - survivors(target, self.base.keys) if not flags else set()
        if gone:
            self.wrong.append(f"{len(gone)} keys are on no disk any more after safe steps alone: {sorted(gone)[:4]}, {self.titles(plan)}")
        return target

    def titles(self, plan):
        return [step["message"] for step in plan["steps"]]

    def serves_what_is_left(self, name, target, plan, accept):
        code, outcome, report = self.verify(target)
        seen, words, now = self.trial(target)
        story = f"after {name} {self.titles(plan)}: predicted {outcome}, etcd {seen} {words[:200]}"
        complete = accept or not lossy(plan)
        if code == 0 and seen not in {*GOOD, "starts-loses", *self.tolerated}:
            self.wrong.append(f"called sound {story}")
        if not self.predicted(outcome, seen, complete):
            self.wrong.append(f"predicted otherwise {story} {[finding['code'] for finding in report.get('findings', []) if finding['severity'] != 'note']}")
        if code == 0 and now:
            lost = [key for key in self.not_as_acknowledged(now) if not self.told(key, named(plan, accept))]
            if lost:
                self.wrong.append(f"{len(lost)} keys lost silently {story}; named {named(plan, accept)}: {lost[:4]}")
            if not accept and self.left & set(lost):
                self.wrong.append(f"{len(self.left & set(lost))} keys that are on the disk are not served after safe steps alone {story}")

    def predicted(self, outcome, seen, complete):
        """A repaired directory cannot tell what its damage took; whether it is served must be right."""
        return outcome == seen or outcome == "none" or {outcome, seen} <= SERVES or (outcome in ("hangs", "exits", "panics") and not complete and seen not in SERVES)

    def not_as_acknowledged(self, now):
        return sorted(key for key, record in self.base.keys.items() if now.get(key) != record)

    def told(self, key, spans):
        index = self.base.index_of.get(self.base.keys[key][1], 0)
        return any(first <= index and (last == 0 or index <= last) for first, last in spans)

    def undone(self):
        target, journal = self.folder("applied"), self.folder("journal")
        shutil.copytree(self.data, target, symlinks=True)
        before = picture(target)
        self.run("repair", target, "--apply", "--accept-loss", "--journal", journal, *self.version)
        if not journal.exists():
            if picture(target) != before:
                self.wrong.append("repaired without a journal")
            return
        code, _, err = self.run("undo", journal)
        if code not in (0, 1) or picture(target) != before:
            self.wrong.append(f"undo does not bring everything back, exit {code}: {err[-300:]}")

    def recover(self):
        """What is written boots, is what verify says of it, and holds what the cluster held at its revision."""
        target = self.folder("recovered")
        code, document, err = self.run("recover", self.data, "--output", target, "-o", "json", *self.version)
        if not target.exists():
            return
        now = self.boots("recovered", target)
        if now is None:
            return
        wrong = [key for key, (value, revision) in now.items() if self.unlike(key, value, revision)]
        if wrong and not self.tolerated:
            self.wrong.append(f"recover writes {len(wrong)} keys that never were: {wrong[:4]}")
        missing = [key for key in self.not_as_acknowledged(now) if self.base.keys[key][1] <= document["revision"]]
        if missing and not self.tolerated and not document.get("losses"):
            self.wrong.append(f"recover says nothing of {len(missing)} keys that are missing at its revision {document['revision']}: {missing[:4]}")

    def unlike(self, key, value, revision):
        """Whether this value was never written under that key and revision: the revision's records, in protobuf, must hold it."""
        held = [record for name, record in self.base.records.items() if name.startswith(f"{revision:016x}")]
        return bool(held) and not any(key.encode() in record and value.encode() in record for record in held)

    def boots(self, name, target):
        code, outcome, _ = self.verify(target)
        seen, words, now = self.trial(target)
        if seen not in SERVES:
            self.wrong.append(f"{name}: does not boot, predicted {outcome}: etcd {seen} {words[:300]}")
            return None
        if code == 0 and outcome not in SERVES:
            self.wrong.append(f"{name}: predicted {outcome}, etcd {seen}")
        return now

    def salvage(self):
        """What is called certain is right, what is called complete is, and etcd boots from it."""
        target = self.folder("salvaged")
        code, report, err = self.run("salvage", self.data, "--output", target, *AS_M1, "-o", "json", ends=(0, 4, 8, 12))
        if not target.exists():
            if code & 8 == 0 or self.left:
                self.wrong.append(f"salvage wrote nothing and exits {code}, with {len(self.left)} keys on the disk: {err[-300:]}")
            return
        written = records(self.rig.medic, target)
        certain = {name_of(row) for row in report["salvaged_records"] if row["confidence"] == "certain"}
        lies = [name for name in certain if name in self.base.records and written.get(name) != self.base.records[name]]
        if lies:
            self.wrong.append(f"salvage calls {len(lies)} records certain that differ from the original: {sorted(lies)[:4]}")
        self.boots("salvaged", target)
        if report["complete"] and not self.tolerated:
            # What was newer than all that is left cannot be missed.
            missing = {name for name in set(self.base.final) - set(written) if int(name[:16], 16) <= report["revision"]}
            if missing:
                self.wrong.append(f"salvage calls itself complete and lacks {len(missing)} records: {sorted(missing)[:4]}")


def name_of(row):
    return f"{row['mod_revision']:016x}5f{row['sub_revision']:016x}" + ("74" if row["deleted"] else "")
