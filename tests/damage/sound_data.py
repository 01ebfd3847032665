#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sound data gives no finding above a note, is predicted to start, needs no repair, and is left untouched by every command."""
import sys

from medic import Medic, picture, worse_than_note

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
dirs = [medic.scratch / "minikube-like"]
for name, below in {"single-3.4": ["data"], "single-3.5": ["data"], "single-3.6": ["data"], "crash-1": ["data"], "crash-3": ["data"],
                    "crash-7-early": ["data"], "cluster-3": ["m1", "m2", "m3", "m4"], "divergence": ["m1", "m3"]}.items():
    root = medic.corpus(name)
    dirs += [root / each for each in below] if root else []
for path in dirs:
    before = picture(path)
    assert before, path
    code, report = medic.verify(path)
    assert code == 0 and not worse_than_note(report), (path, report)
    assert report["prediction"]["outcome"] == "starts", (path, report["prediction"])
    code, plan = medic.plan(path)
    assert code == 0 and not plan["steps"], (path, plan)
    for args in (["info"], ["wal", "dump"], ["wal", "dump", "--raw", "-o", "ndjson"], ["wal", "stat", "--by", "prefix"], ["elections"]):
        code, out, err = medic.run(*args[:2], path, *args[2:]) if args[0] == "wal" else medic.run(args[0], path)
        assert code == 0 and out and not err, (path, args, code, err)
    assert picture(path) == before, f"{path} was changed by reading"
    print(f"{path.parent.name}/{path.name}: {report['first_index']} to {report['last_index']}, sound")
