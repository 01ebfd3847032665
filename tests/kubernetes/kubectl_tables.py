#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tables and lists of `objects` against those that kubectl 1.37 printed for the same data:
kubectl_tables.py MEDIC SOURCE SCRATCH

The data of a real API server with 76 resources, and 12 random objects of each of 66 kinds. What differs on purpose is in
INTENDED, each with its reason; a row of it that does not differ fails too."""
import datetime
import difflib
import json
import re
import sys

from cluster import Medic

FLAGS = {"table.txt": [], "wide.txt": ["-o", "wide"], "labels.txt": ["--show-labels"]}
LISTS = {"list.yaml": ["-o", "yaml", "--show-managed-fields"], "list.json": ["-o", "json", "--show-managed-fields"]}
UNICODE = "the server puts a kind in lower case by the rules of Unicode, and we ASCII alone"
PROBES = "made from health probes, not stored"
MOVED = "written again between the copy and kubectl's answer"
# (corpus, resource, file): why
INTENDED = {
    ("a", "ipaddresses.networking.k8s.io", "labels.txt"): "kubectl prints an age under no heading",
    ("a", "leases.coordination.k8s.io", "list.yaml"): MOVED,
    ("a", "leases.coordination.k8s.io", "list.json"): MOVED,
}
INTENDED |= {("f", resource, name): UNICODE for name in FLAGS
             for resource in ("controllerrevisions.apps", "events", "events.events.k8s.io", "ipaddresses.networking.k8s.io")}
INTENDED |= {(corpus, "componentstatuses", name): PROBES for corpus in "af" for name in FLAGS | LISTS if corpus == "a" or name in FLAGS}


def seconds(time):
    """Of the second after `time`, within which most tables were made."""
    return datetime.datetime.fromtimestamp(int(time), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def table(medic, data, resource, flags, now):
    _, out, err = medic.run("objects", data, resource, "-A", *flags, "--now", seconds(now))
    return out.decode(), err


def cells(text):
    """Without the widths. kubectl makes a column as wide as its longest cell has bytes; we count the places on a screen."""
    return text if text.isascii() else re.sub(" +", " ", text)


def same(medic, data, resource, name, wanted, times):
    """Nothing where the table is kubectl's at one of the seconds in which it was made, otherwise how it differs."""
    for now in range(int(times[0]), int(times[1]) + 1):
        got, err = table(medic, data, resource, (FLAGS | LISTS)[name], now)
        if cells(got) == cells(wanted):
            return None
    return "".join(difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), "kubectl", "etcdmedic", n=0)) + err.decode()


def compare(medic, corpus, data, captured):
    times = json.loads((captured / "times.json").read_text())
    failed, equal = [], 0
    for resource, made in times.items():
        lists = LISTS if corpus == "a" else {}
        for name, begin, end, _ in made + [[name, *made[0][1:]] for name in lists]:
            wanted = (captured / resource / name).read_text()
            why = same(medic, data, resource, name, wanted, (begin, end))
            equal += why is None
            if (why is None) == ((corpus, resource, name) in INTENDED):
                failed.append(f"== {corpus} {resource} {name}\n{why or 'is listed as different and is equal'}")
    return failed, equal


def main():
    medic = Medic(sys.argv)
    failed, equal = [], 0
    for corpus in "af":
        for archive in (medic.archive(f"k8s/cluster-1.37/{kind}-{corpus}") for kind in ("data", "kubectl")):
            if archive is None:
                sys.exit(77)
            medic.unpack(archive)
        found = compare(medic, corpus, medic.scratch / f"snap-{corpus}", medic.scratch / f"cap-{corpus}")
        failed += found[0]
        equal += found[1]
    print(f"{equal} tables equal kubectl's, {len(failed)} do not")
    for each in failed:
        print(each)
    sys.exit(bool(failed))


main()
