#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The formats of `objects` that name what to print, in an argument or in a file, against what kubectl 1.37 printed for the same
arguments over the same data: templates.py MEDIC SOURCE SCRATCH

What differs on purpose is in INTENDED, each with its reason; a row of it that does not differ fails too."""
import json
import shlex
import sys

from cluster import Medic

WRONG_USAGE, NOTHING_READ = 16, 8
INTENDED = {
    "pod whole -n desc -o 'jsonpath-as-json=.metadata.annotations'": "a template without braces is a path here, and a text for kubectl",
    "cm app-config -n demo -o 'jsonpath-as-json={.data[\"emoji\",\"number\"]}{range .nope[*]}{.x}{end}'": "kubectl refuses names in double quotes",
    "pod whole -n desc -o custom-columns-file=FOLDER/columns --no-headers": "kubectl prints headers all the same",
}


def main():
    medic = Medic(sys.argv)
    medic.unpack(medic.source / "testdata/k8s/described.tar.zst")
    recorded = json.loads((medic.source / "testdata/k8s/templates.json").read_text())
    for name, text in recorded["files"].items():
        (medic.scratch / name).write_text(text)
    lines = recorded["answers"]
    assert len(lines) > 20 and any(line["rc"] != 0 for line in lines)
    failed = []
    for line in lines:
        words = shlex.split(line["args"].replace("FOLDER", str(medic.scratch)))
        code, out, err = medic.run("objects", medic.scratch / "described/db", *words)
        same = (code, out.decode()) == (0, line["stdout"])
        if line["rc"] != 0:
            same = code in (WRONG_USAGE, NOTHING_READ) and out == b"" and err != b""
        if same == (line["args"] in INTENDED):
            failed.append(f"== {line['args']}\nkubectl, exit code {line['rc']}:\n{line['stdout']}here, exit code {code}: {err.decode()}\n{out.decode()}")
    for word in ("go-template", "go-template=x", "go-template-file=x", "template=x", "templatefile"):
        code, out, err = medic.run("objects", medic.scratch / "described/db", "pods", "-o", word)
        if code != WRONG_USAGE or out or b"does not run Go templates; use -o jsonpath=" not in err:
            failed.append(f"== -o {word}: exit code {code}, {err.decode()}")
    print(f"{len(lines)} answers compared")
    for each in failed:
        print(each)
    sys.exit(bool(failed))


main()
