#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the key commands say of a stopped member's files is what the running etcd served: every key at every recorded revision,
HashKV, snapshot status, leases, users, members. For the directory of Kubernetes, etcdutl's values are here."""
import base64
import json
import sys

from medic import Medic, picture

medic = Medic(sys.argv)
asked = 0


def ask(*args, code=0):
    global asked
    asked += 1
    got, out, err = medic.run(*args)
    assert got == code, (args, got, err)
    return json.loads(out) if out else err.decode()


TABLE = []
for number in range(256):
    for _ in range(8):
        number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
    TABLE.append(number)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def check_hash(path, served, *flags):
    # A peer's hashkv wrote to the saved snapshots after they were made, so their SHA-256 no longer fits, which `info` reports; and of the
    # member whose db was altered the log says so.
    code, out, err = medic.run("info", path, "-o", "json")
    damaged = path.name == "snapshot.db" or (path.parent.name, path.name) == ("divergence", "m2")
    assert code == (4 if damaged else 0), (path, code, err)
    oldest = int(json.loads(out).get("compact_revision", 1))
    if "error" in served or 0 < served["rev"] < oldest:  # served before the compaction
        assert f"{oldest} to" in ask("hashkv", path, "--rev", served["rev"], code=8)
        return False
    got = ask("hashkv", path, "--rev", served["rev"] or served["header_revision"], "-o", "json", *flags)
    if served["compact_revision"] == got["compact_revision"]:
        assert got["hash"] == served["hash"], (path, served, got)
        return True
    return False


def check_keys(path, truth):
    """truth: kv-revN.json, whose long values are given by length and CRC alone."""
    revision = int(truth.stem.rsplit("rev", 1)[1]) if "rev" in truth.stem else 0
    want = json.load(open(truth))
    first = ask("info", path, "-o", "json")
    if revision and revision < int(first.get("compact_revision", 0)):
        message = ask("get", path, "--from-key", "--rev", revision, code=8)
        assert "has been compacted" in message, message
        return False
    got = ask("get", path, "--from-key", "--rev", revision, "-o", "etcdctl-json")
    assert got["count"] == want["count"] == len(got["kvs"]), (path, revision)
    for ours, theirs in zip(got["kvs"], want["kvs"], strict=True):
        value = base64.b64decode(ours.pop("value", ""))
        length, crc, short = theirs.pop("value_len"), theirs.pop("value_crc32c"), theirs.pop("value", None)
        assert len(value) == length and crc32c(value) == crc, (path, revision, ours)
        assert short is None or base64.b64decode(short) == value
        assert ours == theirs, (path, revision, ours, theirs)
    return True


# The small directory.
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
small = medic.scratch / "minikube-like"
before = picture(small)
for revision, wanted in {0: 1790199916, 2809: 1790199916, 2500: 2043396535, 2000: 2246753560}.items():
    assert ask("hashkv", small, "--rev", revision, "-o", "etcdutl-json")["hash"] == wanted, revision
assert "1641 to 2809 can be read" in ask("hashkv", small, "--rev", 1640, code=8)
assert len(ask("keys", small, "-o", "json")["keys"]) == 462
status = {"hash": 1401712740, "revision": 2809, "totalKey": 462, "totalSize": 1773568, "version": "3.6.0"}
assert ask("snapshot", "status", small, "-o", "etcdctl-json") == status
assert "SNAPSHOT-HASH-MISSING" in str(ask("snapshot", "verify", small, "-o", "json"))
assert len(ask("diff", small, 2700, 2809, "-o", "json", code=1)["differences"]) > 5
assert ask("diff", small, small, "-o", "json")["differences"] == []
history = ask("history", small, "/registry/configmaps/demo/doomed", "-o", "json")["changes"]
assert [(c["revision"], c["deleted"]) for c in history][-2:] == [(2789, False), (2790, True)], history
(gone,) = ask("deleted", small, "/registry/configmaps/demo/doomed", "-o", "json")["keys"]
assert gone["deleted_revision"] == 2790 and gone["mod_revision"] == 2789 and gone["value_known"]
assert {row.get("resource") for row in ask("top", small, "--by", "kind", "--limit", 0, "-o", "json")["groups"]} >= {"pods", "events", "services/specs"}
assert picture(small) == before

for version in ("3.4", "3.5", "3.6"):
    root = medic.corpus(f"single-{version}")
    truth, data = root / "truth", root / "data"
    before = picture(root)
    served = json.load(open(truth / "truth.json"))
    equal = [check_hash(path, each, "--etcd-version", version) for path in (data, root / "snapshot.db") for each in served["hashkv"]]
    assert equal.count(True) > 40, equal
    for line in (truth / "etcdctl-hashkv.jsonl").read_text().splitlines():
        for each in json.loads(line):
            wanted = each["HashKV"]
            revision = wanted.get("hash_revision", 0)
            if revision:
                assert check_hash(data, dict(wanted, rev=revision))
    compared = [check_keys(data, path) for path in sorted(truth.glob("kv-*.json"))]
    assert compared.count(True) >= 5, compared
    (whole,) = truth.glob("etcdctl-get-all-*.json")
    wanted = json.load(open(whole))
    got = ask("get", data, "--from-key", "-o", "etcdctl-json")
    wanted["header"].pop("raft_term"), got["header"].pop("raft_term", 0)  # 3.4 keeps no term in its backend
    assert got == wanted, version
    for each in truth.glob("etcdutl-3.*-snapshot-status.json"):
        assert ask("snapshot", "status", root / "snapshot.db", "-o", "etcdctl-json") == json.load(open(each)), each
    # etcdutl wrote to these snapshots when it was asked about them, and so broke their hash.
    report = ask("snapshot", "verify", root / "snapshot.db", "-o", "json", code=4)
    assert [f["code"] for f in report["findings"] if f["severity"] != "note"] == ["DB-SNAPSHOT-HASH"], report
    assert ask("diff", data, root / "snapshot.db", "-o", "json")["differences"] == []
    auth = ask("auth", data, "-o", "json")
    assert [u["name"] for u in auth["users"]] == served["users"] and [r["name"] for r in auth["roles"]] == served["roles"]
    assert not auth["enabled"] and {u["password"] for u in auth["users"]} == {"***"}
    leases = ask("leases", data, "-o", "json")["leases"]
    assert {int(each["lease_id"], 16) for each in leases} == {each["id"] for each in served["leases_left"]["leases"]} and all(each["known"] for each in leases)
    listed = ask("leases", data, "-o", "etcdctl-json")["leases"]
    assert sorted(each["id"] for each in listed) == sorted(each["id"] for each in served["leases_left"]["leases"])
    wanted = json.load(open(truth / "member-list.json"))
    got = ask("members", data, "-o", "etcdctl-json")
    wanted["header"].pop("raft_term"), got["header"].pop("raft_term", 0)
    assert got == wanted, version
    assert ask("auth", data, "users", "-o", "etcdctl-json")["users"] == served["users"]
    assert ask("auth", data, "roles", "-o", "etcdctl-json")["roles"] == served["roles"]
    (member,) = ask("members", data, "-o", "json")["members"]
    (wanted,) = served["members"]["members"]
    assert (int(member["member_id"], 16), member["name"], member["peer_urls"], member["client_urls"]) == (
        wanted["ID"], wanted["name"], wanted["peerURLs"], wanted["clientURLs"])
    assert picture(root) == before
    print(f"single-{version}: {equal.count(True)} hashes and {compared.count(True)} pictures of all keys are as served")

root = medic.corpus("cluster-3")
for name, line in zip(("m1", "m2", "m3", "m4"), (root / "truth/hashkv-per-member.jsonl").read_text().splitlines()):
    assert all([check_hash(root / name, each) for each in json.loads(line)]), name
    assert check_keys(root / name, root / "truth/kv-final-rev1301.json")

root = medic.corpus("divergence")
altered = json.load(open(root / "truth.json"))["altered"]
for name, before_line, after in zip(("m1", "m2", "m3"), (root / "hashkv-before.jsonl").read_text().splitlines(),
                                    (root / "hashkv-after.jsonl").read_text().splitlines()):
    before_hashes = {each["rev"]: each["hash"] for each in json.loads(before_line)}
    for each in json.loads(after):
        assert check_hash(root / name, each), (name, each)
        assert (each["hash"] != before_hashes[each["rev"]]) == (name == "m2" and (each["rev"] == 0 or each["rev"] >= altered["mod_revision"])), (name, each)
    (value,) = ask("get", root / name, altered["key"], "--rev", altered["mod_revision"], "-o", "json")["keys"]
    assert value["value"] == altered["new_value" if name == "m2" else "old_value"]

print(f"{asked} answers are as etcd's own")
