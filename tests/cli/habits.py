#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What people type: flags before the command, groups, words of other tools (docs/habits.md, each row), values that do not exist. Every
usage error ends with the command that helps."""
import json
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
medic.unpack(medic.source / "testdata/corpora/single-3.4.tar.zst")
data, other = medic.scratch / "minikube-like", medic.scratch / "single-3.4/data"
commands = json.loads(medic.run("help", "-o", "json")[1])
names = [command["command"] for command in commands["commands"]]
groups = sorted({name.split()[0] for name in names if " " in name})
assert len(names) > 40 and {"wal", "db", "snapshot"} <= set(groups), (names, groups)


def refused(*words, topic):
    code, out, err = medic.run(*words)
    last = err.decode().rstrip("\n").split("\n")[-1]
    assert code == 16 and not out, (words, code, out, err)
    assert last == f"Try 'etcdmedic help{' ' if topic else ''}{topic}'.", (words, err)
    return err.decode()


# Nothing, a group alone, help in each of its spellings.
assert "Usage: etcdmedic COMMAND PATH" in refused(topic="")
full = medic.run("help")[1]
assert all(f"  {name} ".encode() in full for name in names)
for words in (["--help"], ["-h"], ["help"], ["--color", "never", "--help"]):
    assert medic.run(*words) == (0, full, b""), words
for group in groups:
    listed = medic.run("help", group)[1].decode()
    assert [name for name in names if name.startswith(f"{group} ")] == re.findall(rf"^  ({group} \S+) ", listed, re.M), listed
    for words in ([group, "--help"], [group, "-h"], ["-h", group], ["help", group]):
        assert medic.run(*words) == (0, listed.encode(), b""), words
    code, out, err = medic.run(group)
    assert (code, out, err.decode()) == (16, b"", listed), (group, code, out, err)
for name in names:
    text = medic.run("help", *name.split())
    assert text[0] == 0 and text[1].decode().startswith(f"etcdmedic {name}"), name
    assert b"a difference, or no match" in text[1], "the exit codes are complete"
    for words in ([*name.split(), "--help"], [*name.split(), "-h"], ["--help", *name.split()], [*name.split(), "a", "b", "-h"]):
        assert medic.run(*words) == text, words
    refused(*name.split(), "--no-such-flag", topic=name)
refused("help", "nonsense", topic="")
refused("docs", "man", "nonsense", topic="docs")
assert b"a difference, or no match" in full and b"or a difference" in medic.run("docs", "man", "get")[1]

# Flags before the command, between its words and after it.
wanted = medic.run("info", data, "-o", "json")
assert wanted[0] == 0 and json.loads(wanted[1])["schema"] == "etcdmedic.info/v1"
for words in (["-o", "json", "info", data], ["-ojson", "info", data], ["--format=json", "info", data], ["-w", "json", "info", data],
              ["--write-out", "json", "info", data], ["--output", "json", "info", data], ["--color", "never", "-o=json", "info", data],
              ["info", "-w=json", data], ["info", "--color=never", data, "--write-out=json"]):
    assert medic.run(*words) == wanted, words
dump = medic.run("wal", "dump", data, "--limit", "3", "-o", "json")
for words in (["--limit", "3", "wal", "dump", data, "-o", "json"], ["wal", "-o", "json", "dump", "--limit=3", data], ["-o", "json", "wal", "--limit", "3", "dump", data]):
    assert medic.run(*words) == dump, words
found = medic.run("objects", data, "deployments", "-n", "demo", "-o", "name")
assert found[0] == 0 and medic.run("-n", "demo", "-o", "name", "objects", data, "deployments") == found
assert medic.run("--prefix", "get", data, "/registry/pods/", "--count-only") == medic.run("get", data, "/registry/pods/", "--count-only", "--prefix")

# The version, and what is known.
version = json.loads(medic.run("version", "-o", "json")[1])
assert re.fullmatch(r"\d+\.\d+\.\d+", version["tool_version"]), version
assert version["etcd_versions"][0] == "3.4" and version["kubernetes_releases"][-1] == "1.37", version
text = medic.run("version")
assert text[1].decode().startswith(f"etcdmedic {version['tool_version']}\n"), text
assert ("commit_hash" in version) == (medic.source / ".git").exists(), version
for words in (["--version"], ["-v"], ["-V"]):
    assert medic.run(*words) == text, words
assert medic.run("--version", "-o", "json")[1] == medic.run("version", "-o", "json")[1]

# What is missing, and what is too much.
for command in commands["commands"]:
    needed = [word for word in command.get("positional", "").split() if not word.startswith("[") and "|" not in command["positional"]]
    if needed:
        said = refused(*command["command"].split(), topic=command["command"])
        assert f"etcdmedic: {needed[0].removesuffix('...')} is missing: etcdmedic {command['command']} {command['positional']}\n" in said, said
assert "BUCKET is missing: etcdmedic db dump PATH BUCKET" in refused("db", "dump", data, topic="db dump")
assert "more is one argument too many: etcdmedic info PATH" in refused("info", data, "more", topic="info")
assert "--limit needs a value: --limit N" in refused("keys", data, "--limit", topic="keys")
assert "--format needs a value: --format FORMAT" in refused("keys", data, "-o", topic="keys")

# Words that are not known: the nearest name, or none.
for words, topic, near in [(["wall", "dump", data], "", "wal dump"), (["wall"], "", "wal"), (["wal", "dmp", data], "wal", "wal dump"), (["vefiry", data], "", "verify"),
                           (["walstat", data], "", "wal stat"), (["snapshto", "status"], "", "snapshot status"), (["keys", data, "--limti", "3"], "keys", "--limit"),
                           (["keys", data, "--sort"], "keys", "--sort-by"), (["objects", data, "deploymnets"], "objects", "deployments")]:
    assert f"; did you mean {near}?\n" in refused(*words, topic=topic), words
for words, topic in [(["frobnicate", data], ""), (["x"], ""), (["get", data, "/a", "--nope"], "get"), (["objects", data, "--zzz"], "objects"), (["objects", data, "get", "pods"], "objects")]:
    assert "did you mean" not in refused(*words, topic=topic), words

# Values of flags: every flag that takes one of some words lists them in its help, and refuses another naming them all.
looked = 0
for command in commands["commands"]:
    for flag in [*command.get("flags", []), *commands["global_flags"]]:
        if "values" not in flag:
            continue
        looked += 1
        name, values = command["command"].split(), flag["values"]
        said = refused(*name, data, f"{flag['flag']}=nonsense", topic=command["command"])
        assert f"etcdmedic: {flag['flag']} takes {', '.join(values)}, not nonsense\n" in said, said
        shown = " ".join(medic.run("help", *name)[1].decode().split())
        assert ", ".join(values) in shown, (command["command"], flag["flag"])
assert looked > len(names), "each command has --color at least"
for words, topic, said in [(["audit", data, "--target", "1.99"], "audit", "--target takes 1.15 to 1.37, not 1.99"), (["audit", data, "--target", "1.3"], "audit", "not 1.3"),
                           (["objects", data, "pods", "--release", "abc"], "objects", "--release takes 1.15 to 1.37, not abc"), (["encode", "--release", "1.99"], "encode", "not 1.99"),
                           (["decode", "--release", "2.1"], "decode", "not 2.1"), (["verify", data, "--etcd-version", "9.9"], "verify", "--etcd-version takes 3.4, 3.5, 3.6, 3.7, not 9.9"),
                           (["keys", data, "--limit", "1KiB"], "keys", "--limit takes a number without a unit, not 1KiB"), (["keys", data, "-o", "xml"], "keys", "keys has no -o xml; it has table,")]:
    assert said in refused(*words, topic=topic), words
assert medic.run("keys", data, "--sort-by", "MODIFY", "--order", "DESCEND", "-o", "name") == medic.run("keys", data, "--sort-by", "modify", "--order", "descend", "-o", "name")
assert medic.run("wal", "dump", data, "--type", "irrtxn") == medic.run("wal", "dump", data, "--type", "IRRTxn") != medic.run("wal", "dump", data)

refused("info", data, "--etcd-version", "all", topic="info")
refused("report", data, "--etcd-version", "all", topic="report")
assert "--etcd-version all goes with one member" in refused("verify", data, other, "--etcd-version", "all", topic="verify")
assert "--types takes Normal, Warning, not Warnin\n" in refused("events", data, "--types", "Normal,Warnin", topic="events")
assert "TEXT is empty" in refused("search", data, "", topic="search")
assert "an empty text is neither a revision nor a time" in refused("timeline", data, "--since", "", topic="timeline")
assert "/registry/ names no kind; --prefix takes the beginning of keys" in refused("timeline", data, "/registry/", topic="timeline")
assert "no manual page for nonsense" in refused("docs", "man", "nonsense", topic="docs")
assert "x is one argument too many: etcdmedic version\n" in refused("version", "x", topic="version")

# Nothing that matches is 1 everywhere.
for words in (["get", data, "/none"], ["keys", data, "/none"], ["history", data, "/none"], ["deleted", data, "/none"], ["top", data, "/none"], ["leases", data, "77"], ["objects", data, "pods", "-n", "none"],
              ["objects", data, "pod", "none"], ["wal", "dump", data, "--prefix", "/none"], ["wal", "dump", data, "--from", "9999999"], ["wal", "dump", data, "--term", "99"],
              ["wal", "dump", data, "--type", "auth_enable"], ["wal", "dump", data, "--segment", "none"], ["db", "pages", data, "--use", "unreachable"], ["db", "tree", data, "none"],
              ["db", "dump", data, "none"]):
    assert medic.run(*words)[0] == 1, (words, medic.run(*words))

# The key first, as with tools that ask a server.
for words in (["get", "--prefix", "/registry"], ["history", "/registry/pods/default/keepr"], ["role", "get", "root"], ["describe", "pod", "keepr"]):
    said = refused(*words, data, topic={"role": "auth"}.get(words[0], words[0]))
    assert f"does not exist; the path comes first: etcdmedic {'auth' if words[0] == 'role' else words[0]} {data} ..." in said, said
assert medic.run("diff", data / "none", data)[0] == 8 and medic.run("db", "compact", data / "none", data)[0] == 8

# Numbers and ids as other tools print them; what is missing; what comes through a pipe.
assert medic.run("db", "page", data, "0x5") == medic.run("db", "page", data, "5") and medic.run("db", "page", data, "0x")[0] == 16
lease = json.loads(medic.run("leases", data, "-o", "json")[1])["leases"][0]
assert medic.run("leases", data, lease["lease_id_decimal"]) == medic.run("leases", data, lease["lease_id"])
assert "REV2 is missing: etcdmedic diff PATH REV1 REV2" in refused("diff", data, "2700", topic="diff")
with open(data / "member/snap/0000000000000002-00000000000007d1.snap", "rb") as stdin:
    done = subprocess.run([medic.binary, "snap", "dump", "-", "-o", "json"], stdin=stdin, capture_output=True, timeout=60)
    assert json.loads(done.stdout)["file"] == "standard input", done
with open(data / "member/wal/0000000000000000-0000000000000000.wal", "rb") as stdin:
    done = subprocess.run([medic.binary, "repair", "-"], stdin=stdin, capture_output=True, timeout=60)
    assert done.returncode == 8 and b"comes out of an archive or a pipe" in done.stderr, done

# A whole command line of another tool, its name in front.
for words, wanted in [(["etcdctl", "member", "list", "-w", "table", data], ["members", data]), (["etcdutl", "--write-out=json", "snapshot", "status", data], ["snapshot", "status", data, "-o", "json"]),
                      (["bbolt", "pages", data], ["db", "pages", data]), (["auger", "checksum", "-f", data], ["hashkv", data]), (["etcdctl", "get", data, "/none"], ["get", data, "/none"])]:
    assert medic.run(*words) == medic.run(*wanted), words
assert "there is no command put; it changes a running cluster" in refused("etcdctl", "put", "a", "b", topic="")
assert "there is no command etcdctl" in refused("etcdctl", topic="")

# Each row of docs/habits.md: what runs does what the command itself does, and what does not names one that exists.
page = medic.run("docs", "habits")[1].decode()
assert page == (medic.source / "docs/habits.md").read_text(), "run: etcdmedic docs habits > docs/habits.md"
run_rows, hint_rows, flag_rows = [[[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| `")] for table in re.split(r"\n\| typed .*\n", page)[1:]]
assert len(run_rows) > 40 and len(hint_rows) > 25 and len(flag_rows) > 20
MORE = {"db dump": ["meta"], "get": ["/registry/namespaces/default"], "auth PATH user": ["root"], "auth PATH role": ["root"], "db page": ["0"], "undelete": ["configmap/none"], "db compact": [medic.scratch / "compact"]}
for typed, _, runs in run_rows:
    typed, runs = typed.strip("`"), runs.strip("`").removeprefix("etcdmedic ")
    assert typed not in names, f"{typed} is a command"
    place, more = (other if "auth" in runs else data), MORE.get(runs, [])
    command, _, after = runs.partition(" PATH")
    assert command in names, runs
    made = medic.run(*command.split(), place, *after.split(), *more)
    (medic.scratch / "compact").unlink(missing_ok=True)
    assert made[0] in (0, 1) and (made[1] or made[2]), (runs, made)
    assert medic.run(*typed.split(), place, *more) == made, typed
    (medic.scratch / "compact").unlink(missing_ok=True)
    assert medic.run("help", *typed.split())[1].decode().startswith(f"etcdmedic {command}"), typed
    if after:
        assert medic.run(*typed.split(), "-o", "json", place, *more)[1].startswith(b"{"), typed


def names_a_command(hint):
    said = re.findall(r"`(etcdmedic|etcdctl|kubectl|bbolt) ([^`]*)`", hint)
    assert said, hint
    for program, rest in said:
        words = rest.split()
        assert program != "etcdmedic" or words[0] in names or " ".join(words[:2]) in names, hint


for typed, _, hint in hint_rows:
    typed = typed.strip("`")
    assert typed not in names, f"{typed} is a command"
    said = refused(*typed.split(), data, topic=typed.split()[0] if typed.split()[0] in groups else "")
    assert f"there is no command {typed}; {hint}\n" in said, said
    names_a_command(hint) if "etcdmedic reads files, and" not in hint else None
for typed, _, here in flag_rows:
    *command, flag = typed.strip("`").split()
    command = command or ["info"]
    if here.startswith("`--"):
        value = {"--from": "100", "--type": "txn", "--rev": "2000", "--to": "3.6"}[here.strip("`")]
        command = command if command != ["info"] else ["keys"]
        for words in ([flag, value], [f"{flag}={value}"], [flag[1:], value]):
            assert medic.run(*command, data, *words) == medic.run(*command, data, here.strip("`"), value), (typed, words)
    elif here == "the first argument":
        assert medic.run("keys", flag, data, "/registry/pods") == medic.run("keys", f"{flag}={data}", "/registry/pods") == medic.run("keys", data, "/registry/pods"), typed
    else:
        assert f"{' '.join(command)} has no {flag}: {here}\n" in refused(*command, data, f"{flag}=x" if flag.startswith("--") else flag, topic=" ".join(command)), typed
print(f"{len(names)} commands, {looked} flags with values, {len(run_rows)} names that run, {len(hint_rows)} that point, {len(flag_rows)} flags")
