#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`describe` and `events` against what kubectl 1.37 printed for the same arguments over the same data:
described.py MEDIC SOURCE SCRATCH

What differs on purpose is in INTENDED, each with its reason; a row of it that does not differ fails too."""
import json
import sys

from cluster import Medic
from kubectl_answers import differs

NOT_FOUND = "an empty answer has an exit code of its own here"
LINE_FEED = "kubectl breaks the table at a line feed"
OWN_LIST = "a list is a List here, and its first fields are in the order of all objects"
INTENDED = {
    "events -n demo": "an escape is printed as \\x1b, and a tab as \\t",
    "events --for node/node-a -A": "an event that does not say the version of its object is shown too",
    "events -n shop": LINE_FEED,
    "events -A": LINE_FEED,
    "events -n nowhere": NOT_FOUND,
    "events -n desc -o name": "kubectl prints nothing",
    "events -n desc --for pod/front-new-0 -o json": OWN_LIST,
    "events -n desc --for svc/balanced -o yaml": OWN_LIST,
}


def main():
    medic = Medic(sys.argv)
    medic.unpack(medic.source / "testdata/k8s/described.tar.zst")
    data = medic.scratch / "described"
    lines = json.loads((data / "index.json").read_text())
    failed = []
    for line in lines:
        wanted = (data / f"{line['n']:03}.out").read_text()
        why = differs(medic, line["args"], data / "db", line, wanted)
        if (why is None) == (line["args"] in INTENDED):
            failed.append(f"== {line['n']} {line['args']}\n{why or 'is listed as different and is equal'}")
    print(f"{len(lines) - len(failed)} of {len(lines)} answers are kubectl's or differ as intended")
    for each in failed:
        print(each)
    sys.exit(bool(failed))


main()
