#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`snapshot verify` against the real thing: what etcdutl of each release makes of a backup is what was predicted, and a backup that was
called usable gives an etcd that serves every key in it."""
import hashlib
import json
import os
import shutil
import subprocess
import sys

from server import Client, Server
from medic import Medic

medic = Medic(sys.argv)
binaries = sys.argv[4]  # a folder with etcd-VERSION and etcdutl-VERSION
VERSIONS = [v for v in ("3.5", "3.6", "3.7") if os.path.exists(f"{binaries}/etcdutl-{v}")]
if not VERSIONS:
    print("skipped: no etcdutl")
    sys.exit(77)
peers = 0
wrong = []


def hashed(pages):
    return pages + hashlib.sha256(pages).digest()


def make():
    """A snapshot by a real server with keys of several kinds, and edits of it. name -> bytes"""
    data = medic.scratch / "source"
    server = Server(f"{binaries}/etcd-{VERSIONS[0]}", data)
    assert server.wait(), server.last_words()
    client = Client(server.port)
    for i in range(300):
        client.put(f"key/{i % 120:03}", f"value {i}\n" * (i % 7))
    client.call("/v3/kv/deleterange", {"key": "a2V5LzAwNQ=="})
    save = medic.scratch / "saved.db"
    with open(save, "wb") as out:
        out.write(snapshot(client))
    kept = client.everything()
    server.stop()
    return save.read_bytes(), kept, (data / "member/snap/db").read_bytes()


def snapshot(client):
    """The snapshot call of the JSON gateway streams blobs; etcd sends the SHA-256 as the last one."""
    import base64
    client.connection.request("POST", "/v3/maintenance/snapshot", "{}", client.headers)
    answer = client.connection.getresponse().read()
    blobs = [json.loads(line)["result"].get("blob", "") for line in answer.splitlines() if line.strip()]
    return b"".join(base64.b64decode(blob) for blob in blobs)


def restore(version, path, skip):
    target = medic.scratch / "restored"
    shutil.rmtree(target, ignore_errors=True)
    done = subprocess.run([f"{binaries}/etcdutl-{version}", "snapshot", "restore", path, "--data-dir", target, *(["--skip-hash-check"] if skip else [])],
                          capture_output=True, text=True, timeout=60)
    return done.returncode == 0, done.stdout + done.stderr, target


def judged(path):
    code, out, _ = medic.run("snapshot", "verify", path, "-o", "json")
    return code, json.loads(out)


def serves(version, target, kept):
    server = Server(f"{binaries}/etcd-{version}", target, name="default")
    try:
        return server.wait(30) and Client(server.port).everything() == kept
    finally:
        server.stop()


saved, kept, copied = make()
pages = saved[:-32]
flip = bytearray(saved)
flip[-40] ^= 1
key_page = bytearray(pages)
for at in range(2 * 4096, len(pages), 4096):  # one leaf page that says it is another
    if key_page[at + 8] == 2 and b"key/" in key_page[at:at + 4096]:
        key_page[at] ^= 1
        break
# The highest page in use and what follows it.
used = [row["page"] for row in json.loads(medic.run("db", "pages", medic.scratch / "saved.db", "-o", "json")[1])["pages"]
        if row["use"] in ("leaf", "branch")]
cut = pages[:4096 * max(used)]
cases = {"saved": saved, "copied": copied, "no-hash": pages, "cut-16": saved[:-16], "line-feed": saved + b"\n", "flipped": bytes(flip),
         "cut-page": cut, "cut-page-hashed": hashed(cut), "page-id": hashed(bytes(key_page)), "empty": b"",
         "html": b"<html>no</html>", "zeros": bytes(65536), "twice": hashed(saved), "more-pages": hashed(pages + bytes(8192))}
if "3.6" in VERSIONS:  # etcdutl itself breaks the hash of what it looks at
    touched = medic.scratch / "touched.db"
    touched.write_bytes(saved)
    subprocess.run([f"{binaries}/etcdutl-3.6", "hashkv", touched], check=True, capture_output=True)
    cases["touched"] = touched.read_bytes()
    if "a tool has written to the pages" not in str(judged(touched)[1]["findings"]):
        wrong.append(f"touched: {judged(touched)[1]['findings']}")
booted = 0
for name, data in cases.items():
    path = medic.scratch / f"{name}.db"
    path.write_bytes(data)
    code, report = judged(path)
    for version in VERSIONS:
        plain, said, target = restore(version, path, False)
        if plain != (report["restore"]["restore_outcome"] == "takes"):
            wrong.append(f"{name}: etcdutl {version} {'takes' if plain else 'refuses'} it, predicted {report['restore']}: {said[-300:]}")
        if not plain and report["restore"].get("message", "").split(" [")[0] not in said:
            wrong.append(f"{name}: etcdutl {version} says {said[-300:]!r}, predicted {report['restore']['message']!r}")
        skipping, said, target = restore(version, path, True)
        if skipping != (report["restore"]["restore_outcome"] != "refuses"):
            wrong.append(f"{name}: etcdutl {version} with --skip-hash-check: {skipping}, predicted {report['restore']}: {said[-300:]}")
        if report["verdict"] == "usable":
            booted += 1
            if not skipping or not serves(version, target, kept):
                wrong.append(f"{name}: called usable, and etcd {version} does not serve all of it")
    if (code == 0) != (report["verdict"] == "usable"):
        wrong.append(f"{name}: exit {code}, {report['verdict']}")
assert booted >= 4 * len(VERSIONS), booted
print("\n".join(wrong) or f"{len(cases)} backups, {len(VERSIONS)} releases, {booted} restored and served", file=sys.stderr)
sys.exit(bool(wrong))
