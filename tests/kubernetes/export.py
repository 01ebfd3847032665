#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""export: every object once, as it is stored; the same twice; never over anything; manifests that a new cluster can take; damage
that costs one object and no more."""
import json
import os
import re
import stat

from cluster import Medic, minikube, picture, rows, unpacked
import sys

medic = Medic(sys.argv)
cluster = minikube(medic)
before = picture(cluster.path)
OUT = medic.scratch / "out"


def export(path, name, *args, code=0):
    to = medic.scratch / name
    got, out, err = medic.run("export", path, "--output", to, "-o", "json", *args)
    assert got == code, (args, got, err)
    return to, json.loads(out), err.decode()


def everything_is_there_as_it_is_stored():
    to, report, err = export(cluster.path, "all")
    assert not err, err
    index = rows(to / "index.tsv")
    keys = [key for key in cluster.keys() if key.startswith("/registry/")]
    assert len(keys) > 400 and [row["key"] for row in index] == keys
    assert report["file_count"] == len(keys) == sum(row["file_count"] for row in report["written"]) and not report["left_out"]
    files = {str(path.relative_to(to)) for path in to.rglob("*") if path.is_file()}
    assert files == {row["file"] for row in index} | {"index.tsv", "left-out.tsv"}
    assert rows(to / "left-out.tsv") == []
    pod = next(row for row in index if row["key"] == "/registry/pods/default/keepr")
    assert pod["file"] == "default/pods/keepr.yaml" and (pod["apiVersion"], pod["kind"]) == ("v1", "Pod"), pod
    assert int(pod["modRevision"]) == 2774, pod
    for folder, names, plain in os.walk(to):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        assert all(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600 for name in plain)
    return to, index


def it_is_what_kubernetes_makes_of_it(to, index):
    expected = unpacked(medic, "expected")
    wanted = {row["key"]: row for row in rows(expected / "index.tsv")}
    assert set(wanted) <= {row["key"] for row in index} and len(wanted) == 461
    for row in index:
        if row["key"] not in wanted:
            continue
        want = wanted[row["key"]]
        assert (row["apiVersion"], row["kind"], row["modRevision"]) == (want["apiVersion"], want["kind"], want["mod_revision"]), row
        name = row["key"].lstrip("/")
        assert (to / row["file"]).read_bytes() == (expected / f"{name}.yaml").read_bytes(), row
    print(f"{len(wanted)} files equal what the API types make of the values")


def two_exports_are_equal_and_nothing_is_written_over(to):
    again, _, _ = export(cluster.path, "again")
    assert picture(again) == picture(to)
    code, _, err = medic.run("export", cluster.path, "--output", again)
    assert code == 8 and b"nothing is overwritten" in err, err
    assert picture(again) == picture(to) and not (medic.scratch / "again.partial").exists()
    code, _, err = medic.run("export", cluster.path, "--output", again / "index.tsv")
    assert code == 8, err
    code, _, err = medic.run("export", cluster.path)
    assert code == 16 and b"--output" in err, err


def choices():
    to, report, _ = export(cluster.path, "choice", "deploy,cm,crontabs", "-n", "demo")
    index = rows(to / "index.tsv")
    assert {row["kind"] for row in index} == {"Deployment", "ConfigMap", "CronTab"} and {row["namespace"] for row in index} == {"demo"}
    assert {row["file"].split("/")[1] for row in index} == {"deployments.apps", "configmaps", "crontabs.stable.example.com"}
    code, _, err = medic.run("export", cluster.path, "--output", medic.scratch / "none", "frobs")
    assert code == 16 and b"frobs" in err and not (medic.scratch / "none").exists(), err
    to, report, _ = export(cluster.path, "named", "pod/keepr", "svc/kubernetes")
    assert {row["file"] for row in rows(to / "index.tsv")} == {"default/pods/keepr.yaml", "default/services/kubernetes.yaml"}
    to, report, _ = export(cluster.path, "labelled", "-A", "-l", "app=web")
    labelled = rows(to / "index.tsv")
    assert len({row["kind"] for row in labelled}) > 2 and all(re.search(r"^    app: web$", (to / row["file"]).read_text(), re.M) for row in labelled)
    earlier, report, _ = export(cluster.path, "earlier", "pods", "--rev", "2000")
    assert report["revision"] == 2000
    assert all(int(row["modRevision"]) <= 2000 for row in rows(earlier / "index.tsv"))


def one_stream():
    """--output - is what the files hold, in the order of the stages."""
    for flags in ((), ("--apply-ready",)):
        code, out, err = medic.run("export", cluster.path, "--output", "-", *flags)
        assert code == 0, err
        to, report, _ = export(cluster.path, "stream" + "".join(flags), *flags)
        texts = [(to / row["file"]).read_text() for row in rows(to / "index.tsv")]
        documents = out.decode().split("\n---\n")
        documents = [document + "\n" for document in documents[:-1]] + documents[-1:]
        assert sorted(documents) == sorted(texts), "a stream holds what the files hold"
        assert ("objects left out: it describes the old cluster at work" in err.decode()) == bool(flags), err
        if flags:
            stage = {(to / row["file"]).read_text(): row["file"].split("/")[0] for row in rows(to / "index.tsv")}
            order = [stage[document] for document in documents]
            assert order == sorted(order) and len(set(order)) > 6, order
    code, out, err = medic.run("export", cluster.path, "secret/sec", "-n", "demo", "--apply-ready", "--output", "-")
    assert code == 0 and out.startswith(b"apiVersion: v1\ndata:\n") and b"\n---\n" not in out and b"uid" not in out, out
    code, out, err = medic.run("export", cluster.path, "secret/none", "--output", "-")
    assert code == 1 and not out and b"nothing to export" in err, err
    assert medic.run("export", cluster.path, "--output", "-", "-o", "json")[0] == 16


def manifests():
    to, report, _ = export(cluster.path, "manifests", "--apply-ready")
    index, left_out = rows(to / "index.tsv"), rows(to / "left-out.tsv")
    keys = {key for key in cluster.keys() if key.startswith("/registry/")}
    assert {row["key"] for row in index} | {row["key"] for row in left_out} == keys
    assert len(index) + len(left_out) == len(keys) and report["file_count"] == len(index)
    assert sum(row["object_count"] for row in report["left_out"]) == len(left_out)
    why = {row["key"]: row["reason"] for row in left_out}
    assert why["/registry/services/specs/default/kubernetes"] == "every cluster makes its own"
    assert any(k.startswith("/registry/configmaps/") and reason == "every cluster makes its own" for k, reason in why.items())
    assert [k for k in keys if k.startswith("/registry/events/")] and all(
        why[k] == "it describes the old cluster at work" for k in keys if re.match("/registry/(events|leases|minions|ranges)/", k))
    owned = [k for k, reason in why.items() if reason.startswith("its controller makes it again: ")]
    assert any(k.startswith("/registry/pods/demo/web-") for k in owned) and any(k.startswith("/registry/endpointslices/") for k in owned)
    stages = {row["kind"]: row["file"].split("/")[0] for row in index}
    order = ["CustomResourceDefinition", "Namespace", "ServiceAccount", "PersistentVolumeClaim", "Secret", "Service", "Deployment", "CronTab",
             "ValidatingWebhookConfiguration"]
    assert [stages[kind] for kind in order] == sorted({stages[kind] for kind in order}), stages
    for row in index:
        text = (to / row["file"]).read_text()
        metadata = re.search(r"^metadata:\n((?:[ -].*\n|\n)*)", text, re.M).group(1)
        fields = set(re.findall(r"^  ([A-Za-z]+):", metadata, re.M))
        assert fields <= {"name", "namespace", "labels", "annotations"}, (row, fields)
        assert not re.search(r"^status:", text, re.M), row
    definition = next(row for row in index if row["kind"] == "CustomResourceDefinition" and "crontabs" in row["key"])
    text = (to / definition["file"]).read_text()
    assert text.startswith("apiVersion: apiextensions.k8s.io/v1\n") and "openAPIV3Schema:" in text and "JSONPath" not in text
    volume = next(row for row in index if row["kind"] == "PersistentVolume")
    text = (to / volume["file"]).read_text()
    assert "claimRef:" in text and "uid:" not in text and "resourceVersion:" not in text, text
    assert picture(export(cluster.path, "manifests-again", "--apply-ready")[0]) == picture(to)
    print(f"{len(index)} manifests, {len(left_out)} objects left out")


def damage_costs_one_object(to, index):
    """A broken field, then a broken envelope, of one ConfigMap and one Service."""
    hurt = cluster.copy("hurt")
    broken, gone = "/registry/pods/default/keepr", "/registry/services/specs/demo/web"
    value = cluster.value(broken)
    spec = value.index(b"keepr", value.index(b"keepr") + 5)  # inside the object, after its metadata's name
    hurt.replace(value, value[:spec - 2] + b"\x0f" + value[spec - 1:])
    value = cluster.value(gone)
    hurt.replace(value, b"\0\1\2\3" + value[4:])
    out, report, err = export(hurt.path, "hurt-out", code=4)
    assert report["damaged_count"] == 2 and report["file_count"] == len(index), report
    assert "K8S-VALUE-MALFORMED" in err and broken in err and "K8S-VALUE-NOT-OBJECT" in err and gone in err, err
    now = {row["key"]: row for row in rows(out / "index.tsv")}
    for row in index:
        ours = out / now[row["key"]]["file"]
        if row["key"] == broken:
            assert ours.read_bytes().startswith(b"# incomplete: ") and b"name: keepr" in ours.read_bytes()
        elif row["key"] == gone:
            assert ours.suffix == ".bin" and ours.read_bytes() == hurt.value(gone)
        else:
            assert ours.read_bytes() == (to / row["file"]).read_bytes(), row
    manifests, report, _ = export(hurt.path, "hurt-manifests", "--apply-ready", code=4)
    why = {row["key"]: row["reason"] for row in rows(manifests / "left-out.tsv")}
    assert why[broken] == why[gone] == "its value is damaged"


def encrypted():
    path = unpacked(medic, "encrypted")
    config = unpacked(medic, "encrypted-expected")
    prefixes = dict(line.split("\t")[:2] for line in (config / "prefixes.tsv").read_text().splitlines())
    sealed = {key for key, prefix in prefixes.items() if prefix != "plain"}
    closed, report, _ = export(path, "closed", code=8)
    assert {row["key"] for row in rows(closed / "left-out.tsv")} == sealed and len(sealed) == 20
    opened, report, err = export(path, "opened", "--encryption-config", config / "encryption-config.yaml")
    assert not err and not report["left_out"]
    count = 0
    for row in rows(opened / "index.tsv"):
        plain = config / "plain" / f"{row['key'].lstrip('/')}.yaml"
        if plain.exists():
            assert (opened / row["file"]).read_bytes() == plain.read_bytes(), row
            count += row["key"] in sealed
    assert count == len(sealed), count
    print(f"{count} encrypted values exported in the clear")


to, index = everything_is_there_as_it_is_stored()
it_is_what_kubernetes_makes_of_it(to, index)
two_exports_are_equal_and_nothing_is_written_over(to)
choices()
one_stream()
manifests()
damage_costs_one_object(to, index)
encrypted()
assert picture(cluster.path) == before, "the input was changed"
