#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What etcdctl prints with -w json of a running etcd, and what -o etcdctl-json gives of its files once it is stopped, are the same documents."""
import json
import os
import shutil
import subprocess
import sys

from server import Server
from medic import Medic, picture

version, built = sys.argv[4:6]
binary = "/usr/bin/etcd" if version == "3.4" else built
etcdctl = shutil.which("etcdctl")
if not os.access(binary, os.X_OK) or etcdctl is None:
    print(f"skipped: there is no {binary} or no etcdctl")
    sys.exit(77)
medic = Medic(sys.argv)
data = medic.scratch / "data"
server = Server(binary, data, flags=("--bcrypt-cost", "4", "--quota-backend-bytes", "1000000"))
assert server.wait(60), server.last_words()


def ctl(*words, check=True):
    done = subprocess.run([etcdctl, "--endpoints", f"http://127.0.0.1:{server.port}", *map(str, words)], capture_output=True, text=True,
                          env=dict(os.environ, ETCDCTL_API="3"), timeout=60)
    assert not check or done.returncode == 0, (words, done.stderr)
    return done.stdout


def asked(*words):
    return json.loads(ctl(*words, "-w", "json"))


# Versions, values and revisions each in another order than the keys.
for number in range(40):
    ctl("put", f"k{number * 7 % 10:02}", "x" * (number * 5 % 9) + str(number))
ctl("del", "k03")
middle = asked("put", "k03", "again")["header"]["revision"]
leases = [asked("lease", "grant", seconds)["ID"] for seconds in (5000, 900, 70000)]
for number, lease in enumerate(leases[:2]):
    for key in range(number + 1):
        ctl("put", f"held{key}{number}", "x", f"--lease={lease:x}")
for words in (["user", "add", "root:r"], ["user", "add", "u:p"], ["user", "add", "cert", "--no-password"], ["role", "add", "root"], ["role", "add", "r"],
              ["role", "grant-permission", "r", "readwrite", "foo"], ["role", "grant-permission", "r", "read", "a", "z"],
              ["role", "grant-permission", "r", "write", "x", "--from-key"], ["role", "grant-permission", "r", "read", "p", "--prefix"],
              ["role", "grant-permission", "root", "read", "q"], ["user", "grant-role", "u", "r"], ["user", "grant-role", "u", "root"],
              ["member", "add", "later", "--learner", "--peer-urls=http://127.0.0.1:1,http://127.0.0.1:2"]):
    ctl(*words)

GETS = [["k05"], ["k05", "k08"], ["none"], ["k", "--prefix", "--keys-only"], ["k02", "--from-key", "--limit", "3"], ["k", "--prefix", "--rev", middle - 1]]
GETS += [["k", "--prefix", "--limit", limit, "--sort-by", by, "--order", order]
         for by in ("KEY", "VERSION", "CREATE", "MODIFY", "VALUE") for order in ("ASCEND", "DESCEND") for limit in (0, 4)]
pairs = [(["get", *words], ["get", *words]) for words in GETS]
pairs += [(["member", "list"], ["members"]), (["lease", "list"], ["leases"]), (["user", "list"], ["auth", "users"]), (["role", "list"], ["auth", "roles"]),
          (["endpoint", "hashkv", "--rev", middle], ["hashkv", "--rev", middle])]
pairs += [(["user", "get", name], ["auth", "user", name]) for name in ("root", "u", "cert")]
pairs += [(["role", "get", name], ["auth", "role", name]) for name in ("root", "r")]
pairs += [(["lease", "timetolive", f"{lease:x}", "--keys"], ["leases", f"{lease:x}"]) for lease in (*leases, 0x77)]
served = [asked(*theirs) for theirs, _ in pairs]
for key in ("k03", "k05"):
    with subprocess.Popen([etcdctl, "--endpoints", f"http://127.0.0.1:{server.port}", "watch", key, "--rev", "1", "-w", "json"],
                          stdout=subprocess.PIPE, env=dict(os.environ, ETCDCTL_API="3")) as watch:
        served.append(json.loads(watch.stdout.readline()))
        watch.terminate()
    pairs.append((["watch", key], ["history", key]))
alarms = [asked("alarm", "list")]
for number in range(40):  # until there is no room left
    ctl("put", f"fill{number}", "y" * 60000, check=False)
alarms.append(asked("alarm", "list"))
pairs.append((["endpoint", "hashkv"], ["hashkv"]))
served.append(asked("endpoint", "hashkv"))
full = asked("get", "k05")["header"]["revision"]
server.stop()


def plain(document, sealed):
    """Without what a file cannot tell: the endpoint, the time that has gone by, and up to 3.4 the term; `sealed` answers are of an earlier revision."""
    if isinstance(document, list):
        return [plain(one["HashKV"], sealed) for one in document]
    document = dict(document)
    for header in (document, document.get("header", {}), document.get("Header", {})):
        header.pop("raft_term", 0)
        if header.get("revision") and sealed:
            header["revision"] = 0
    if "keys" in document:
        document["keys"] = sorted(document["keys"] or [])
        assert -1 <= document["granted-ttl"] - document["ttl"] < 600, document
        document.pop("ttl")
    document.pop("hash_revision", 0)  # younger than 3.4
    return document


# Values that tie come in any order from etcd: the sorted column is compared, and that the keys are those of the range.
before, problems = picture(data), []
for (theirs, words), document in zip(pairs, served, strict=True):
    code, out, err = medic.run(words[0], data, *words[1:], *(["--etcd-version", version] if words[0] == "hashkv" else []), "-o", "etcdctl-json")
    expected = 1 if "none" in words or words[-1] == "77" else 0
    ours, wanted = (plain(each, sealed=True) for each in (json.loads(out), document))
    if "VERSION" in words:
        ours, wanted = ([kv["version"] for kv in each["kvs"]] for each in (ours, wanted))
    if code != expected or ours != wanted:
        problems.append(f"{words}: code {code}, etcdctl {wanted}, here {ours}")
code, out, err = medic.run("alarms", data, "-o", "etcdctl-json")
wanted, ours = alarms[1], json.loads(out)
assert wanted["alarms"] and not alarms[0].get("alarms"), alarms
if ours["alarms"] != wanted["alarms"]:
    problems.append(f"alarms: etcdctl {wanted}, here {ours}")
assert "NOSPACE" in medic.run("alarms", data)[1].decode()
assert picture(data) == before, "reading changed something"
print(f"etcd {version}: {len(pairs) + 1} documents compared, full at revision {full}")
print("\n".join(problems))
sys.exit(bool(problems))
