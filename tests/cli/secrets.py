#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No command shows a secret on a terminal, nor with --hide-secrets anywhere, in any format: neither as it is nor as base64 or hex."""
import base64
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import time

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent / "damage"))
sys.path.insert(0, str(here.parent / "support"))
import make_member
from make_member import field, key_value, revision
from medic import Medic

medic = Medic(sys.argv)
FORMATS = ["table", "yaml", "json", "ndjson", "name", "etcdctl-json", "etcdutl-json", "wide", "kubectl", "kubectl-json",
           "custom-columns=A:.data,B:.metadata.annotations", "jsonpath={.data} {.metadata.annotations}",
           "jsonpath-as-json={.data}{.metadata.annotations}{.items}"]
# Of Secrets: hidden on a terminal. Of etcd's own: hidden wherever they go.
OF_VALUES = [b"tr0ub4dor-first-secret", b"c0rrect-horse-battery-json", b"undecodable-staple-bytes",
             b"cut-short-before-its-kind", b"copied-by-kubectl-apply"]
OF_ETCD = [b"$2a$10$wallflowerhashofauser", b"plaintextpasswordofauser", b"simpletoken.of.a.login.42"]


def encode(manifest):
    done = subprocess.run([medic.binary, "encode", "-", "--show-secrets"], input=manifest.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done
    return done.stdout


def b64(text):
    return base64.b64encode(text).decode()


applied = json.dumps({"data": {"password": b64(OF_VALUES[4])}}).replace('"', '\\"')
protobuf = encode(f"""apiVersion: v1
kind: Secret
metadata:
  name: first
  namespace: default
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{applied}"
data:
  password: {b64(OF_VALUES[0])}
type: Opaque
""")
visible = encode("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain, namespace: default}\ndata: {a: a-value-for-all-to-see}\n")
in_json = json.dumps({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "second", "namespace": "default"},
                      "data": {"token": b64(OF_VALUES[1])}}, separators=(",", ":")).encode()
cut = json.dumps({"apiVersion": "v1", "data": {"token": b64(OF_VALUES[3])}, "kind": "Secret"}, separators=(",", ":")).encode()[:-12]
stored = [(b"/registry/secrets/default/first", protobuf), (b"/registry/secrets/default/second", in_json),
          (b"/registry/secrets/default/third", b"\x00\xff\x1b]0;title\x07" + OF_VALUES[2]),
          (b"/registry/secrets/default/fourth", cut), (b"/registry/configmaps/default/plain", visible),
          (b"/elsewhere/a-secret", protobuf), (b"/registry/secrets/default/fifth", protobuf[:-20] + b"\xff" * 4)]
buckets = {b"key": {}, b"meta": {b"consistent_index": (40).to_bytes(8, "big"), b"term": (2).to_bytes(8, "big"),
                                 b"confState": b'{"voters":[4369],"auto_leave":false}', b"storageVersion": b"3.6.0"},
           b"members": {b"1111": b'{"id":4369,"peerURLs":["http://localhost:2380"],"name":"s"}'},
           b"members_removed": {}, b"cluster": {b"clusterVersion": b"3.6.0"}, b"lease": {}, b"alarm": {}, b"authRoles": {},
           b"auth": {b"authRevision": (5).to_bytes(8, "big"), b"authEnabled": b"\x01"},
           b"authUsers": {b"anna": field(1, b"anna") + field(2, OF_ETCD[0])}}
requests = [None]
main = 1
for version in (1, 2):
    for key, value in stored:
        main += 1
        buckets[b"key"][revision(main)] = key_value(key, value, main if version == 1 else main - len(stored), main, version)
        put = field(1, key) + field(2, value)
        requests.append(field(4, put) if version == 1 else
                        field(6, field(1, field(1, 0) + field(2, 3) + field(3, key) + field(7, value)) + field(2, field(2, put))))
main += 1
buckets[b"key"][revision(main, tombstone=True)] = field(1, stored[0][0])
requests.append(field(5, field(1, stored[0][0])))
requests.append(field(1100, field(1, b"anna") + field(2, OF_ETCD[1]) + field(4, OF_ETCD[0])))
requests.append(field(1012, field(1, b"anna") + field(2, OF_ETCD[1]) + field(3, OF_ETCD[2])))
requests.append(field(2, field(2, b"PUT") + field(3, b"/1/registry/secrets/old") + field(4, OF_VALUES[2])))
data = medic.scratch / "member-with-secrets"
make_member.write(data, buckets, requests)
value = medic.scratch / "value"
value.write_bytes(protobuf)
raw = medic.scratch / "raw-json"
raw.write_bytes(cut)
manifest = medic.scratch / "manifest.json"
manifest.write_bytes(in_json)
pages = (data / "member/snap/db").stat().st_size // make_member.PAGE

# The ways to call each command; a new one must be added here, if only as a reason why it prints no stored value.
D = str(data)
WAYS = {
    "info": [[D]], "verify": [[D]], "report": [[D], [D, "--output", "-"]], "repair": [[D]], "migrate": [[D, "--to", "3.7"]], "undo": "needs a journal",
    "wal dump": [[D], [D, "--values"], [D, "--raw", "--values"], [D, "--k8s"], [D, "--values", "--k8s"]],
    "wal stat": [[D], [D, "--by", "type"], [D, "--by", "prefix"]],
    "elections": [[D]], "snap dump": "of members alone",
    "get": [[D, "/", "--prefix"], [D, "/", "--prefix", "--raw"], [D, "/", "--prefix", "--print-value-only"],
            [D, "/registry/secrets/default/second"], [D, "secret/second"], [D, "/registry/secrets/default/third", "--print-value-only"],
            [D, "/", "--prefix", "--print-value-only", "--raw"], [D, "/", "--prefix", "--rev", "8"]],
    "keys": [[D], [D, "--values"], [D, "--values", "--raw"]],
    "hashkv": [[D]],
    "history": [[D, key.decode(), *more] for key, _ in stored for more in ([], ["--raw"])] + [[D, "secret/first"]],
    "deleted": [[D], [D, "--raw"], [D, "secrets"], [D, "-A", "-l", "a=b"]],
    "diff": [[D, "5", "16", "--values"], [D, "5", "16", "--values", "--raw"], [D, "5", "16"], [D, D]],
    "top": [[D], [D, "--by", "key"], [D, "--by", "kind"]], "leases": [[D]],
    "auth": [[D], [D, "users"], [D, "user", "anna"]], "members": [[D]], "alarms": [[D]], "meta": [[D]],
    "snapshot status": [[D]], "snapshot verify": [[D]],
    "db check": [[D]], "db pages": [[D]], "db page": [[D, str(i), "--hex"] for i in range(pages)], "db tree": [[D]],
    "db buckets": [[D]], "db dump": [[D, name.decode()] for name in buckets], "db stat": [[D]], "db freelist": [[D]],
    "db meta": [[D]], "db compact": "writes a db, which holds what it holds",
    "recover": "writes a member", "restore": "writes members", "salvage": "writes a member and what was lost, which hold what they hold",
    "objects": [[D], [D, "secrets", "-A"], [D, "secret", "second"], [D, "all", "-A"], [D, "-A"]],
    "timeline": [[D], [D, "--fields"], [D, "secrets"]], "blame": [[D, "secret/second"], [D, "/elsewhere/a-secret"], [D, "configmap/plain"]],
    "search": [[D, "e", *more] for more in ([], ["--decoded"], ["--all-revisions"], ["--regex"], ["--values"])],
    "describe": [[D, "secrets", "-A"], [D, "secret", "second"], [D, "all", "-A"]], "events": [[D, "-A"], [D]], "tree": [[D, "secret/second"]],
    "undelete": [[D, "secret/second"], [D, "secret/first"]], "when": [[D, "5"]], "rev-at": [[D, "2026-11-24T05:10:00Z"]],
    "decode": [[str(value)], [str(raw)], [str(manifest)]], "encode": [[str(manifest)]],
    "export": [[D, "--output", "EXPORTED"]], "audit": [[D]],
    "explain": "of texts", "version": "of texts", "completion": "of texts", "docs": "of texts", "help": "of texts",
}
help_text = subprocess.run([medic.binary, "help"], capture_output=True, text=True).stdout
listed = [name.strip() for name in re.findall(r"^  ([a-z-]+(?: [a-z]+)?) {2,}\S", help_text, re.M)]
assert listed and sorted(listed) == sorted(WAYS), ("every command must be looked at", set(listed) ^ set(WAYS))


def forms(secret):
    """What gives `secret` away: itself, hex, and base64 at each of its three alignments, once and twice."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode(), secret.hex(" ").encode()}
    once = set()
    for shift in range(3):
        encoded = base64.b64encode(b"x" * shift + secret)
        once.add(encoded[4 if shift else 0 : -4])
    for text in once:
        for shift in range(3):
            found.add(base64.b64encode(b"x" * shift + text)[4 if shift else 0 : -4])
    return found | once


def dumped(output):
    """The bytes of hex dumps in it, line breaks undone."""
    lines = re.findall(rb"^[0-9a-f]{8}  ((?:[0-9a-f]{2} ?)+)", output.replace(b"\r", b""), re.M)
    return b"".join(bytes.fromhex(line.decode().replace(" ", "")) for line in lines)


FORMS = {secret: forms(secret) for secret in OF_VALUES + OF_ETCD}


def given_away(output, secrets):
    joined = output.replace(b"\r\n", b"").replace(b"\n", b"")
    everything = output + b"|" + joined + b"|" + dumped(output)
    return [secret for secret in secrets if any(form in everything for form in FORMS[secret])]


def on_terminal(args):
    """What the command writes to a terminal, with its errors."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(medic.binary, [str(medic.binary), *args])
    output, end = b"", time.time() + 60
    while time.time() < end:
        ready, _, _ = select.select([fd], [], [], 1)
        if not ready:
            continue
        try:
            part = os.read(fd, 1 << 16)
        except OSError:
            break
        if not part:
            break
        output += part
    os.close(fd)
    os.waitpid(pid, 0)
    return output


def in_pipe(args):
    done = subprocess.run([medic.binary, *args], capture_output=True, timeout=60)
    return done.stdout + done.stderr


def calls():
    number = 0
    for command, ways in WAYS.items():
        for way in ways if isinstance(ways, list) else []:
            for form in FORMATS:
                number += 1
                args = [medic.scratch / f"exported-{number}" if word == "EXPORTED" else word for word in way]
                yield command, [*command.split(), *map(str, args), "-o", form]


def exported(args):
    if "--output" not in args:
        return b""
    folder = pathlib.Path(args[args.index("--output") + 1])
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


looked, shown = 0, {}
for command, args in calls():
    usage = subprocess.run([medic.binary, *args, "--hide-secrets"], capture_output=True, timeout=60)
    if usage.returncode & 16:
        continue  # no such format
    looked += 1
    hidden = usage.stdout + usage.stderr + exported(args)
    leak = given_away(hidden, OF_VALUES + OF_ETCD)
    assert not leak, ("with --hide-secrets in a pipe", args, leak)
    if command != "export":  # a terminal shows a table of numbers, and the files are whole
        output = on_terminal(args)
        leak = given_away(output, OF_VALUES + OF_ETCD)
        assert not leak, ("on a terminal", args, leak)
        assert b"\x1b]0;" not in output, ("a value steers the terminal", args)
    leak = given_away(in_pipe(args), OF_ETCD) if command not in ("db page",) else []
    assert not leak, ("in a pipe", args, leak)
    shown.setdefault(command, set()).update(given_away(in_pipe([*args, "--show-secrets"]), OF_VALUES + OF_ETCD))
assert looked > 250, looked
# A stream takes no format.
for flags in ([], ["--apply-ready"]):
    stream = ["export", D, "--output", "-", *flags]
    assert not given_away(in_pipe([*stream, "--hide-secrets"]), OF_VALUES) and not given_away(on_terminal(stream), OF_VALUES), stream
    assert given_away(in_pipe(stream), OF_VALUES), "nothing was hidden, so nothing was shown"

# With --show-secrets they are there, so the test would see them.
for command in ("wal dump", "get", "keys", "history", "diff", "db page", "db dump", "objects", "decode"):
    assert OF_VALUES[0] in shown[command] or OF_VALUES[1] in shown[command], (command, shown[command])
for command, secret in (("wal dump", OF_ETCD[1]), ("wal dump", OF_ETCD[2]), ("auth", OF_ETCD[0]), ("db dump", OF_ETCD[0])):
    assert secret in shown[command], (command, secret)
assert OF_VALUES[2] in shown["get"] and OF_VALUES[3] in shown["get"], shown["get"]

# What is not a secret stays visible where Secrets are hidden: names, keys of the data, other objects.
text = on_terminal(["get", D, "/", "--prefix"])
assert b"a-value-for-all-to-see" in text and b"password: '***'" in text and b"Opaque" in text, text
text = in_pipe(["db", "dump", D, "key", "-o", "json", "--hide-secrets"])
assert b"a-value-for-all-to-see" in text or b64(b"a-value-for-all-to-see").encode()[:12] in text, text
assert OF_VALUES[0] not in on_terminal(["encode", str(manifest)])
assert medic.run("get", D, "/", "--prefix", "--show-secrets", "--hide-secrets")[0] == 16
print(f"{looked} calls, none shows a secret that it should hide")
