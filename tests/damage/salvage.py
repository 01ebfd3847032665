#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`salvage` of every damaged variant of a real backend, and of damage of our own: a record of the result is one of the base's, what is called
complete is complete, what is called certain is right, and a result with losses is never sound to `verify`."""
import base64
import json
import random
import sys

from medic import Medic, picture

medic = Medic(sys.argv)
corpus = medic.corpus("db-corrupt")
if corpus is None:
    sys.exit(77)
# Variants of which bytes of a value were changed: nothing in a db tells them from any others.
FLIPPED = {"b05-bitflip-leaf-value"}
# Nothing is left of the file.
NOTHING = {"b25-empty", "b26-all-zero", "b27-3-bytes-short-header"}


def bytes_of(row, name):
    return base64.b64decode(row[name + "_base64"]) if name + "_base64" in row else row[name].encode()


def records(db):
    """revision key -> stored value of bucket `key`, walked through the tree of a sound db."""
    code, out, err = medic.run("db", "dump", db, "key", "-o", "ndjson")
    assert code == 0, (db, err)
    rows = map(json.loads, out.splitlines())
    return {bytes_of(row, "key").hex(): bytes_of(row, "value") for row in rows}


def salvage(name, *paths, flags=()):
    """The exit code, the report, the rows of the result with their labels, and its records."""
    target = medic.scratch / f"salvaged-{name}"
    before = [picture(path) if path.is_dir() else path.read_bytes() for path in paths]
    code, out, err = medic.run("salvage", *paths, "--output", target, "-o", "json", *flags)
    assert [picture(path) if path.is_dir() else path.read_bytes() for path in paths] == before, "an input was changed"
    if not target.exists():
        assert code & 8 and not target.with_suffix(".partial").exists(), (name, code, err)
        return code, None, [], {}
    report = json.loads(out)
    again = medic.scratch / f"again-{name}"
    rows = [json.loads(line) for line in medic.run("salvage", *paths, "--output", again, "-o", "ndjson", *flags)[1].splitlines()]
    got = records(target / "member/snap/db")
    assert records(again / "member/snap/db") == got and len(rows) == len(got) == report["record_count"]
    verified, verdict = medic.verify(target)
    serious = [f["code"] for f in verdict["findings"] if f["severity"] in ("error", "fatal")]
    assert report["complete"] or "MVCC-BUCKET-UNKNOWN" in serious, (name, "called sound with losses", report)
    assert code == (0 if report["complete"] else 4), (name, code)
    return code, report, rows, got


def label(row):
    return f"{row['mod_revision']:016x}5f{row['sub_revision']:016x}" + ("74" if row["deleted"] else "")


base = records(corpus / "b00-control/data/member/snap/db")
assert len(base) == 900
complete = partial = certain = 0
for variant in sorted(path.name for path in corpus.iterdir() if (path / "data").is_dir()):
    db = corpus / variant / "data/member/snap/db"
    for kind, path in (("db", db), ("member", corpus / variant / "data")):
        code, report, rows, got = salvage(f"{variant}-{kind}", path)
        if kind == "db" and variant in NOTHING:
            assert report is None, variant
            continue
        if report is None:
            assert variant in NOTHING, (variant, kind)
            continue
        wrong = [key for key, value in got.items() if base.get(key) != value]
        assert len(wrong) <= (1 if variant in FLIPPED else 0), (variant, kind, wrong[:3])
        sure = {label(row) for row in rows if row["confidence"] == "certain"}
        assert not sure & set(wrong), (variant, kind, "certain and wrong")
        certain += len(sure)
        if report["complete"] and variant not in FLIPPED:
            assert got == base, (variant, kind, "complete, and is not", len(got))
        missing = {int(key[:16], 16) for key in set(base) - set(got)}
        told = {main for gap in report["gaps"] for main in range(gap["first_revision"], gap["last_revision"] + 1)}
        assert missing <= told or report["tail_unknown"], (variant, kind, sorted(missing - told)[:5])
        complete += got == base
        partial += got != base
print(f"db-corrupt: {complete} whole, {partial} with losses that were all told; {certain} records called certain, all right")

# `db compact --salvage` is the same for a file: the same records, nothing where nothing was found, and never sound with losses.
compacted = 0
for variant in sorted(path.name for path in corpus.iterdir() if (path / "data").is_dir()):
    db, target = corpus / variant / "data/member/snap/db", medic.scratch / f"compact-{variant}.db"
    code, out, err = medic.run("db", "compact", db, target, "--salvage", "-o", "json")
    whole_member = medic.scratch / f"salvaged-{variant}-db"
    assert target.exists() == whole_member.exists(), (variant, code, err)
    if not target.exists() or json.loads(out)["schema"] != "etcdmedic.salvage/v1":
        continue
    got = records(target)
    assert got == records(whole_member / "member/snap/db"), variant
    verdict = medic.verify(target)[1]
    assert json.loads(out)["complete"] or any(f["severity"] == "error" for f in verdict["findings"]), (variant, "sound with losses")
    compacted += 1
assert compacted >= 10
print(f"db compact --salvage wrote {compacted} files with the same records")

# Damage of our own: whole pages zeroed or overwritten by others, bits flipped anywhere, the end cut off.
dice = random.Random(11)
sound = (corpus / "b00-control/data/member/snap/db").read_bytes()[:72 * 4096]
whole = told_count = 0
for round in range(40):
    bad = bytearray(sound)
    for _ in range(dice.randint(1, 6)):
        kind, page = dice.choice(("zero", "copy", "bit", "header", "cut")), dice.randrange(72)
        if kind == "zero":
            bad[page * 4096:(page + 1) * 4096] = bytes(4096)
        elif kind == "copy":
            other = dice.randrange(72)
            bad[page * 4096:(page + 1) * 4096] = sound[other * 4096:(other + 1) * 4096]
        elif kind == "bit":
            at = page * 4096 + dice.randrange(4096)
            if at < len(bad):
                bad[at] ^= 1 << dice.randrange(8)
        elif kind == "header":
            bad[page * 4096:page * 4096 + 16] = dice.randbytes(16)
        elif len(bad) > 40 * 4096:
            del bad[-dice.randint(1, 8 * 4096):]
    path = medic.scratch / f"own-{round}.db"
    path.write_bytes(bad)
    code, report, rows, got = salvage(f"own-{round}", path)
    if report is None:
        continue
    changed = [key for key, value in got.items() if base.get(key) != value]
    assert len(changed) <= 6, (round, changed)  # a bit in a value, at most one each
    missing = {int(key[:16], 16) for key in set(base) - set(got)}
    told = {main for gap in report["gaps"] for main in range(gap["first_revision"], gap["last_revision"] + 1)}
    assert missing <= told or report["tail_unknown"], (round, sorted(missing - told)[:5], report)
    whole += not missing
    told_count += len(missing)
assert whole >= 3 and told_count > 0
print(f"40 rounds of our own damage: {whole} whole, {told_count} records missing, every one of them told")

# As of a revision, only what is live, and nothing over what is there.
db = corpus / "b00-control/data/member/snap/db"
_, report, _, got = salvage("as-of", db, flags=("--as-of", "300"))
assert got == {key: value for key, value in base.items() if int(key[:16], 16) <= 300} and report["revision"] == 300
_, report, rows, got = salvage("live", db, flags=("--only", "live"))
assert got == base and {row["origin"] for row in rows} == {"live"}
assert medic.run("salvage", db, "--output", medic.scratch / "salvaged-live")[0] == 8
