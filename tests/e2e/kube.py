#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands over Kubernetes objects beside a real kube-apiserver and kubectl of 1.37.2, built from their modules:
kube.py MEDIC SOURCE SCRATCH PROGRAMS

Services that older releases stored print as the server reads them. For each recorded cluster, on which the server is started:
1. tables, lists and descriptions of everything in it equal kubectl's;
2. `export --apply-ready` applies to an empty stock server, server side and client side, three times over;
3. `undelete --closure` of what was deleted applies to the server that lost it and to an empty one.

Runs with ETCDMEDIC_TEST_ALL only."""
import datetime
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from api_server import EVERYTHING, Cluster
from medic import Medic
from server import Client

medic = Medic(sys.argv)
programs = pathlib.Path(sys.argv[4])
if not os.environ.get("ETCDMEDIC_TEST_ALL"):
    print("skipped: it runs with --all only")
    sys.exit(77)
if not all(os.access(programs / name, os.X_OK) for name in ("etcd-3.6", "etcdutl-3.6", "kube-apiserver", "kubectl")):
    print("skipped: there is no kube-apiserver, kubectl or etcd")
    sys.exit(77)
wrong = []

# What a stock server of the release does not serve, as a file and as kubectl's message have it.
NOT_SERVED = re.compile(r"^apiVersion: scheduling\.k8s\.io/v1(alpha|beta)\d\nkind: (Workload|PodGroup|CompositePodGroup)\n"
                        r'|no matches for kind "(Workload|PodGroup|CompositePodGroup)" in version "scheduling\.k8s\.io/v1(alpha|beta)')
# What the server changes by itself while it runs, or makes up when it is asked.
MOVES = ("componentstatuses", "leases.coordination.k8s.io", "storageversions.internal.apiserver.k8s.io")
FORMS = ([], ["-o", "wide"], ["--show-labels"], ["-o", "yaml"], ["-o", "json"], ["-o", "name"])
DESCRIBED = ("pods", "deployments.apps", "nodes", "persistentvolumeclaims", "secrets", "namespaces", "widgets.example.com",
             "resourceclaims.resource.k8s.io")
# What differs on purpose, docs/kubernetes.md, by the folder of the recorded cluster.
AGE = "kubectl prints an age under no heading"
INTENDED = {("snap-a", "objects ipaddresses.networking.k8s.io -A --show-labels"): AGE,
            ("described", "objects ipaddresses.networking.k8s.io -A --show-labels"): AGE,
            ("described", "events -A"): "kubectl prints tabs and escapes, and breaks the table at a line feed"}
INTENDED |= {("described", f"objects {resource} -A{form}"): "kubectl prints a tab, which moves the columns, and an escape as ^["
             for resource in ("events", "events.events.k8s.io") for form in ("", " -o wide", " --show-labels")}

# archive: (its folder, what is deleted and asked back, and what else is deleted first).
RECORDED = {
    "k8s/described": ("described",
                      ("deployment/front -n desc", "pod/rich -n demo", "ingress/web -n demo", "rolebinding/readers -n demo", "widget/one -n demo"),
                      ("secrets,configmaps,serviceaccounts,roles,services,persistentvolumeclaims --all -n demo",
                       "persistentvolumeclaims,serviceaccounts --all -n desc", "crd/widgets.example.com", "priorityclass/high")),
    "k8s/cluster-1.37/data-a": ("snap-a", (), ()),
}
GONE_NAMESPACE = "desc"


def recorded(name, folder):
    """The recorded cluster under a server with the flags that it was made with; nothing where it is not here."""
    archive = medic.archive(name)
    if archive is None:
        return None
    medic.unpack(archive)
    place = medic.scratch / f"{folder}-recorded"
    place.mkdir()
    if (medic.scratch / folder / "member").exists():
        shutil.copytree(medic.scratch / folder, place / "data")
    else:
        subprocess.run([programs / "etcdutl-3.6", "snapshot", "restore", medic.scratch / folder / "db", "--data-dir", place / "data", "--name", "m1",
                        "--initial-cluster", "m1=http://127.0.0.1:1", "--initial-advertise-peer-urls", "http://127.0.0.1:1"], check=True, capture_output=True)
    cluster = Cluster(programs, place, *EVERYTHING)
    settle(cluster)
    return cluster


def settle(cluster):
    """Waits until this server alone is among the endpoints of its Service: those recorded have a lease of 15 seconds."""
    end = time.time() + 120
    while len(cluster.kubectl("get endpoints kubernetes -o jsonpath={.subsets[*].addresses[*].ip}")[1].split()) != 1:
        assert time.time() < end
        time.sleep(1)


def questions(cluster):
    """(verb, words) of every table, list and description that is compared."""
    code, out, err = cluster.kubectl("api-resources --verbs=list -o name")
    assert code == 0, err
    resources = [resource for resource in sorted(out.decode().split()) if resource not in MOVES]
    return ([("objects", [resource, "-A", *form]) for resource in resources for form in FORMS] +
            [("describe", [resource, "-A", "--show-events"]) for resource in DESCRIBED] + [("events", ["-A"])])


def said(cluster):
    """What kubectl answers, with the seconds that it took: (verb, words, first, last, answer)."""
    answers = []
    for verb, words in questions(cluster):
        first = int(time.time())
        code, out, _ = cluster.kubectl(" ".join([{"objects": "get"}.get(verb, verb), *words]))
        if code == 0 and out:
            answers.append((verb, words, first, int(time.time()), out.decode()))
    return answers


def ask(verb, data, words, now):
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return medic.run(verb, data, *words, "--now", moment)[1].decode()


def comparable(words, text):
    """Without the widths: kubectl makes a column as wide as its longest cell has bytes, and we count the places on a screen. It prints
    the resources of a LimitRange in any order."""
    lines = text.splitlines() if text.isascii() else re.sub(" +", " ", text).splitlines()
    return sorted(lines) if words[0] == "namespaces" and "--show-events" in words else lines


def same(cluster, folder):
    """Compares, after the servers have stopped, so that nothing moves; the directory that they leave."""
    answers = said(cluster)
    cluster.stop()
    data = cluster.folder / "data"
    for verb, words, first, last, wanted in answers:
        line = " ".join([verb, *words])
        ours = [ask(verb, data, words, now) for now in range(first, last + 1)]
        intended = (folder, line) in INTENDED
        if any(comparable(words, text) == comparable(words, wanted) for text in ours) != intended:
            continue
        diff = difflib.unified_diff(wanted.splitlines(True), ours[-1].splitlines(True), "kubectl", "etcdmedic", n=0)
        wrong.append(f"{folder}: {line} {'is listed as different and is equal' if intended else 'differs'}\n{''.join(list(diff)[:20])}")
    print(f"{folder}: {len(answers)} answers compared")
    assert len(answers) > 200, len(answers)
    return data


def established(cluster):
    code, _, err = cluster.kubectl("wait --for=condition=Established crd --all --timeout=120s")
    assert code == 0, err


def apply(cluster, manifests, how):
    """The loop of docs/kubernetes-export.md: how many objects were applied, and the messages about those that were not, but for kinds
    that are not served."""
    applied, refused = 0, []
    for stage in sorted(path for path in manifests.iterdir() if path.is_dir()):
        _, out, err = cluster.kubectl(f"apply {how} -R -f {stage}")
        applied += len(out.splitlines())
        lines = [line.strip("[]") for line in err.splitlines() if line and not line.startswith("Warning: ")]
        refused += [f"{stage.name} {how}: {line}" for line in lines if line != "ensure CRDs are installed first"
                    and not NOT_SERVED.search(line)]
        if stage.name.startswith("00-"):
            established(cluster)
    return applied, refused


def exported(name, data):
    """The server that they were applied to on the server side."""
    manifests = medic.scratch / f"{name}-manifests"
    code, _, err = medic.run("export", data, "--output", manifests, "--apply-ready")
    assert code in (0, 1), (code, err)
    files = [path.read_text() for path in manifests.rglob("*.yaml")]
    served = [text for text in files if not NOT_SERVED.search(text)]
    assert len(served) > 30 and len(files) - len(served) < 5, (len(served), len(files))
    for how in ("", "--server-side"):
        stock = Cluster(programs, medic.scratch / f"{name}-stock{how}")
        for turn in (1, 2, 3):
            applied, refused = apply(stock, manifests, how)
            wrong.extend(f"{name}, turn {turn}: {line}" for line in refused)
            if applied != len(served):
                wrong.append(f"{name}, turn {turn} {how}: {applied} objects of {len(served)} were applied")
        stock.stop()
        print(f"{name}: {len(served)} objects applied {how or 'client side'} three times")
    return stock.folder


def unprotect_claims(cluster, namespace):
    """As their controller does before a claim that no Pod uses is deleted."""
    for claim in cluster.kubectl(f"get pvc -n {namespace} -o name")[1].decode().split():
        code, _, err = cluster.kubectl(f"patch {claim} -n {namespace} --type=merge -p '{{\"metadata\": {{\"finalizers\": null}}}}'")
        assert code == 0, err


def delete(cluster, line):
    code, _, err = cluster.kubectl(f"delete {line} --grace-period=0 --force --timeout=60s")
    assert code == 0, (line, err)


def delete_namespace(cluster, name):
    """As its controller does, which does not run here."""
    assert cluster.kubectl(f"delete namespace {name} --wait=false")[0] == 0
    code, _, err = cluster.kubectl(f"replace --raw /api/v1/namespaces/{name}/finalize -f -",
                                   json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}, "spec": {"finalizers": []}}).encode())
    assert code == 0, err
    assert "NotFound" in cluster.kubectl(f"get namespace {name}")[2]


def undeleted(folder, lost, needed):
    """Objects and what they need are deleted, and what undelete makes of the directory is applied to the server that lost them."""
    cluster = Cluster(programs, folder)
    for namespace in ("demo", GONE_NAMESPACE):
        unprotect_claims(cluster, namespace)
    for line in (*lost, *needed):
        delete(cluster, line)
    delete_namespace(cluster, GONE_NAMESPACE)
    cluster.stop()
    texts = {}
    for each in lost:
        code, texts[each], err = medic.run("undelete", folder / "data", *each.split(), "--closure")
        assert code == 0, (each, code, err)
    cluster = Cluster(programs, folder)
    for each in lost:
        assert cluster.kubectl(f"get {each}")[0] != 0, each
    for each, text in texts.items():
        code, out, err = cluster.kubectl("apply --server-side -f -", text)
        if "ensure CRDs are installed first" in err:  # a definition and its objects: docs/kubernetes.md, "Deleted objects"
            established(cluster)
            code, out, err = cluster.kubectl("apply --server-side -f -", text)
        if code != 0:
            wrong.append(f"undelete {each}: {err}")
        if cluster.kubectl("get -f -", text)[0] != 0 or cluster.kubectl(f"get {each}")[0] != 0:
            wrong.append(f"undelete {each}: not everything is back")
        print(f"undelete {each}: {', '.join(out.decode().split()[0::2])}")
    cluster.stop()


# As releases before 1.21 stored them.
OLD_SERVICES = {
    "plain": {"clusterIP": "10.96.7.1", "type": "ClusterIP"},
    "six": {"clusterIP": "fd00::7", "type": "NodePort", "externalTrafficPolicy": "Cluster"},
    "balanced": {"clusterIP": "10.96.7.2", "type": "LoadBalancer", "externalTrafficPolicy": "Cluster"},
    "outside": {"type": "ExternalName", "externalName": "example.com", "internalTrafficPolicy": "Cluster"},
    "families": {"clusterIP": "None", "clusterIPs": ["None"], "type": "ClusterIP", "ipFamilies": ["IPv6"], "ipFamilyPolicy": "SingleStack"},
}


def old_services():
    """Services without the fields that came later, as the server reads them."""
    cluster = Cluster(programs, medic.scratch / "old-services")
    for name, spec in OLD_SERVICES.items():
        service = {"kind": "Service", "apiVersion": "v1", "metadata": {"name": name, "namespace": "default", "creationTimestamp": "2020-01-01T00:00:00Z"},
                   "spec": {"sessionAffinity": "None", "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}], **spec},
                   "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.1"}, {"hostname": "a.example.com"}]} if name == "balanced" else {}}}
        Client(cluster.etcd.port).put(f"/registry/services/specs/default/{name}", json.dumps(service))
    answers = {form: cluster.kubectl(f"get services -A -o {form}")[1].decode() for form in ("yaml", "json")}
    cluster.stop()
    for form, wanted in answers.items():
        assert "ipFamilyPolicy: SingleStack" in wanted or form != "yaml", wanted
        ours = medic.run("objects", cluster.folder / "data", "services", "-A", "-o", form)[1].decode()
        if ours != wanted:
            diff = difflib.unified_diff(wanted.splitlines(True), ours.splitlines(True), "kubectl", "etcdmedic", n=2)
            wrong.append(f"old Services, {form}:\n{''.join(list(diff)[:60])}")
    print(f"{len(OLD_SERVICES)} Services of older releases compared")


old_services()
for archive, (folder, lost, needed) in RECORDED.items():
    cluster = recorded(archive, folder)
    if cluster:
        stock = exported(folder, same(cluster, folder))
        if lost:
            undeleted(stock, lost, needed)
for each in wrong:
    print(each)
sys.exit(bool(wrong))
