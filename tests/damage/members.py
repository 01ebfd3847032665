#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`verify DIR1 DIR2 …`: whether real members agree, who can be elected, who lost what it had acknowledged, whose keys differ."""
import json
import shutil
import sys

import wal_writer
from medic import Medic, picture

WAL = "member/wal/0000000000000000-0000000000000000.wal"
medic = Medic(sys.argv)
wrong = []


def together(*paths, exit_code):
    before = [picture(path) for path in paths]
    code, out, err = medic.run("verify", *paths, "-o", "json")
    assert [picture(path) for path in paths] == before
    document = json.loads(out)
    if code != exit_code:
        wrong.append(f"{paths}: exit {code}, wanted {exit_code}: {document['findings']} {[m['findings'] for m in document['members']]} {err}")
    return document


def finding(document, code):
    return next((f for f in document["findings"] if f["code"] == code), {"file": "", "message": "", "severity": ""})


def sibling(source, target, node, until, term=None, value=b"v"):
    """A member of the same cluster beside the one in `source`: its log continues up to entry `until`, all of it committed."""
    shutil.copytree(source, target)
    (target / "member/wal/0.tmp").unlink(missing_ok=True)
    records, last, state = [], 0, None
    for kind, data in wal_writer.read((source / WAL).read_bytes()):
        if kind == wal_writer.METADATA:
            data = wal_writer.numbers(node, dict(wal_writer.fields(data))[2])
        elif kind == wal_writer.ENTRY:
            last = dict(wal_writer.fields(data))[3]
            entry_term = dict(wal_writer.fields(data))[2]
        elif kind == wal_writer.STATE:
            state = dict(wal_writer.fields(data))
        records.append((kind, data))
    for index in range(last + 1, until + 1):
        records.append((wal_writer.ENTRY, wal_writer.entry(term or entry_term, index, wal_writer.put(b"later", value))))
    records.append((wal_writer.STATE, wal_writer.numbers(term or state[1], state.get(2, 0), max(until, last))))
    (target / WAL).write_bytes(wal_writer.write(records))
    return target


# Three members and what became of a fourth.
cluster = medic.corpus("cluster-3")
members = [cluster / name for name in ("m1", "m2", "m3")]
members = [path / "data" if (path / "data").exists() else path for path in members]
sound = together(*members, exit_code=0)
if not sound["same_cluster"] or not sound["sound"] or not sound["start_from"] or len(sound["members"]) != 3:
    wrong.append(f"cluster-3: {sound}")
if "yes" not in {m["electable"] for m in sound["members"]}:
    wrong.append(f"cluster-3: nobody could be elected: {sound['members']}")

# One value flipped in one of three dbs.
divergence = medic.corpus("divergence")
document = together(*(divergence / name for name in ("m1", "m2", "m3")), exit_code=4)
found = finding(document, "CLUSTER-KEYS-DIVERGED")
if not found["file"].endswith("m2") or "revision 602" not in found["message"] or "/div/00000100" not in found["message"]:
    wrong.append(f"divergence: {document['findings']}")
if document["start_from"].endswith("m2") or not any("etcdctl member remove" in line for line in document["next_steps"]):
    wrong.append(f"divergence: {document['next']}")
document = together(divergence / "m1", cluster_member := members[0], exit_code=4)
if document["same_cluster"] or not finding(document, "CLUSTER-ID-MISMATCH")["message"]:
    wrong.append(f"two clusters: {document['findings']}")

# A follower put back from an older copy: alone nothing shows it, beside a sibling it does.
archive = medic.source / "testdata/field-reports/04-rolled-back-follower.tar.zst"
medic.unpack(archive)
follower = medic.scratch / "04-rolled-back-follower"
voters = [int(m["member_id"], 16) for m in json.loads(medic.run("members", follower, "-o", "json")[1])["members"]]
own = int(json.loads(medic.run("info", follower, "-o", "json")[1])["member_id"], 16)
others = [id for id in voters if id != own]
first = sibling(follower, medic.scratch / "first", others[0], 63)
document = together(first, follower, exit_code=4)
found = finding(document, "CLUSTER-MEMBER-BEHIND")
if "tocommit(63) is out of range [lastIndex(31)]" not in found["message"] or not document["start_from"].endswith("first"):
    wrong.append(f"rolled back, one sibling: {document['findings']} {document['start_from']}")
second = sibling(follower, medic.scratch / "second", others[1], 63)
document = together(first, second, follower, exit_code=4)
if finding(document, "CLUSTER-MEMBER-BEHIND")["severity"] != "warning":
    wrong.append(f"rolled back, a quorum holds the entries: {document['findings']}")
# Two of three without the entries: the commit index of the third proves that one of them held them.
third = sibling(follower, medic.scratch / "third", others[1], 31)
document = together(first, third, follower, exit_code=4)
if finding(document, "CLUSTER-MEMBER-BEHIND")["severity"] != "error" or not document["start_from"].endswith("first"):
    wrong.append(f"lost by a quorum: {document['findings']}")

# Another entry at the same index and term; another committed history.
other = sibling(follower, medic.scratch / "other", others[1], 63, value=b"w")
document = together(first, other, exit_code=4)
if "another one" not in finding(document, "CLUSTER-LOG-CONFLICT")["message"]:
    wrong.append(f"conflict: {document['findings']}")
history = sibling(follower, medic.scratch / "history", others[1], 63, term=9)
document = together(first, history, exit_code=4)
if "two histories" not in finding(document, "CLUSTER-LOG-CONFLICT")["message"]:
    wrong.append(f"two histories: {document['findings']}")
document = together(first, follower, follower, exit_code=4)
if not finding(document, "CLUSTER-MEMBER-DUPLICATE")["message"]:
    wrong.append(f"twice: {document['findings']}")
print("\n".join(wrong) or "members compared", file=sys.stderr)
sys.exit(bool(wrong))
