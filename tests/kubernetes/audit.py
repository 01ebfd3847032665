#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""audit: counts that agree with what is stored, encryption by key, and each concern provoked by damage that really is there."""
import collections
import json
import sys

from cluster import Medic, minikube, picture, rows, unpacked

medic = Medic(sys.argv)
cluster = minikube(medic)
before = picture(cluster.path)


def audit(path, *args, code):
    got, out, err = medic.run("audit", path, "-o", "json", *args)
    assert got == code, (path, args, got, err)
    report = json.loads(out)
    assert report["schema"] == "etcdmedic.audit/v1"
    return report, err.decode()


def concerns(report):
    found = collections.defaultdict(dict)
    for each in report["issues"]:
        found[each["code"]][each["message"]] = each
    return found


def counts():
    report, err = audit(cluster.path, code=1)
    keys = cluster.keys()
    assert report["object_count"] == len([k for k in keys if k.startswith("/registry/")]) and report["revision"] == 2809
    assert report["object_count"] + report["other_key_count"] == len(keys) and report["damaged_count"] == report["undecrypted_count"] == 0 and not err
    assert sum(row["object_count"] for row in report["kinds"]) == report["object_count"]
    assert sum(row["size"] for row in report["kinds"]) == report["size"]
    assert set(concerns(report)) == {"K8S-SECRET-PLAINTEXT"}, concerns(report)
    assert not report["encrypted_resources"] and not report["findings"]
    expected = unpacked(medic, "expected")
    want = collections.Counter((row["kind"], row["apiVersion"], row["encoding"]) for row in rows(expected / "index.tsv"))
    got = {(row["kind"], row["api_version"], row["encoding"]): row["object_count"] for row in report["kinds"]}
    assert all(got[each] == count for each, count in want.items())
    return report


def targets(report):
    old, _ = audit(cluster.path, "--target", "1.32", code=1)
    new = concerns(old)["K8S-VERSION-TOO-NEW"]
    assert new["networking.k8s.io/v1 ServiceCIDR, first known to 1.33"]["key_count"] == 2, new
    definition = next(row for row in old["kinds"] if row["kind"] == "CustomResourceDefinition")
    assert definition["support"] == "stored-only" and definition["last_served_release"] == "1.21"
    code, _, err = medic.run("audit", cluster.path, "--target", "soon")
    assert code == 16 and b"--target" in err


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def length(value):
    out = b""
    while value >= 128:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def part(data, tag):
    """The payload of the field that `data` begins with, and what follows it."""
    assert data[0] == tag, data[:16]
    size, at = varint(data, 1)
    return data[at:at + size], data[at + size:]


def aged_by_five_bytes(value, old, new):
    """`value` in an older version whose name is five bytes longer: four are those of the envelope's empty tail, one comes off the uid."""
    meta_of_type, rest = part(value[4:], 0x0A)
    raw, tail = part(rest, 0x12)
    assert tail == b"\x1a\0\"\0" and old in meta_of_type and len(new) == len(old) + 5
    metadata, rest = part(raw, 0x0A)
    at = metadata.index(b"\x2a\x24")
    metadata = metadata[:at] + b"\x2a\x23" + metadata[at + 3:]
    raw = b"\x0a" + length(len(metadata)) + metadata + rest
    assert len(old) + 5 < 128
    meta_of_type = meta_of_type.replace(b"\x0a" + bytes([len(old)]) + old, b"\x0a" + bytes([len(new)]) + new)
    aged = value[:4] + b"\x0a" + length(len(meta_of_type)) + meta_of_type + b"\x12" + length(len(raw)) + raw
    assert len(aged) == len(value), (len(aged), len(value))
    return aged


def versions_that_are_no_longer_served():
    aged = cluster.copy("aged")
    budget = next(k for k in cluster.keys() if k.startswith("/registry/poddisruptionbudgets/"))
    scaler = next(k for k in cluster.keys() if k.startswith("/registry/horizontalpodautoscalers/"))
    for key, old, new in ((budget, b"policy/v1", b"policy/v1beta1"), (scaler, b"autoscaling/v2", b"autoscaling/v2beta2")):
        value = cluster.value(key)
        aged.replace(value, aged_by_five_bytes(value, old, new))
    served, _ = audit(aged.path, "--target", "1.24", code=1)
    assert not {"K8S-VERSION-UNSERVED", "K8S-VERSION-REMOVED"} & set(concerns(served)), concerns(served)
    unserved = concerns(audit(aged.path, "--target", "1.30", code=1)[0])["K8S-VERSION-UNSERVED"]
    assert unserved["policy/v1beta1 PodDisruptionBudget, last served by 1.24"]["example_keys"] == [budget], unserved
    assert unserved["autoscaling/v2beta2 HorizontalPodAutoscaler, last served by 1.25"]["example_keys"] == [scaler], unserved
    found = concerns(audit(aged.path, code=1)[0])
    assert list(found["K8S-VERSION-UNSERVED"]) == ["policy/v1beta1 PodDisruptionBudget, last served by 1.24"], found
    gone = found["K8S-VERSION-REMOVED"]["autoscaling/v2beta2 HorizontalPodAutoscaler, last read by 1.35"]
    assert gone["key_count"] == 1 and gone["example_keys"] == [scaler], gone


def encryption():
    path, config = unpacked(medic, "encrypted"), unpacked(medic, "encrypted-expected")
    prefixes = [line.split("\t")[:2] for line in (config / "prefixes.tsv").read_text().splitlines()]
    want = collections.Counter((key.split("/")[2], "identity" if prefix == "plain" else prefix.replace("k8s:enc:", "").replace(":v1", ""))
                               for key, prefix in prefixes)
    closed, _ = audit(path, code=1)
    for report, args in ((closed, []), (audit(path, "--encryption-config", config / "encryption-config.yaml", code=1)[0], ["config"])):
        got = {(each["resource"], use["encryption_key"]): use["value_count"] for each in report["encrypted_resources"] for use in each["encryption_keys"]}
        assert got == dict(want), (got, want)
        by_key = collections.Counter()
        for (_, key), values in got.items():
            by_key[key] += values
        assert by_key == {"aescbc:cbc1": 5, "aescbc:cbc2": 5, "aesgcm:gcm1": 5, "secretbox:box1": 5, "identity": 7}, by_key
        assert report["undecrypted_count"] == (0 if args else 20)
        found = concerns(report)
        assert found["K8S-SECRET-PLAINTEXT"]["Secret"]["key_count"] == 2
        assert ("K8S-VALUE-UNDECRYPTED" in found) != bool(args)
        unfinished = found["K8S-ROTATION-UNFINISHED"]
        if args:
            assert all(each["writing_key"] == "secretbox:box1" and each["configured"] for each in report["encrypted_resources"])
            assert unfinished["configmaps, written under secretbox:box1"]["key_count"] == 14
            assert unfinished["secrets, written under secretbox:box1"]["key_count"] == 8


def never_encrypted():
    """Under `'*.*'` an API server still writes the leases of servers and the allocators in plain text: they are not left behind."""
    archives = [medic.archive(f"k8s/cluster-1.37/{name}") for name in ("data-e", "kubectl-e")]
    if None in archives:
        return
    for archive in archives:
        medic.unpack(archive)
    report, _ = audit(medic.scratch / "snap-e", "--encryption-config", medic.scratch / "enc/wild.yaml", code=1)
    behind = " ".join(concerns(report)["K8S-ROTATION-UNFINISHED"])
    assert "secrets, " in behind, behind
    assert not any(name in behind for name in ("masterleases", "peerserverleases", "ranges")), behind


def owners_and_namespaces():
    hurt = cluster.copy("orphans")
    key = "/registry/deployments/demo/web"
    value = cluster.value(key)
    at = value.index(b"-", value.index(b'*$') if b'*$' in value[:200] else 0) - 8
    uid = value[at:at + 36]
    assert len(uid.split(b"-")) == 5, uid
    changed = value.replace(uid, b"00000000" + uid[8:], 1)
    hurt.replace(value, changed)
    report, err = audit(hurt.path, code=1)
    found = concerns(report)["K8S-OWNER-MISSING"]
    assert list(found) == ["ReplicaSet owned by apps/v1 Deployment"], found
    assert found["ReplicaSet owned by apps/v1 Deployment"]["example_keys"][0].startswith("/registry/replicasets/demo/web-")

    hurt = cluster.copy("homeless")
    value = cluster.value("/registry/namespaces/demo")
    hurt.replace(value, value.replace(b"\x0a\x04demo", b"\x0a\x04dome", 1))
    report, err = audit(hurt.path, code=1)
    found = concerns(report)["K8S-NAMESPACE-MISSING"]
    inside = [k for k in cluster.keys() if "/demo/" in k]
    assert list(found) == ["namespace demo"] and found["namespace demo"]["key_count"] == len(inside) > 20, (found, len(inside))
    assert len(found["namespace demo"]["example_keys"]) == 5


def damage():
    hurt = cluster.copy("hurt")
    key = "/registry/pods/default/keepr"
    value = cluster.value(key)
    spec = value.index(b"keepr", value.index(b"keepr") + 5)
    hurt.replace(value, value[:spec - 2] + b"\x0f" + value[spec - 1:])
    gone = "/registry/services/specs/demo/web"
    value = cluster.value(gone)
    hurt.replace(value, b"\0\1\2\3" + value[4:])
    report, err = audit(hurt.path, code=5)
    assert report["damaged_count"] == 2, report
    codes = {each["code"]: each for each in report["findings"]}
    assert key in codes["K8S-VALUE-MALFORMED"]["message"] and gone in codes["K8S-VALUE-NOT-OBJECT"]["message"], codes
    content = hurt.db.read_bytes()
    assert content[codes["K8S-VALUE-NOT-OBJECT"]["offset"]:].startswith(b"\0\1\2\3"), codes
    whole, _ = audit(cluster.path, code=1)
    assert report["object_count"] == whole["object_count"]


report = counts()
targets(report)
versions_that_are_no_longer_served()
encryption()
never_encrypted()
owners_and_namespaces()
damage()
assert picture(cluster.path) == before, "the input was changed"
