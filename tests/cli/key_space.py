#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The commands over the key space: every one takes --rev and every format, orders are as etcdctl's, objects are compared line by line."""
import itertools
import json
import os
import pathlib
import pty
import re
import shlex
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent.parent / name) for name in ("damage", "support")]
import make_member
from medic import Medic, picture

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
before = picture(data)
pod = "/registry/pods/default/keepr"


def ask(command, *args, code=0):
    got, out, err = medic.run(command, data, *args, "-o", "json")
    assert got == code, (command, args, got, err)
    return json.loads(out)


# Every command, every format, at a retained revision and at those that are not.
COMMANDS = [["get", pod], ["keys", "/registry/pods/"], ["history", pod], ["deleted"], ["top"], ["leases"], ["auth"], ["members"], ["alarms"], ["meta"], ["hashkv"]]
present = ("leases", "auth", "members", "alarms", "meta")
for name, *rest in COMMANDS:
    for form in ("table", "yaml", "json", "ndjson", "name"):
        code, out, err = medic.run(name, data, *rest, "--rev", 2500, "-o", form)
        if form == "name" and name in ("meta", "hashkv"):
            assert code == 16 and f"{name} has no -o name".encode() in err, (name, code, err)
            continue
        assert code == 0 and (b"of revision 2809, not of 2500" in err) == (name in present), (name, form, code, err)
        assert form != "json" or json.loads(out)["schema"].startswith("etcdmedic."), out
        assert form != "ndjson" or all(json.loads(line) for line in out.splitlines()), out
        assert form != "name" or all(len(line.split()) == 1 for line in out.splitlines()), (name, out)
    for revision, words in ((1640, "revision 1640 has been compacted"), (2810, "revision 2810 has not happened yet")):
        code, out, err = medic.run(name, data, *rest, "--rev", revision)
        assert code == 8 and f"{words}; 1641 to 2809 can be read".encode() in err and not out, (name, code, err)
    assert medic.run(name, data, *rest, "--rev", 2809)[2] == b"", name
for revisions in ((1640, 2809), (2500, 2810)):
    assert medic.run("diff", data, *revisions)[0] == 8
for name, *rest in (["deleted"], ["top"], ["meta"], ["diff", data]):
    code, _, err = medic.run(name, data, *rest, "-o", "etcdctl-json")
    assert code == 16 and f"etcdctl has no document for what {name} shows".encode() in err, err

# A history ends at its revision; --limit leaves the newest of it.
whole = ask("history", pod)["changes"]
assert len(whole) > 3
middle = whole[2]["revision"]
assert ask("history", pod, "--rev", middle)["changes"] == whole[:3]
assert ask("history", pod, "--rev", middle + 1, "--limit", 1)["changes"] == [change for change in whole if change["revision"] <= middle + 1][-1:]
assert ask("history", "/none", code=1)["changes"] == []
assert ask("history", "pod/keepr") == ask("history", "pod", "keepr", "-n", "default") == ask("history", pod)
for change in whole:
    when = ask("when", change["revision"])
    assert all(change[name] == when[name] for name in ("earliest_time", "latest_time")), (change, when)

# An object is named as kubectl names it; what is not there says so, and what to type.
assert ask("get", "pod/keepr") == ask("get", "pod", "keepr", "--namespace", "default") == ask("get", pod)
assert medic.run("get", data, "pod/keepr", "--print-value-only")[1] == medic.run("get", data, pod, "--print-value-only")[1]
for words in (["get", data, "/none", "--prefix"], ["get", data, "/b", "/c"], ["keys", data, "/none"]):
    code, _, err = medic.run(*words)
    assert code == 1 and err == b"etcdmedic: no key matches at revision 2809\n", (words, code, err)
GONE = "/registry/secrets/demo/doomed"
was = ask("get", GONE, "--rev", 2791)
assert ask("get", "secret/doomed", "-n", "demo", "--rev", 2791) == was and was["key_count"] == 1
for words, said in ((["get", GONE], f"{GONE} was deleted at revision 2792 (last seen at 2791); `etcdmedic get {data} {GONE} --rev 2791` prints it"),
                    (["get", "secret/doomed", "-n", "demo"], f"secret \"doomed\" was deleted at revision 2792 (last seen at 2791); `etcdmedic undelete {data} secret/doomed -n demo` prints it"),
                    (["get", "secret/never", "-n", "demo"], 'secrets "never" not found in namespace demo at revision 2809'),
                    (["get", "/registry/pods/none"], f"there is no key /registry/pods/none at revision 2809, nor in an earlier one that is retained (from 1641 on); `etcdmedic keys {data} /registry/pods/` lists its neighbours"),
                    (["history", "/none"], "there is no key /none at revision 2809"), (["history", "config/web"], "there is no key config/web at revision 2809"),
                    (["history", "pod/none"], "pods \"none\" not found in namespace default at revision 2809"),
                    (["history", "pod", "keepr", "-n", "demo"], "pods \"keepr\" not found in namespace demo at revision 2809")):
    for form in ("table", "json"):
        code, out, err = medic.run(words[0], data, *words[1:], "-o", form)
        assert code == 1 and said in err.decode() and (form == "json" or not out), (words, code, out, err)
for words in (["get", "pod", "keepr", "x", "-n", "default"], ["get", "pod", "-n", "demo"], ["history", "a/b", "c"], ["get", "podz/x", "-n", "demo"]):
    assert medic.run(words[0], data, *words[1:])[0] == 16, words

# An empty answer, and one that compaction has cut short, says so.
for words, said in ((["search", "nothing-such"], "nothing matches at revision 2809"), (["search", "nothing-such", "--rev", 2500], "nothing matches at revision 2500"),
                    (["search", "nothing-such", "--all-revisions"], "nothing matches; revisions from 1641 to 2809 are retained"),
                    (["timeline", "--since", 2700, "--until", 2699], "no change found; revisions from 1641 on are retained")):
    code, _, err = medic.run(words[0], data, *words[1:])
    assert code == 1 and err.decode() == f"etcdmedic: {said}\n", (words, code, err)
db = data / "member/snap/db"
compacted = b"etcdmedic: revisions before 1641 are compacted: of them only what still existed then is shown\n"
assert medic.run("timeline", db, "--until", 1000)[2] == compacted and medic.run("timeline", db)[2] == compacted
assert medic.run("timeline", db, "--since", 1642)[2] == b"" and medic.run("timeline", data, "--until", 1000)[2] == b"", "the log has all of it"

# What a message suggests can be pasted, and what it repeats is printable.
spaced = medic.scratch / "sp ace"
spaced.symlink_to(data)
for command in ("objects", "get"):
    code, _, err = medic.run(command, spaced, "secret", "doomed", "-n", "demo")
    (pasted,) = re.findall(r"`etcdmedic ([^`]*)`", err.decode())
    assert code == 1 and medic.run(*shlex.split(pasted))[0] == 0, err
assert medic.run("events", data, "-n", "a\x1bb")[2] == b"etcdmedic: no events found in a\\x1bb namespace at revision 2809\n"
spaced.unlink()

# A key of any bytes: shown so that it changes nothing else on a screen, and what is shown says what to type.
odd = medic.scratch / "odd"
KEYS = {b"/odd/\xff\xfe": r"/odd/\xff\xfe", "/odd/\u202egnp".encode(): r"/odd/\u{202e}gnp", b"/odd/a\\b": r"/odd/a\\b", "/odd/ключ ü".encode(): "/odd/ключ ü", b"/odd/\"'\n": r"/odd/" + "\"'" + r"\n"}
make_member.write(odd, {b"key": {make_member.revision(main): make_member.key_value(key, b"v", main, main, 1) for main, key in enumerate(KEYS, 2)}, b"meta": {b"consistent_index": (len(KEYS) + 1).to_bytes(8, "big")},
                        **{name: {} for name in (b"lease", b"members", b"members_removed", b"cluster", b"alarm", b"auth", b"authUsers", b"authRoles")}}, [None])
for command in ("keys", "timeline"):
    assert all(f" {shown}\n" in medic.run(command, odd)[1].decode() for shown in KEYS.values()), medic.run(command, odd)
assert sorted(medic.run("keys", odd, "-o", "name")[1].decode().splitlines()) == sorted(KEYS.values())
for key, shown in KEYS.items():
    for command in ("get", "history"):
        code, out, err = medic.run(command, odd, shown)
        assert (code == 0) == (key.decode(errors="replace") == shown), (command, shown, code, err)
        if code == 0:
            continue
        said = err.decode().splitlines()[-1]
        assert said.startswith(f"etcdmedic: the key that is shown as {shown} is typed "), said
        typed = subprocess.run(["bash", "-c", f"printf %s {said.split(' is typed ')[1]}"], capture_output=True, check=True).stdout
        assert typed == key and medic.run(command, odd, os.fsdecode(typed))[0] == 0, (typed, key)
assert medic.run("get", odd, r"/odd/\xfe")[2].count(b"\n") == 1, "there is no such key either"

# What was deleted, in kubectl's words.
everything = ask("deleted")["keys"]
assert all(row["key"].startswith("/registry/") and row["earliest_time"] <= row["latest_time"] for row in everything)
of = lambda **fields: [row for row in everything if all(row.get(name) == value for name, value in fields.items())]
assert ask("deleted", "pods", "-A")["keys"] == of(kind="Pod") and len(of(kind="Pod")) > 4
assert ask("deleted", "-n", "demo")["keys"] == of(namespace="demo")
assert ask("deleted", "po,secret", "-n", "demo")["keys"] == [row for row in of(namespace="demo") if row["kind"] in ("Pod", "Secret")]
assert ask("deleted", "secret/doomed", "-n", "demo")["keys"] == ask("deleted", "secret", "doomed", "-A")["keys"] == of(key=GONE)
assert ask("deleted", "/registry/pods/")["keys"] == ask("deleted", "--prefix", "/registry/pods/")["keys"] == of(kind="Pod")
assert ask("deleted", "/registry/", "--limit", 2)["keys"] == everything[:2]
labelled = [row for row in of(kind="Pod") if row["object"]["metadata"].get("labels", {}).get("app") == "web"]
assert 0 < len(labelled) < len(of(kind="Pod")) and ask("deleted", "pods", "-A", "-l", "app=web")["keys"] == labelled
code, out, err = medic.run("deleted", data, "pods")
assert (code, out) == (0, b"") and b"no deletion found in namespace default" in err and b"%d in other namespaces" % len(of(kind="Pod")) in err, err
assert medic.run("deleted", data, "secret/never")[0] == 1 and medic.run("deleted", data, "podz")[0] == 1
assert b"did you mean pods?" in medic.run("deleted", data, "podz")[2] and medic.run("deleted", data, "podz", "-n", "demo")[0] == 16
head, first = medic.run("deleted", data, "secret/doomed", "-n", "demo", "-o", "wide")[1].decode().splitlines()
assert head.split() == ["DELETED", "AT", "TIME", "LAST", "MOD", "SIZE", "KIND", "NAMESPACE", "NAME", "KEY"], head
assert first.split()[0] == "2792" and first.split()[-4:] == ["Secret", "demo", "doomed", GONE], first
head, first = medic.run("deleted", data, "secret/doomed", "-n", "demo")[1].decode().splitlines()
assert head.split() == ["DELETED", "AT", "TIME", "KIND", "NAMESPACE", "NAME"] and GONE not in first, head

# Which keys hung on a lease.
for revision in (2000, 2809):
    keys = {row["key"]: row["lease_id"] for row in ask("keys", "--rev", revision)["keys"] if "lease_id" in row}
    told = ask("leases", "--rev", revision)
    assert told["keys_revision"] == revision and told["revision"] == 2809
    assert {key: row["lease_id"] for row in told["leases"] for key in row["attached_keys"]} == keys and keys
one = told["leases"][0]
assert ask("leases", one["lease_id"])["leases"] == [one]
assert not ask("leases", "77", code=1)["leases"][0]["known"]
assert len(ask("leases", "--limit", 2)["leases"]) == 2
assert medic.run("leases", data, "xyz")[0] == 16

# Orders: by a column, then by key, and the limit comes last.
rows = ask("keys", "--values")["keys"]
value = {row["key"]: row.get("value", row.get("value_base64")) for row in rows}
for by, column in {"key": "key", "version": "version", "create": "create_revision", "modify": "mod_revision"}.items():
    for order in ("ascend", "DESCEND"):
        wanted = [row["key"] for row in sorted(rows, key=lambda row: row[column], reverse=order == "DESCEND")]
        for limit in (0, 7):
            got = ask("get", "--from-key", "--keys-only", "--sort-by", by, "--order", order, "--limit", limit)
            assert [row["key"] for row in got["keys"]] == wanted[: limit or None] and got["key_count"] == len(rows), (by, order, limit)
got = [row["value_size"] for row in ask("get", "/registry/leases/", "--prefix", "--sort-by", "VALUE")["keys"]]
assert len(got) > 2
assert medic.run("get", data, pod, "--sort-by", "age")[0] == 16 and medic.run("get", data, pod, "--order", "up")[0] == 16
assert medic.run("get", data, "/registry/pods/", "--prefix", "--count-only", "--sort-by", "value")[1] == b"%d\n" % sum(key.startswith("/registry/pods/") for key in value)

# What changed in an object, and what history says of the same two revisions.
first, last = whole[-2]["revision"], whole[-1]["revision"]
shown = medic.run("diff", data, first, last)[1].decode().split(f"~ {pod}  ")[1].splitlines()[1:]
lines = [line[4:] for line in itertools.takewhile(lambda line: line.startswith("    "), shown)]
history = medic.run("history", data, pod, "--rev", last, "--limit", 2)[1].decode().split(f"revision {last}.")[-1].split(f"revision {last}:")[-1].splitlines()[1:]
assert lines == history and any(line.startswith("+") for line in lines), (lines, history)
quiet = medic.run("diff", data, first, last, "--keys-only")[1].decode().splitlines()
assert all(line[:2] in ("~ ", "+ ", "- ") for line in quiet), quiet
(line,) = [line for line in quiet if line.startswith(f"~ {pod}  ")]
when = json.loads(medic.run("when", data, last, "-o", "json")[1])
assert line.startswith(f"~ {pod}  revision {first} -> {last}, {when['earliest_time']} +"), line
(pair,) = [row for row in ask("diff", first, last, code=1)["differences"] if row["key"] == pod]
assert pair["before"]["object"]["kind"] == pair["after"]["object"]["kind"] == "Pod"
assert b"object" not in medic.run("diff", data, first, last, "--raw", "-o", "json")[1]
assert b"+kind: " in medic.run("diff", data, 2000, 2809, "--values")[1].replace(b"    ", b"")


def on_terminal(*args):
    """What a command prints where somebody may look over a shoulder."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(medic.binary, [medic.binary, *map(str, args)])
    out = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            part = b""
        if not part:
            break
        out += part
    os.waitpid(pid, 0)
    return out.replace(b"\r\n", b"\n")


# Secrets are masked on a terminal, in a diff too.
changed = [row for row in ask("diff", 1641, 2809, code=1)["differences"] if row["key"].startswith("/registry/secrets/")]
assert changed
for show in ([], ["--show-secrets"]):
    text = on_terminal("diff", data, 1641, 2809, "--values", "--color", "never", *show)
    for row in changed:
        for side in ("before", "after"):
            for secret in row.get(side, {}).get("object", {}).get("data", {}).values():
                assert not secret or (secret.encode() in text) == bool(show), (row["key"], show)
secret = "/registry/secrets/demo/sec"
stored = ask("get", secret)["keys"][0]
for words in (["get", data, secret], ["history", data, secret], ["keys", data, secret, "--values"], ["diff", data, 1641, 2809]):
    for form in ("json", "yaml"):
        text = on_terminal(*words, "-o", form)
        assert stored["object"]["data"]["pw"].encode() not in text and stored["value_base64"].encode() not in text, words
        assert stored["value_base64"].encode() in on_terminal(*words, "-o", form, "--show-secrets"), words

assert picture(data) == before, "reading changed something"
print(f"{len(COMMANDS)} commands take --rev and every format")
