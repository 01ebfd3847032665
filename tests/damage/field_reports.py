#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Situations of public bug reports, and random damage, each with what a real etcd of each release did: testdata/field-reports/truth.json
and testdata/torture/truth.json. `verify` predicts just that, never calls a directory sound that does not start, names the damage, and no
plan makes things worse. A case marked "open" is known not to be right yet: it is played and reported, and does not fail the test."""
import json
import sys

from medic import Medic, picture, worse_than_note

GOOD = ("starts", "repairs-tail")
medic = Medic(sys.argv)
chosen = sys.argv[4:]


def unpacked(folder, name):
    into = medic.scratch / name
    into.mkdir()
    medic.unpack(medic.archive(f"{folder}/{name}"), into)
    return next(into.iterdir())


def predictions(case, data, flags):
    """What is wrong with the predictions for each release, and the codes that were found."""
    wrong, codes = [], set()
    for version, truth in case["etcd"].items():
        outcome, _, words = truth.partition(": ")
        code, report = medic.verify(data, "--etcd-version", version, *flags)
        predicted, message = report["prediction"]["outcome"], report["prediction"].get("message", "")
        codes |= {finding["code"] for finding in report["findings"]}
        if predicted != outcome:
            wrong.append(f"{version}: predicted {predicted}, etcd {truth}")
        elif message and words and words not in message and message not in words:
            wrong.append(f"{version}: quotes {message!r}, etcd says {words!r}")
        if code == 0 and outcome not in GOOD:
            wrong.append(f"{version}: exit 0, although it {outcome}")
        if not case["codes"] and outcome in GOOD and code:
            wrong.append(f"{version}: sound, exit {code}: {[f['code'] for f in worse_than_note(report)]}")
    return wrong + [f"no finding {code}" for code in case["codes"] if code not in codes]


def plans(case, data, flags):
    """What is wrong with the plan and with what it makes."""
    version = ("--etcd-version", case.get("plan_version", max(case["etcd"])))
    code, out, err = medic.run("repair", data, "-o", "json", *version, *flags)
    if code not in (0, 4):
        return [f"repair: exit {code} {err[:200]}"]
    plan, wrong = json.loads(out), []
    if case.get("plan") == "none" and plan["steps"]:
        wrong.append(f"a plan where none is right: {[step['message'] for step in plan['steps']]}")
    if case.get("plan") == "safe" and (not plan["steps"] or any(step["safety"] != "safe" for step in plan["steps"])):
        wrong.append("no safe plan")
    if not plan["steps"]:
        return wrong
    if case.get("open_ended") and not any(step.get("lost_entries", {}).get("first_index") and "last_index" not in step["lost_entries"] for step in plan["steps"]):
        wrong.append("the loss has no open end")
    target = medic.scratch / f"{case['input']}-repaired"
    medic.run("repair", data, "--output", target, "--accept-loss", *version, *flags)
    if target.exists():
        code, report = medic.verify(target, *version)
        if code == 0 and report["prediction"]["outcome"] not in GOOD:
            wrong.append(f"called sound after the repair, although it {report['prediction']['outcome']}")
        if code == 0 and case.get("plan") == "none":
            wrong.append("called sound after a repair that cannot mend it")
    return wrong


def play(folder, case):
    data = unpacked(folder, case["input"])
    flags = ("--wal-dir", unpacked(folder, case["wal"])) if "wal" in case else ()
    before = picture(medic.scratch / case["input"])
    wrong = predictions(case, data, flags) + plans(case, data, flags)
    return wrong + (["an input was changed"] if picture(medic.scratch / case["input"]) != before else [])


failed = open_cases = played = 0
for folder in ("field-reports", "torture"):
    for case in json.loads((medic.source / "testdata" / folder / "truth.json").read_text()):
        if chosen and case["input"] not in chosen:
            continue
        played += 1
        try:
            wrong = play(folder, case)
        except AssertionError as error:
            wrong = [f"{error}"]
        failed += bool(wrong) and "open" not in case
        open_cases += bool(wrong) and "open" in case
        state = "as it should be" if not wrong else f"open ({case['open']})" if "open" in case else "WRONG"
        print(f"{case['input']}: {state}" + "".join(f"\n    {each}" for each in wrong), flush=True)
print(f"{played} situations, {failed} wrong, {open_cases} open")
sys.exit(bool(failed))
