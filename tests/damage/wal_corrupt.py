#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every damaged variant of a real log: the finding names what was done, the prediction is what etcd 3.6 did, and the repair, where
there is one, leaves a directory that is sound and starts. The table of all that is docs/wal-damage.md: --write rewrites it, else it
must be as it is."""
import json
import shutil
import sys

from medic import Medic, picture, worse_than_note

# variant -> (the finding that names the edit, or None where nothing is above a note; what repair does)
EXPECTED = {
    "00-control": (None, "nothing"),
    "d01-db-missing": ("DB-FILE-MISSING", "safe"),
    "e01-zero-length-segment-appended": ("WAL-SEGMENT-EMPTY", "safe"),
    "e02-zero-length-last-segment": ("WAL-SEGMENT-EMPTY", "lossy"),
    "e04-only-metadata": ("WAL-LOG-EMPTY", "lossy"),
    "e05-only-metadata-no-db": ("WAL-LOG-EMPTY", "advice"),
    "f01-bitflip-middle-segment": ("WAL-BIT-FLIP", "safe"),
    "f03-bitflip-in-padding": (None, "nothing"),
    "f05-bitflip-metadata-first-segment": ("WAL-BIT-FLIP", "safe"),
    "g01-garbage-tail": ("WAL-BYTES-GARBAGE", "safe"),
    "g02-garbage-appended": ("WAL-TAIL-GARBAGE", "safe"),
    "l01-huge-length-mid": ("WAL-LENGTH-IMPOSSIBLE", "safe"),
    "l02-huge-length-last": ("WAL-LENGTH-IMPOSSIBLE", "safe"),
    "l03-negative-length": ("WAL-LENGTH-IMPOSSIBLE", "safe"),
    "l04-length-40MB-last": ("WAL-LENGTH-IMPOSSIBLE", "safe"),
    "n01-stray-names": (None, "nothing"),
    "n02-leftover-tmp": (None, "safe"),
    "p01-mode-000-last": ("FILE-PERMISSION", "safe"),
    "s01-swapped-segments-1-2": ("WAL-SEGMENT-SWAPPED", "safe"),
    "s02-missing-middle": ("WAL-SEGMENT-MISSING", "safe"),
    "s03-missing-first": ("WAL-SEGMENT-FIRST-MISSING", "safe"),
    "s04-missing-last": ("DB-AHEAD-OF-LOG", "lossy"),
    "t01-trunc-in-length": ("WAL-FILE-TRUNCATED", "safe"),
    "t02-trunc-after-length": ("WAL-FILE-TRUNCATED", "safe"),
    "t04-trunc-in-data": ("WAL-FILE-TRUNCATED", "safe"),
    "t05-trunc-in-padding": ("WAL-FILE-TRUNCATED", "safe"),
    "t06-trunc-at-frame-end": (None, "nothing"),
    "z01-zero-last-sector": ("WAL-TAIL-TORN", "safe"),
    "z03-zero-half-of-last-record-not-sector": ("WAL-TAIL-TORN", "safe"),
    "z04-append-4KiB-zeros": (None, "nothing"),
    "z05-append-4MiB-zeros": (None, "nothing"),
}
# A note that names the edit where nothing is above a note.
NOTES = {"f03-bitflip-in-padding": "WAL-PADDING-DIRTY", "n01-stray-names": "FILE-NAME-STRAY", "n02-leftover-tmp": "WAL-TMP-LEFT",
         "t06-trunc-at-frame-end": "WAL-END-UNCERTAIN"}


def measured(probe):
    """What etcd did, in the words of the prediction."""
    if probe["etcd_exit"] is not None:
        return "panics" if probe["etcd_exit"] == 2 else "exits"
    if not probe["etcd_started"]:
        return "hangs"
    repaired = any("repaired WAL" in message for message in probe["etcd_msgs"])
    return "repairs-tail" if repaired else "starts"


HEAD = """# Damaged logs and what becomes of them

Made by `tests/damage/wal_corrupt.py`; do not edit. A log of etcd 3.6 with five small segments was damaged in one way at a time. For each: what
was done to it, the finding that names it, what we predict, what a real etcd 3.6 did when it was started on it, what `repair`
offers, and what we predict after that repair; then what a real etcd 3.6 served of the repaired directory (`tests/e2e/repairs.py`), and what it lacks.

| variant | what was done | finding | predicted | what etcd 3.6 did | repaired by | predicted after | etcd after | lost |
|---|---|---|---|---|---|---|---|---|
"""

medic = Medic(sys.argv)
root = medic.corpus("wal-corrupt")
truth = json.load(open(root / "truth.json"))
started = medic.repairs("wal-corrupt")
rows, wrong = [], []
for probe in json.load(open(root / "probe.json")):
    name = probe["variant"]
    data = root / name / "data"
    before = picture(data)
    wanted, action = EXPECTED[name]
    code, report = medic.verify(data, "--etcd-version", "3.6")
    worse = [f["code"] for f in worse_than_note(report)]
    outcome = report["prediction"]["outcome"]
    if (wanted is None) != (not worse) or (wanted and wanted not in worse) or code != (4 if worse else 0):
        wrong.append(f"{name}: finding {worse}, wanted {wanted}, exit {code}")
    if name in NOTES and NOTES[name] not in [f["code"] for f in report["findings"]]:
        wrong.append(f"{name}: no note {NOTES[name]}")
    if outcome != measured(probe):
        wrong.append(f"{name}: predicted {outcome}, etcd {measured(probe)}")
    for message in probe["etcd_msgs"]:
        if "crc mismatch" in message and report["prediction"].get("message", "") not in message:
            wrong.append(f"{name}: predicted text {report['prediction']['message']!r}, etcd said {message!r}")
    _, plan = medic.plan(data)
    kinds = {step["safety"] for step in plan["steps"]}
    did = "lossy" if "lossy" in kinds else "safe" if kinds else "advice" if plan["not_repaired"] else "nothing"
    if did != action:
        wrong.append(f"{name}: repair {did}, wanted {action}: {plan}")
    assert picture(data) == before, f"{name} was changed by reading"
    result = "-"
    if kinds:
        copy = medic.scratch / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        code, _, err = medic.run("repair", data, "--output", copy, "--accept-loss")
        again, after = medic.verify(copy, "--etcd-version", "3.6")
        result = after["prediction"]["outcome"]
        if code != 1 or again != 0 or result != "starts":
            wrong.append(f"{name}: after the repair {code} {again} {result} {worse_than_note(after)} {err.decode()}")
        assert picture(data) == before, f"{name} was changed by a repair on a copy"
    steps = "; ".join(step["message"] for step in plan["steps"]) or "; ".join(each["message"] for each in plan["not_repaired"])
    rows.append((name, truth[name]["why"], wanted or NOTES.get(name, "none"), outcome, measured(probe), f"{did}: {steps}" if did != "nothing" else "-", result,
                 *started.get(name, ("", "?", "?"))[1:]))
if len(rows) != len(EXPECTED):
    wrong.append(f"{len(rows)} variants seen, {len(EXPECTED)} expected")
page = HEAD + "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)
document = medic.source / "docs/wal-damage.md"
if "--write" in sys.argv:
    document.write_text(page)
elif not document.exists() or document.read_text() != page:
    wrong.append("docs/wal-damage.md is not current: run scripts/update-docs")
print("\n".join(wrong) or f"{len(rows)} variants: finding, prediction and repair as they should be")
sys.exit(bool(wrong))
