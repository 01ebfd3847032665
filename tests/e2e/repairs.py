#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Repairs every damaged directory that the corpora have, starts the etcd of its release on the result, and compares what it serves with
what the undamaged directory serves: every key with its revision, and HashKV at that revision. What is missing must be in the plan's losses.

repairs.py MEDIC SOURCE SCRATCH PROGRAMS [NAME...]. docs/db-damage.md and docs/wal-damage.md take their last columns from repairs.tsv,
which --write writes beside this script; without it the rows must be as they are there. A third of the corpora is played unless --all, --write or
ETCDMEDIC_TEST_ALL ask for all of it."""
import http.client
import os
import pathlib
import sys

import purged_variants
from judge import QUICK, Peers, copied, last_words, served, use
from server import Client, Server
from medic import Medic, left, steps_of

peers = Peers(sys.argv[4])
if peers.missing:
    print(f"skipped: there is no {', '.join(peers.missing)}")
    sys.exit(77)
medic = Medic(sys.argv)
chosen = [arg for arg in sys.argv[5:] if not arg.startswith("--")]
everything = "--all" in sys.argv or "--write" in sys.argv or "ETCDMEDIC_TEST_ALL" in os.environ
ALWAYS = ("purged-log", "from", "asked")

# Where nothing can be compared, or the directory is not damaged but of another kind: what must come out instead.
NO_PLAN = {"01a-v2-in-snap": "keys of the v2 API, which etcd 3.5 must delete",
           "04-rolled-back-follower": "sound in itself; only its peers know more",
           "06-foreign-db": "the db of another cluster, and nothing shows which of the two belongs here",
           "10-foreign-db": "the db of another cluster, and nothing shows which of the two belongs here",
           "03b-empty-member": "one of three members: it waits for the others",
           "54-removed-member": "removed from its cluster",
           "p15-cut-at-three-quarters": "the directory of buckets, and most of the log's records, were in the part that is gone: a backup, another member with "
                                        "--from, or `salvage`",
           "p18-db-emptied": "the log has no beginning, and nothing else has: a backup, or another member with --from",
           "e05-only-metadata-no-db": "nothing is left of it"}
# Whose log does not hold everything: what another directory made from the same base serves.
SAME_BASE = {"06a-wal-removed": "56-db-deleted", "00-repair-hits-sound-segment-bit": "04-value-bit", "01-wal-removed": "04-value-bit",
             "09-log-without-metadata": "17-branch-separator", "18-record-type": "13-salvage-branch"}
# What is found where revisions are missing that a plan named as lost.
OF_LOSS = ("MVCC-REVISION-GAP", "MVCC-HISTORY-BROKEN")
# The members are wanted otherwise.
ASKED = {"03b-empty-member": ["--new-cluster"], "04-rolled-back-follower": ["--new-cluster", "--cluster-id", "abc"]}
FROM_DB = {"29a-restored-36", "29b-restored-35-and-run", "02a-etcd36-dir", "02c-etcd35-dir"}


def hash_at(client, revision):
    for path in ("/v3/maintenance/hashkv", "/v3/maintenance/hash"):
        try:
            answer = client.call(path, {"revision": str(revision)})
            return answer["hash"], answer.get("compact_revision", "0")
        except (RuntimeError, ValueError, http.client.HTTPException):
            client = Client(client.connection.port)
    return None


class Boot:
    """What a real etcd serves of a copy of a directory; `state` is nothing where it does not serve. `alone`: one of several members, without
    the others."""

    def __init__(self, version, data, revision=None, wal=None, alone=False):
        self.state, self.hash, self.words, self.used = None, None, "", True
        place = copied(data, medic.scratch / "boot")
        flags = [*QUICK, *(["--wal-dir", str(copied(wal, medic.scratch / "boot-wal"))] if wal else []),
                 *(["--force-new-cluster"] if alone else [])]
        server = Server(peers.etcd[version], place, flags=flags, snapshot_count=100000)
        try:
            if not server.wait(15):
                log = pathlib.Path(str(place) + ".log").read_text(errors="replace")
                self.words = last_words(log) if server.process.poll() is not None else "hangs"
                return
            client = Client(server.port)
            self.state = served(client)
            self.hash = hash_at(client, revision or self.state[0])
            try:
                use(Client(server.port, 20))
            except (RuntimeError, OSError, http.client.HTTPException, ValueError) as error:
                self.used, self.words = False, f"fails in use: {error}"
        finally:
            server.stop()


class Case:
    def __init__(self, group, name, data, version, truth, wal=None, asked=(), alone=False):
        self.group, self.name, self.data, self.version, self.truth, self.wal = group, name, data, version, truth, wal
        self.asked, self.alone = asked, alone

    def flags(self):
        return ["--etcd-version", self.version, *(["--wal-dir", str(self.wal)] if self.wal else [])]

    def play(self):
        """(verdict, what etcd serves, what is lost). whole: as the undamaged directory, by HashKV too where the release has a
        stable one; named: what is missing is in the plan; starts: there is nothing to compare with."""
        self.plan, copy, after = medic.repaired(self.data, *self.flags(), asked=self.asked)
        lossy = any(step["safety"] == "lossy" for step in self.plan["steps"])
        remain = [code for code in left(after) if not (lossy and code in OF_LOSS)] if copy else []
        if remain:
            return "wrong", f"the repair leaves {remain}", ""
        truth = self.truth() if self.truth else None
        boot = Boot(self.version, copy or self.data, truth.state[0] if truth and truth.state else None, self.wal, self.alone)
        if boot.state is None or not boot.used:
            return "dead", boot.words, ""
        if truth is None or truth.state is None:
            return "starts", f"serves revision {boot.state[0]}", ""
        return self.compare(truth, boot)

    def compare(self, truth, boot):
        (revision, keys), (got, held) = truth.state, boot.state
        differ = sorted(key for key in keys.keys() | held.keys() if keys.get(key) != held.get(key))
        if differ or got != revision:
            losses = [step["loss_message"] for step in self.plan["steps"] if step["safety"] == "lossy"]
            return "named" if losses else "wrong", f"serves revision {got} of {revision}, {len(differ)} keys differ", "; ".join(losses)
        if self.version == "3.4":  # whose HashKV differs after every restart
            return "whole", f"serves revision {got}, every key as before", "nothing"
        if boot.hash != truth.hash:
            return "wrong", f"HashKV {boot.hash} instead of {truth.hash}", ""
        return "whole", f"serves revision {got}, HashKV as before", "nothing"


def once(make):
    made = []

    def get():
        if not made:
            made.append(make())
        return made[0]
    return get


def by_hand(version, data, wal=None):
    """The log alone, read by etcd itself."""
    def make():
        bare = copied(data, medic.scratch / "bare")
        for path in [*bare.glob("member/snap/*.snap"), *bare.glob("member/snap/db*")]:
            path.unlink()
        return Boot(version, bare, None, wal)
    return once(make)


def purged_log():
    """A member as every one that has run for a while."""
    archive = medic.archive("corpora/purged-log")
    medic.unpack(archive)
    base = medic.scratch / "base"
    truth = once(lambda: Boot("3.6", base))
    sound = purged_variants.read(medic, base)
    for name, damage in purged_variants.VARIANTS.items():
        data, db = copied(base, medic.scratch / "purged-log" / name), purged_variants.Db(sound)
        db.pages = sound.pages
        damage(db)
        assert db != sound, name
        (data / "member/snap/db").write_bytes(db)
        yield Case("purged-log", name, data, "3.6", truth)


def siblings():
    """Members that are put right by others of their cluster, started alone."""
    divergence, cluster = medic.corpus("divergence"), medic.corpus("cluster-3")
    code, _, err = medic.run("repair", divergence / "m2", "--from", cluster / "m1")
    assert code == 8 and b"nothing is taken from it" in err, (code, err)
    truth = once(lambda: Boot("3.6", divergence / "m1", alone=True))
    yield Case("from", "divergence-m2-alone", divergence / "m2", "3.6", truth, alone=True)
    yield Case("from", "divergence-m2", divergence / "m2", "3.6", truth, None, ["--from", str(divergence / "m1")], True)
    whole = once(lambda: Boot("3.6", cluster / "m1", alone=True))
    log_only = copied(cluster / "m2", medic.scratch / "log-only")
    (log_only / "member/snap/db").unlink()
    for name, other in (("log-and-db", cluster / "m2"), ("log", log_only)):
        hurt = copied(cluster / "m1", medic.scratch / f"hurt-{name}")
        for path in (hurt / "member/snap").iterdir():
            path.unlink()
        segment = sorted((hurt / "member/wal").glob("*.wal"))[0]
        content = bytearray(segment.read_bytes())
        content[20480:28672] = bytes(range(256)) * 32
        segment.write_bytes(content)
        yield Case("from", f"segment-hurt-and-db-lost-from-{name}", hurt, "3.6", whole, None, ["--from", str(other)], True)


def cases():
    yield from purged_log()
    yield from siblings()
    for corpus, control in (("db-corrupt", "b00-control"), ("wal-corrupt", "00-control")):
        root = medic.corpus(corpus)
        if root is None:
            continue
        truth = once(lambda root=root, control=control: Boot("3.6", root / control / "data"))
        for data in sorted(root.glob("*/data")):
            yield Case(corpus, data.parent.name, data, "3.6", truth)
    reports = {"01a-v2-in-snap": "3.5", "02a-etcd36-dir": "3.6", "02c-etcd35-dir": "3.5", "03b-empty-member": "3.6", "04-rolled-back-follower": "3.5",
               "05-snapshot-over-db": "3.6", "06a-wal-removed": "3.5", "10-foreign-db": "3.5", "21-wal-dir-data": "3.5", "29a-restored-36": "3.6",
               "29b-restored-35-and-run": "3.5", "54-removed-member": "3.5", "56-db-deleted": "3.5", "67-cp-db-to-snapdb": "3.5", "68-raised-index": "3.5",
               "71-new-meta-old-pages": "3.5"}
    inputs = {"00-repair-hits-sound-segment-bit": "3.6", "01-wal-removed": "3.6", "02-db-removed-then-etcd-tried": "3.6", "03-key-bucket-reverted": "3.4",
              "04-value-bit": "3.6", "05-bucket-meta-renamed": "3.6", "06-foreign-db": "3.7", "07-value-malformed": "3.4", "08-root-overflow": "3.5",
              "09-log-without-metadata": "3.5", "10-garbage-page-time": "3.4", "11-3.4-branch-key": "3.4", "12-history-broken": "3.6",
              "13-salvage-branch": "3.6", "16-loss-understated": "3.7", "17-branch-separator": "3.5", "18-record-type": "3.6", "19-lease-malformed": "3.7"}
    versions, found = {**reports, **inputs}, {}
    for group, names in (("field-reports", reports), ("torture", inputs)):
        for name in names:
            archive = medic.archive(f"{group}/{name}")
            if archive is None:
                continue
            place = medic.scratch / group / name
            place.mkdir(parents=True)
            medic.unpack(archive, place)
            wal = None
            if name == "21-wal-dir-data":
                medic.unpack(medic.archive("field-reports/21-wal-dir-wal"), place.parent)
                wal = place.parent / "s21w"
            found[name] = (group, next(place.iterdir()), wal)
    # etcd 3.7 does not do without the snapshot that the log names, so its logs cannot be read by hand.
    hands = {name: by_hand(versions[name], data, wal) for name, (_, data, wal) in found.items()
             if name not in NO_PLAN and name not in FROM_DB and versions[name] != "3.7"}
    for name, (group, data, wal) in found.items():
        yield Case(group, name, data, versions[name], hands.get(SAME_BASE.get(name, name)), wal)
        if name in ASKED:
            yield Case("asked", name, data, versions[name], None, wal, ASKED[name])


rows, counts, wrong = [], {}, []
for number, case in enumerate(cases()):
    if case.name not in chosen if chosen else not (everything or case.group in ALWAYS or number % 3 == 0):
        continue
    case.plan = {"steps": []}
    try:
        verdict, detail, lost = case.play()
    except AssertionError as error:
        verdict, detail, lost = "wrong", f"{error}", ""
    if verdict == "dead" and case.name in NO_PLAN and case.group != "asked":
        verdict, lost = "refused", NO_PLAN[case.name]
    counts[verdict] = counts.get(verdict, 0) + 1
    if verdict in ("wrong", "dead"):
        wrong.append(f"{case.name}: {verdict}: {detail}")
    steps = steps_of(case.plan).replace(f"{medic.scratch}/", "")
    rows.append((case.group, case.name, steps, detail if verdict != "refused" else "does not start", lost or "-"))
    print(verdict, *rows[-1], sep="\t", flush=True)
table = pathlib.Path(__file__).with_name("repairs.tsv")
text = "".join("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row) + "\n" for row in rows)
if "--write" in sys.argv:
    table.write_text(text)
elif not chosen:
    known = table.read_text().splitlines()
    wrong += [f"not so in repairs.tsv, which --write writes: {row}" for row in text.splitlines() if row not in known]
    if everything and len(known) != len(rows):
        wrong.append(f"repairs.tsv has {len(known)} rows, {len(rows)} were played; write it with --write")
print(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
print("\n".join(wrong))
sys.exit(bool(wrong))
