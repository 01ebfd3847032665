#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`objects` where values are damaged, hidden or encrypted: undecrypted_objects.py MEDIC SOURCE SCRATCH

A value that is damaged costs that value alone, Secrets are masked on a terminal, and what is encrypted opens with its key only."""
import csv
import json
import pty
import re
import shutil
import subprocess
import sys

from cluster import Medic, unpacked

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
SOUND = medic.scratch / "minikube-like"
# The stored Pod begins so: magic, apiVersion, kind; then the object (field 2, its length in two bytes), its metadata.
POD = b"k8s\0\n\x09\n\x02v1\x12\x03Pod\x12"
KEY = b"/registry/pods/default/keepr"


def objects(path, *words):
    code, out, err = medic.run("objects", path, *words)
    return code, out.decode(), err.decode()


def damaged(name, change):
    """A copy in which `change` was made to every stored value of the Pod; asserts that something changed."""
    path = medic.scratch / name
    shutil.copytree(SOUND, path)
    db = path / "member/snap/db"
    data = bytearray(db.read_bytes())
    before = bytes(data)
    at = data.find(KEY)
    while at >= 0:
        value = data.find(POD, at, at + 64)
        if value >= 0:
            change(data, value)
        at = data.find(KEY, at + 1)
    assert bytes(data) != before, "damage must damage"
    db.write_bytes(data)
    return path


def no_object(data, value):
    data[value:value + 4] = b"XXXX"


def broken_metadata(data, value):
    name = data.index(b"\x0a\x05keepr", value)
    data[name + 1] = 0xFF  # the name's length now runs far past the metadata
    data[name + 2] = 0x7F


_, all_pods, _ = objects(SOUND, "pods", "-A", "-o", "name")
sound = all_pods.split()
assert "pod/keepr" in sound and len(sound) > 3

path = damaged("no-object", no_object)
code, out, err = objects(path, "pods", "-A", "-o", "ndjson")
assert code == 4, code
assert out.count("\n") == len(sound) - 1, "the list goes on"
assert "K8S-VALUE-NOT-OBJECT" in err and KEY.decode() in err, err
code, out, err = objects(path, "pods", "-A")
assert code == 4 and "keepr" in out and "<unknown>" in out, out

path = damaged("broken-metadata", broken_metadata)
code, out, err = objects(path, "pods", "-A", "-o", "yaml")
assert code == 4 and "K8S-VALUE-TRUNCATED" in err and "metadata" in err, (code, err)
for name in sound:
    assert name == "pod/keepr" or f"name: {name.removeprefix('pod/')}\n" in out, name


def on_terminal(*words):
    main, side = pty.openpty()
    with subprocess.Popen([medic.binary, "objects", str(SOUND), *words], stdout=side, stderr=subprocess.DEVNULL) as done:
        subprocess.os.close(side)
        text = b""
        try:
            while part := subprocess.os.read(main, 65536):
                text += part
        except OSError:  # how a terminal says that nobody writes any more
            pass
    assert done.returncode == 0, done.returncode
    return text.decode()


SECRET = "cEBzczogd29yZA=="
assert SECRET in objects(SOUND, "secret", "sec", "-n", "demo", "-o", "yaml")[1], "a program gets all"
assert SECRET in on_terminal("secret", "sec", "-n", "demo", "-o", "yaml", "--show-secrets")
for form in ("yaml", "json", "ndjson", "jsonpath={.data}", "custom-columns=D:.data.pw"):
    shown = on_terminal("secret", "sec", "-n", "demo", "-o", form)
    assert SECRET not in shown and "***" in shown, (form, shown)

# Encryption at rest.
data, expected = unpacked(medic, "encrypted"), unpacked(medic, "encrypted-expected")
config = expected / "encryption-config.yaml"
opened = 0
for row in csv.DictReader(open(expected / "plain/index.tsv"), delimiter="\t"):
    if not row["key"].startswith("/registry/secrets/"):
        continue
    namespace, name = row["key"].split("/")[3:]
    code, out, err = objects(data, "secret", name, "-n", namespace, "-o", "yaml", "--show-managed-fields", "--encryption-config", config)
    assert code == 0 and not err, (row["key"], code, err)
    lines = [line for line in out.splitlines(keepends=True) if not line.startswith('  resourceVersion: "')]
    text = (expected / "plain" / (row["key"].lstrip("/") + ".yaml")).read_text()
    assert "".join(lines) == text, row["key"]
    opened += 1
assert opened >= 10, opened

code, out, err = objects(data, "secrets", "-A", "-o", "ndjson")
closed = [line for line in err.splitlines() if "is encrypted with" in line]
assert code == 8 and len(closed) == opened - out.count("\n") > 0, (code, err)
for key in ('"cbc1"', '"cbc2"', '"gcm1"', '"box1"'):
    assert any(key in line for line in closed), (key, err)

# What changed in an object between two revisions, each encrypted with a nonce of its own.
key = "/registry/secrets/enc/aescbc-2"
first, last = [row["revision"] for row in json.loads(medic.run("history", data, key, "-o", "json")[1])["changes"]][:2]
for flags in ([], ["--encryption-config", config]):
    code, out, err = medic.run("diff", data, first, last, *flags)
    lines = re.split(re.escape(f"~ {key}  revision {first} -> {last}") + r"(?:, .*)?\n", out.decode())[1].splitlines()
    assert bool(flags) == any(line.startswith("    +") for line in lines), (flags, lines)
    assert "    +kind: Secret" not in lines, "only what differs"

# What could not be looked at is counted, and the exit code says it.
inside = "a-text-of-no-value"
for words in (["search", inside], ["search", inside, "--all-revisions"], ["timeline", "--fields"], ["tree", "ns/default"]):
    code, out, err = medic.run(words[0], data, *words[1:])
    assert code & 8 and re.search(rb"\netcdmedic: \d+ values are encrypted and not looked at; --encryption-config opens them\n", b"\n" + err), (words, code, err)
    code, _, err = medic.run(words[0], data, *words[1:], "--encryption-config", config)
    assert code == (1 if words[0] == "search" else 0) and b"encrypted" not in err, (words, code, err)

# The right names with wrong keys: each value says which key did not open it, and none comes out.
wrong = medic.scratch / "wrong-keys.yaml"
text = config.read_text()
secrets = re.findall(r"secret: ([^ }]+)", text)
assert len(secrets) >= 4
for secret in secrets:
    text = text.replace(secret, ("B" if secret[0] == "A" else "A") + secret[1:])
assert text != config.read_text(), "damage must damage"
wrong.write_text(text)
code, out, err = objects(data, "secrets", "-A", "-o", "ndjson", "--encryption-config", wrong)
assert code & 8 and out.count("\n") == opened - len(closed), (code, out, err)
for secret in secrets:
    assert secret not in err and secret not in out, "keys are never printed"
print(f"damaged values cost themselves only; {opened} secrets opened, {len(closed)} of them stay closed without their keys")
