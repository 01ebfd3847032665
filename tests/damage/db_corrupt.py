#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every damaged variant of a real backend: the finding names what was done, the prediction is what etcd 3.6 did, and every key that the
tree still leads to is listed. With --table the result is printed as docs/db-damage.md, which must be current."""
import base64
import json
import struct
import sys

from medic import Medic, left, picture, steps_of, worse_than_note

# variant -> (the finding that names the edit, None where there is nothing to find; entries of bucket `key` that cannot be reached)
LEAF = 14  # entries on one leaf of bucket `key`
ALL = "all"
EXPECTED = {
    "b00-control": (None, 0),
    "b01-bitflip-active-meta": ("DB-META-DAMAGED", "older"),
    "b02-bitflip-inactive-meta": ("DB-META-DAMAGED", 0),
    "b03-bitflip-both-meta": ("DB-META-INVALID", "by search"),
    "b04-zero-both-meta": ("DB-META-INVALID", "by search"),
    "b05-bitflip-leaf-value": (None, 0),
    "b07-leaf-count-bit": ("DB-PAGE-COUNT-WRONG", 0),
    "b08-leaf-elem-pos-huge": ("DB-ELEMENT-OUT-OF-BOUNDS", 1),
    "b10-leaf-pageid": ("DB-PAGE-ID-WRONG", 0),
    "b12-branch-key-bit": ("DB-KEY-ORDER", 0),
    "b13-page-referenced-twice": ("DB-PAGE-SHARED", LEAF),
    "b15-branch-flags-bit": ("DB-PAGE-TYPE-WRONG", 0),
    "b17-branch-key-order": ("DB-KEY-ORDER", 0),
    "b18-leaf-key-order": ("DB-KEY-ORDER", 0),
    "b19-zeroed-leaf": ("DB-PAGE-ZEROED", LEAF),
    "b20-zeroed-branch": ("DB-PAGE-ZEROED", ALL),
    "b21-zeroed-root": ("DB-PAGE-ZEROED", ALL),
    "b23-truncated-at-highest-reachable": ("DB-FILE-TRUNCATED", ALL),
    "b24-truncated-mid-page": ("DB-FILE-TRUNCATED", ALL),
    "b25-empty": ("DB-FILE-EMPTY", ALL),
    "b26-all-zero": ("DB-META-INVALID", ALL),
    "b27-3-bytes-short-header": ("DB-FILE-TRUNCATED", ALL),
    "b28-meta-root-out-of-range-sum-ok": ("DB-META-IMPLAUSIBLE", ALL),
    "b30-meta-highwater-low-sum-ok": ("DB-META-IMPLAUSIBLE", 0),
    "b32-consistent-index-behind": ("DB-INDEX-BEHIND", 0),
    "c00-freelist-array": (None, 0),
    "c01-freelist-hashmap": (None, 0),
    "c02-no-freelist-sync": (None, 0),
    "c03-freelist-flags": ("DB-FREELIST-INVALID", 0),
    "c05-freelist-id-out-of-range": ("DB-FREELIST-ID-WRONG", 0),
    "c07-freelist-duplicate-id": ("DB-FREELIST-ID-WRONG", 0),
    "c08-freelist-missing-page": ("DB-PAGE-LEAKED", 0),
    "c10-meta-freelist-pgid-out-of-range": ("DB-META-IMPLAUSIBLE", 0),
    "d-pagesize-8192": (None, 0),
    "d-pagesize-65536": (None, 0),
}
# What etcd serves after these edits cannot be known from the backend: the bytes are as sound as any others.
NOT_IN_THE_DB = {"b05-bitflip-leaf-value"}
# What does not follow from the changes before because a page between them is lost is one finding.
LOST_PAGE = {"b08-leaf-elem-pos-huge", "b13-page-referenced-twice", "b19-zeroed-leaf"}


def leaf_keys(image, size, page):
    """Keys on a leaf, by a reader of this test's own."""
    at = page * size
    flags, count = struct.unpack_from("<HH", image, at + 8)
    assert flags == 2, page
    keys = []
    for i in range(count):
        place = at + 16 + 16 * i
        _, pos, ksize, _ = struct.unpack_from("<IIII", image, place)
        keys.append(image[place + pos:place + pos + ksize].hex())
    return keys


def true_keys(root, truth):
    image = (root / "b00-control/data/member/snap/db").read_bytes()
    return {page["page"]: leaf_keys(image, 4096, page["page"]) for page in truth["base"]["reachable_pages"]
            if page["bucket"] == "key" and page["flags"] == 2}


def measured(probe, control):
    if probe["etcd_exit"] is not None:
        return "panics" if probe["etcd_exit"] == 2 else "exits"
    if not probe["etcd_started"]:
        return "hangs"
    return "starts" if probe["etcd_hashkv"] == control["etcd_hashkv"] else "starts-wrong"


def reached(medic, db, *flags):
    code, out, err = medic.run("db", "dump", db, "key", "-o", "ndjson", *flags)
    assert code in (0, 4, 5, 8), (db, code, err)
    rows = [json.loads(line) for line in out.splitlines()]
    if code & 8:
        assert rows.pop()["schema"] == "etcdmedic.error/v1", (db, out)
    return [row["key"].encode().hex() if "key" in row else base64.b64decode(row["key_base64"]).hex() for row in rows]


medic = Medic(sys.argv)
root = medic.corpus("db-corrupt")
truth = json.load(open(root / "truth.json"))
probes = {probe["variant"]: probe for probe in json.load(open(root / "probe.json"))}
control = probes["b00-control"]
pages = true_keys(root, truth)
everything = sorted(key for keys in pages.values() for key in keys)
started = medic.repairs("db-corrupt")
true_hash = medic.run("hashkv", root / "b00-control/data")[1]
rows, wrong = [], []


def repair(name, data):
    """What is wrong with the repair; and its steps, what etcd did after it, what is lost."""
    plan, copy, after = medic.repaired(data, "--etcd-version", "3.6")
    steps, etcd, lost = started.get(name, ("", "", ""))
    wrong = [] if steps == steps_of(plan) else [f"repair is {steps_of(plan)!r}; tests/e2e/repairs.tsv has {steps!r}: write it again"]
    if copy is None:
        return wrong, (steps, etcd, lost)
    if left(after):
        wrong.append(f"the repair leaves {left(after)}")
    older = after["prediction"]["outcome"] == "starts" and medic.run("hashkv", copy)[1] != true_hash
    if older and not any(word in steps for word in ("older meta page", "aside", "meta page 0 of db again")):
        wrong.append("the repaired db does not hold what the undamaged one does")
    return wrong, (steps, etcd, lost)


for name, probe in probes.items():
    data = root / name / "data"
    if not data.exists():
        continue
    if name not in EXPECTED:
        wrong.append(f"{name}: not expected")
        continue
    before = picture(data)
    wanted, lost = EXPECTED[name]
    code, report = medic.verify(data, "--etcd-version", "3.6")
    codes = [f["code"] for f in report["findings"]]
    worse = [f["code"] for f in worse_than_note(report) if f["code"].startswith("DB-")]
    if (wanted not in codes) if wanted else worse:
        wrong.append(f"{name}: findings {codes}, wanted {wanted}")
    if codes.count("MVCC-HISTORY-BROKEN") > (name in LOST_PAGE):
        wrong.append(f"{name}: {codes.count('MVCC-HISTORY-BROKEN')} findings say what one can")
    outcome, did = report["prediction"]["outcome"], measured(probe, control)
    if outcome != did and not (name in NOT_IN_THE_DB and outcome == "starts"):
        wrong.append(f"{name}: predicted {outcome}, etcd {did}")
    message = report["prediction"].get("message", "")
    said = " ".join(probe["etcd_msgs"]).replace(" | ", ": ")
    if did in ("exits", "panics") and (not message or message[:100] not in said):
        wrong.append(f"{name}: predicted text {message!r}, etcd said {said!r}")
    keys = reached(medic, data / "member/snap/db")
    if lost == "older":
        good = keys == everything[:len(keys)] and len(keys) > len(everything) / 2
        note = f"{len(everything) - len(keys)} newest, in the log"
    elif lost == "by search":
        found = reached(medic, data / "member/snap/db", "--search-root")
        good, note = not keys and sorted(found) == everything, "0 with --search-root"
    elif lost == ALL:
        good, note = not keys, "all"
    else:
        page = {"b13-page-referenced-twice": truth[name].get("lost_page"), "b19-zeroed-leaf": truth[name].get("page")}.get(name)
        gone = set(pages[page]) if page else {pages[37][7]} if lost == 1 else set()
        missing = set(everything) - set(keys)
        good = len(keys) == len(set(keys)) and len(missing) == lost and (not gone or missing == gone or lost == 1)
        note = str(lost)
    if not good:
        wrong.append(f"{name}: {len(keys)} keys reached of {len(everything)}, lost {lost}")
    assert picture(data) == before, f"{name} was changed by reading"
    text = next((f["message"] for f in report["findings"] if f["code"] == wanted), "")
    faults, columns = repair(name, data)
    wrong += [f"{name}: {fault}" for fault in faults]
    rows.append((name, truth[name]["why"], wanted or "none", text.replace("|", "\\|"), outcome, did, note, *columns))
if len(rows) != len(EXPECTED):
    wrong.append(f"{len(rows)} variants seen, {len(EXPECTED)} expected")
HEAD = """# What a damaged backend does, and what is found

Made by `tests/damage/db_corrupt.py --table` from a real backend and edits of it. *predicted* is what `verify` predicts, *etcd 3.6* what it did when it was
started on the file. *Hidden* counts the entries of bucket `key`, of {}, that the tree no longer leads to. *Repaired by* has the steps of `repair`; *etcd after* is
what a real etcd 3.6 served of the repaired directory (`tests/e2e/repairs.py`), and *lost* what it lacks.

Two of the edits are not damage of the page format. A bit flipped in a value (b05) leaves a file as sound as any other: no page has a
checksum, so the backend alone cannot tell, and etcd serves the wrong value. The log, as long as it reaches back, and the other members
still hold the right one. A consistent_index that is too small (b32) shows only against the log.

| variant | edit | finding | message | predicted | etcd 3.6 | hidden | repaired by | etcd after | lost |
|---|---|---|---|---|---|---|---|---|---|
"""
GROUPS = (("purged-log", "Where the log has lost its beginning",
           "`testdata/corpora/purged-log`: an etcd 3.6 that has run for a while, so that its log tells of revisions from 1568 on, and its db is compacted at 1200. What\n"
           "each edit does is in `tests/e2e/purged_variants.py`."),
          ("from", "With the help of other members",
           "`repair --from`: a flipped value of member m2 of three (also by its own log alone), and a member with a hole in its log and without a db."),
          ("field-reports", "Situations of public bug reports", "`testdata/field-reports`, each under the release of its report."),
          ("asked", "What is asked for", "The same with `--new-cluster`."),
          ("torture", "Random damage", "`testdata/torture`; truth.json there says what was done."))


def more():
    """The other rows of tests/e2e/repairs.tsv, and how many of all end well."""
    text, played = "", {**medic.repairs("db-corrupt"), **medic.repairs("wal-corrupt")}
    for group, title, words in GROUPS:
        text += f"\n## {title}\n\n{words}\n\n| directory | repaired by | etcd after | lost |\n|---|---|---|---|\n"
        for name, row in medic.repairs(group).items():
            played[f"{group}/{name}"] = row
            text += "| " + " | ".join((name, *row)) + " |\n"
    whole = sum(after.startswith("serves") and lost == "nothing" for _, after, lost in played.values())
    unknown = sum(after.startswith("serves") and lost == "-" for _, after, lost in played.values())
    return text + f"\nOf all {len(played)} directories of these tables and of [wal-damage.md](wal-damage.md), {whole} end in an etcd that serves what the " \
                  f"undamaged directory serves. {unknown} start, and there is nothing to compare them with (`-`). Of the others the column *lost* says what is lost, or why.\n"


table = HEAD.format(len(everything)) + "".join("| " + " | ".join(row) + " |\n" for row in rows) + more()
if "--table" in sys.argv:
    print(table, end="")
elif (medic.source / "docs/db-damage.md").read_text() != table:
    wrong.append("docs/db-damage.md is not current; write it with --table")
print("\n".join(wrong) or f"{len(rows)} variants: finding, prediction and keys as they should be", file=sys.stderr)
sys.exit(bool(wrong))
