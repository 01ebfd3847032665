#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Command lines of `objects` against what kubectl 1.37 answered to the same arguments over the same data:
kubectl_lines.py MEDIC SOURCE SCRATCH

What differs on purpose is in INTENDED, each with its reason; a row of it that does not differ fails too."""
import datetime
import difflib
import json
import shlex
import sys

from cluster import Medic

EMPTY = "an empty answer has an exit code of its own here"
INTENDED = {
    "all -n demo -o wide": "kubectl asked for one kind after another, and a pod became a minute older meanwhile",
    "pods -n demo -l '!app'": EMPTY,
    "pods": EMPTY,
    "pods -n nosuchns": EMPTY,
    "rs -n demo --field-selector status.replicas=0": "an API server refuses this field",
    "widgets -A --sort-by=.spec.ratio": "kubectl dies of a float",
    "cm -n demo -o custom-columns=D:.data.multi": "kubectl breaks the table at a line feed",
    "pod rich -n demo -o jsonpath='{..image}'": "the order of kubectl's answer changes from run to run",
    "pods.v1 -n demo": "kubectl wants pods.v1.",
}


def answer(medic, data, arguments, now):
    time = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    code, out, err = medic.run("objects", data, *shlex.split(arguments), "--now", time)
    return code, out.decode(), err.decode()


def differs(medic, data, line, wanted):
    """Nothing where kubectl's answer is ours at one of the seconds that it took, otherwise how they differ."""
    for now in range(int(line["t0"]), int(line["t1"]) + 1):
        code, got, err = answer(medic, data, line["args"], now)
        if got == wanted and (code == 0) == (line["rc"] == 0):
            return None
    diff = difflib.unified_diff(wanted.splitlines(True), got.splitlines(True), "kubectl", "etcdmedic", n=0)
    return f"exit codes {line['rc']} and {code}\n{''.join(diff)}{line['stderr']}{err}"


def main():
    medic = Medic(sys.argv)
    for name in ("data-a", "kubectl-grammar-a"):
        archive = medic.archive(f"k8s/cluster-1.37/{name}")
        if archive is None:
            sys.exit(77)
        medic.unpack(archive)
    lines = json.loads((medic.scratch / "gramcap/index.json").read_text())
    failed = []
    for line in lines:
        wanted = (medic.scratch / f"gramcap/{line['n']:03}.out").read_text()
        why = differs(medic, medic.scratch / "snap-a", line, wanted)
        if (why is None) == (line["args"] in INTENDED):
            failed.append(f"== {line['n']} {line['args']}\n{why or 'is listed as different and is equal'}")
    print(f"{len(lines) - len(failed)} of {len(lines)} lines are kubectl's or differ as intended")
    for each in failed:
        print(each)
    sys.exit(bool(failed))


main()
