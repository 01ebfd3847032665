#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`salvage` of every damaged variant of a real backend and of a real log, of several members, and of damage of our own: a record of the result is
one of the base's, what is called complete is complete, what is called certain is right, and a result with losses is never sound to `verify`."""
import base64
import json
import random
import shutil
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
        wrong = [key for key, value in got.items() if base.get(key) != value]
        assert len(wrong) <= (1 if variant in FLIPPED and kind == "db" else 0), (variant, kind, wrong[:3])
        if kind == "member":  # the log holds everything, and proves it
            assert report["complete"] and got == base and {row["confidence"] for row in rows} == {"certain"}, (variant, report)
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
assert complete >= 64
print(f"db-corrupt: {complete} whole, {partial} with losses that were all told; {certain} records called certain, all right")

# The log of every damaged variant, with the db and without: what the CRC chain proves is certain, and right.
logs, whole_log, log_certain, unplaced = medic.corpus("wal-corrupt"), 0, 0, 0
proven = records(logs / "00-control/data/member/snap/db")
for variant in sorted(path.name for path in logs.iterdir() if (path / "data/member/wal").is_dir()):
    for kind, path in (("member", logs / variant / "data"), ("log", logs / variant / "data/member/wal")):
        code, report, rows, got = salvage(f"{variant}-{kind}", path)
        if report is None:
            assert kind == "log" or not (path / "member/snap/db").exists(), (variant, kind, code)
            continue
        assert all(proven.get(key) == value for key, value in got.items()), (variant, kind)
        assert kind == "log" or got == proven, (variant, "the db was whole")
        assert got == proven or not report["complete"], (variant, kind, "complete, and is not")
        whole_log += got == proven
        log_certain += sum(row["confidence"] == "certain" for row in rows)
        left = (medic.scratch / f"salvaged-{variant}-{kind}/lost+found.ndjson")
        unplaced += sum('"unplaced"' in line for line in left.read_text().splitlines()) if left.exists() else 0
assert whole_log >= 50 and log_certain > 45000 and unplaced > 100
print(f"wal-corrupt: {whole_log} whole; {log_certain} records called certain, all right; {unplaced} puts without a revision kept aside")

# Several members of one cluster are one: what one of them has lost, another has; and no record differs from those of a sound member.
cluster = medic.corpus("cluster-3")
truth = records(cluster / "m1/member/snap/db")
parts = medic.scratch / "parts"
shutil.copytree(cluster / "m1/member/wal", parts / "m1/member/wal")
shutil.copytree(cluster / "m2/member/snap", parts / "m2/member/snap")
torn = bytearray((parts / "m2/member/snap/db").read_bytes())
torn[:2 * 4096] = bytes(2 * 4096)
(parts / "m2/member/snap/db").write_bytes(torn)
_, report, rows, got = salvage("parts", parts / "m1", parts / "m2")
assert all(truth.get(key) == value for key, value in got.items()) and len(got) > 1000, len(got)
assert got == truth or not report["complete"], report
print(f"the log of one member with the pages of another: {len(got)} of {len(truth)} records, complete: {report['complete']}")
foreign = medic.run("salvage", parts / "m1", logs / "00-control/data/member/wal", "--output", medic.scratch / "foreign")
assert foreign[0] == 8 and b"another cluster" in foreign[2] and not (medic.scratch / "foreign").exists(), foreign

# A db of another cluster beside a log: the two are told apart, one of them is taken alone, the other is named, and nothing is called complete.
for name, place in (("torture/06-foreign-db", "data"), ("field-reports/10-foreign-db", "10-foreign-db")):
    folder = medic.scratch / name.replace("/", "-")
    folder.mkdir()
    medic.unpack(medic.archive(name), folder)
    data = folder / place
    out = medic.run("salvage", data, "--output", folder / "mixed", "-o", "json")
    report = json.loads(out[1])
    assert out[0] == 4 and not report["complete"] and b"another cluster than the log beside it" in out[2] and str(data / "member/snap/db").encode() in out[2], out[2]
    got, (_, alone, _, by_log) = records(folder / "mixed/member/snap/db"), salvage(f"{folder.name}-log", data / "member/wal")
    assert got == by_log and {row["origin"] for row in report["salvaged_records"]} == {"log"}, len(got)
    out = medic.run("salvage", data / "member/snap/db", data / "member/wal", "--output", folder / "both")
    assert out[0] == 8 and b"another cluster" in out[2] and not (folder / "both").exists(), out

# Below the compacted revision, where the log does not reach back: an entry of the tree that is not a record any more is a loss that is named, and a
# repair that leaves it out is lossy.
purged = medic.corpus("purged-log").parent / "base"
name, value = sorted((name, value) for name, value in records(purged / "member/snap/db").items() if not name.endswith("74"))[10]
key = bytes.fromhex(name)
db = bytearray((purged / "member/snap/db").read_bytes())
at = db.find(key + value)
assert at > 0
while at > 0:
    db[at + 4] ^= 8
    at = db.find(key + value, at + 1)
(purged / "member/snap/db").write_bytes(db)
_, report, rows, got = salvage("below-compaction", purged)
main = int.from_bytes(key[:8], "big")
assert name not in got and not report["complete"], report["complete"]
assert any(span["first_revision"] <= main <= span["last_revision"] for span in report["unproven_revisions"]), report["unproven_revisions"]
steps = medic.plan(purged)[1]["steps"]
assert steps and {step["safety"] for step in steps} == {"lossy"}, steps

# A flipped record of one of three members is found from that member alone, and put right.
divergence = medic.corpus("divergence")
_, report, rows, got = salvage("divergence", divergence / "m2")
assert got == records(divergence / "m1/member/snap/db") and {row["confidence"] for row in rows} == {"certain"}
assert '"contradicted"' in (medic.scratch / "salvaged-divergence/lost+found.ndjson").read_text()

# Before a compaction the log alone tells; `recover` comes to the same by another way.
single = medic.corpus("single-3.6")
for revision in (300, 440, 700):
    _, report, rows, got = salvage(f"back-{revision}", single / "data", flags=("--as-of", str(revision)))
    target = medic.scratch / f"recovered-{revision}"
    assert medic.run("recover", single / "data", "--to-revision", str(revision), "--output", target)[0] == 0
    assert got == records(target / "member/snap/db") and report["complete"], (revision, len(got))
live = salvage("live-and-log", single / "data", flags=("--only", "live"))[3]
assert live == records(single / "data/member/snap/db")

# `db compact --salvage` is the same for a file: the same records, nothing where nothing was found, and never sound with losses.
compacted = 0
for variant in sorted(path.name for path in corpus.iterdir() if (path / "data").is_dir()):
    db, target = corpus / variant / "data/member/snap/db", medic.scratch / f"compact-{variant}.db"
    code, out, err = medic.run("db", "compact", db, target, "--salvage", "-o", "json")
    assert len(set(err.splitlines())) == len(err.splitlines()), ("a finding is said once", db, err)
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
