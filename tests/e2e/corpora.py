#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Directories that a kill left behind, and every repaired variant of the damaged log: the real etcd 3.6 serves what it must."""
import os
import shutil
import sys

from server import Client, Server, b64
from medic import Medic

built = sys.argv[4]
if not os.access(built, os.X_OK):
    print("skipped: there is no etcd 3.6")
    sys.exit(77)
medic = Medic(sys.argv)
wrong = []


def serve(data, check):
    server = Server(built, data)
    try:
        if not server.wait(20):
            return ["etcd does not start: " + server.last_words()]
        return check(Client(server.port))
    finally:
        server.stop()


for name in ("crash-1", "crash-3", "crash-7-early"):
    root = medic.corpus(name)
    if root is None:
        continue
    code, out, err = medic.run("repair", root / "data", "--output", medic.scratch / f"{name}-repaired")
    assert code in (0, 1), (name, code, err)
    if code == 0:  # nothing to repair, so no copy was made
        shutil.copytree(root / "data", medic.scratch / f"{name}-repaired")
    acked = {}
    for line in (root / "acked.txt").read_text().split("\n"):
        parts = line.split()
        if len(parts) == 4:
            acked[parts[0]] = (int(parts[1]), int(parts[2]))

    def check(client):
        held = client.everything()
        return [f"{name}: {key} at revision {revision}, etcd has {held.get(key)}" for key, (revision, _) in acked.items()
                if key not in held or held[key][1] < revision][:3]

    assert len(acked) > 10, name
    problems = serve(medic.scratch / f"{name}-repaired", check)
    wrong += problems
    print(f"{name}: {len(acked)} acknowledged keys, {'all there' if not problems else problems}")

root = medic.corpus("wal-corrupt")
for name in sorted(os.listdir(root)):
    data = root / name / "data"
    if not data.is_dir():
        continue
    plan = medic.plan(data)[1]
    if not plan["steps"]:
        continue
    copy = medic.scratch / "repaired"
    shutil.rmtree(copy, ignore_errors=True)
    code, out, err = medic.run("repair", data, "--output", copy, "--accept-loss")
    assert code == 1, (name, code, err)

    def check(client):
        answer = client.call("/v3/kv/range", {"key": b64("/"), "range_end": b64("0"), "count_only": True})
        revision = int(answer["header"]["revision"])
        return [] if revision == 901 else [f"{name}: revision {revision} instead of 901"]

    problems = serve(copy, check)
    wrong += problems
    print(f"{name}: {'starts, revision 901' if not problems else problems}")
print("\n".join(wrong))
sys.exit(bool(wrong))
