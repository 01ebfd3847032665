#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`migrate` against `etcdutl migrate` of 3.6 and 3.7: each changes the same entries of the backend or refuses as the other does, in place and on a
copy; undo brings every byte back; and the release that was asked for starts where it is predicted to."""
import json
import os
import shutil
import subprocess
import sys

from server import Client, Server
from medic import Medic, picture

programs = sys.argv[4]
medic = Medic(sys.argv)


def program(name):
    path = f"{programs}/{name}"
    if not os.access(path, os.X_OK):
        print(f"skipped: there is no {path}")
        sys.exit(77)
    return path


def entries(data):
    """Every bucket with its entries, of a db that is sound."""
    db, content = data / "member/snap/db", {}
    for line in medic.run("db", "buckets", db, "-o", "ndjson")[1].splitlines():
        name = json.loads(line)["bucket"]
        rows = map(json.loads, medic.run("db", "dump", db, name, "-o", "ndjson")[1].splitlines())
        content[name] = sorted(json.dumps({each: row[each] for each in row if each != "page"}) for row in rows)
    assert len(content) >= 9, content.keys()
    return content


def theirs(release, source, target):
    """What etcdutl makes of it; None where it refuses."""
    copy = medic.scratch / "theirs"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(source, copy)
    done = subprocess.run([program(f"etcdutl-{release}"), "migrate", "--data-dir", copy, "--target-version", target], capture_output=True, timeout=60)
    return entries(copy) if done.returncode == 0 else None


def starts(release, data):
    server = Server(program(f"etcd-{release}"), data, name="default", advertised=2380)
    try:
        return bool(server.wait(20)) and bool(Client(server.port).everything())
    finally:
        server.stop()


def run(*args):
    code, out, err = medic.run("migrate", *args, "-o", "json")
    return code, json.loads(out) if out else None, err.decode()


changed = refused = started = 0
for corpus in ("single-3.4", "single-3.5", "single-3.6"):
    source = medic.corpus(corpus) / "data"
    before, was = picture(source), entries(source)
    for release, targets in (("3.6", ("3.5", "3.6")), ("3.7", ("3.5", "3.6", "3.7"))):
        for target in targets:
            case = f"{corpus} to {target}, as etcdutl {release}"
            expected = theirs(release, source, target)
            code, plan, err = run(source, "--to", target)
            assert picture(source) == before, case
            if expected is None:
                assert code == 4 and not plan["steps"] and plan["not_repaired"], (case, code, plan)
                refused += 1
                continue
            assert bool(plan["steps"]) == (expected != was), (case, plan)
            copy = medic.scratch / "ours"
            shutil.rmtree(copy, ignore_errors=True)
            if not plan["steps"]:
                assert code == 0, (case, code)
                continue
            code, done, err = run(source, "--to", target, "--output", copy)
            assert code & ~5 == 0 and entries(copy) == expected, (case, code, err)
            # In place, and taken back.
            in_place = medic.scratch / "in-place"
            shutil.rmtree(in_place, ignore_errors=True)
            shutil.copytree(source, in_place)
            whole = picture(in_place)
            code, done, err = run(in_place, "--to", target, "--apply")
            assert entries(in_place) == expected and done["journal"], (case, code, err)
            again = run(in_place, "--to", target, "--apply")
            assert not again[1]["steps"] and entries(in_place) == expected, (case, again)
            assert medic.run("undo", in_place)[0] == 0
            undone = {name: content for name, content in picture(in_place).items() if not str(name).endswith(".journal")}
            assert undone == whole, case
            changed += 1
            if release == "3.7":  # once for each target
                outcome = done["verified"]["prediction"]["outcome"]
                assert starts(target, copy) == (outcome in ("starts", "repairs-tail")), (case, outcome)
                started += outcome == "starts"
            print(f"{case}: the same", flush=True)
assert changed >= 6 and refused >= 5 and started >= 2, (changed, refused, started)

# A release goes back only where the cluster has agreed to it; the plan says so, and etcd does.
plan = run(medic.corpus("single-3.6") / "data", "--to", "3.5")[1]
assert "downgrade enable 3.5" in plan["steps"][0]["explanation"], plan

# What it must not touch: a running member, a damaged one, a part of one, a release that no etcd migrates to.
running = medic.scratch / "running"
shutil.copytree(medic.corpus("single-3.5") / "data", running)
server = Server(program("etcd-3.5"), running, name="default", advertised=2380)
try:
    assert server.wait(20), server.last_words()
    code, plan, err = run(running, "--to", "3.6", "--apply")
    assert code == 8 and "running" in err, (code, err)
finally:
    server.stop()
assert run(medic.corpus("single-3.5") / "data/member/snap/db", "--to", "3.6", "--apply")[0] == 4
assert run(medic.corpus("db-corrupt") / "b19-zeroed-leaf/data", "--to", "3.7", "--apply")[0] == 4
for target in ("3.4", "3.8", "4.0", "x", "3"):
    assert run(medic.corpus("single-3.5") / "data", "--to", target)[0] == 16, target
print(f"{changed} migrations as etcdutl, {refused} refused by both; etcd of the target started {started} times")
