#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Command lines of `objects` against what kubectl 1.37 answered to the same arguments over the same data:
kubectl_lines.py MEDIC SOURCE SCRATCH

What differs on purpose is in INTENDED, each with its reason; a row of it that does not differ fails too."""
import json
import sys

from cluster import Medic
from kubectl_answers import differs

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
        why = differs(medic, f"objects {line['args']}", medic.scratch / "snap-a", line, wanted)
        if (why is None) == (line["args"] in INTENDED):
            failed.append(f"== {line['n']} {line['args']}\n{why or 'is listed as different and is equal'}")
    print(f"{len(lines) - len(failed)} of {len(lines)} lines are kubectl's or differ as intended")
    for each in failed:
        print(each)
    sys.exit(bool(failed))


main()
