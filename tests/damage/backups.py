#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`snapshot verify` of real backups, whole, edited, packed and foreign: the verdict, what `snapshot restore` makes of each (measured with
etcdutl 3.5.35, 3.6.16 and 3.7.3), and many in one call."""
import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile

from medic import Medic, picture


def report(path):
    code, out, err = medic.run("snapshot", "verify", path, "-o", "json")
    return code, json.loads(out)


def codes(found):
    return {f["code"] for f in found["findings"] if f["severity"] != "note"}


def field_report(name):
    return subprocess.run(["zstd", "-dcq", medic.source / "testdata/field-reports" / name], check=True, capture_output=True).stdout


def hashed(pages):
    return pages + hashlib.sha256(pages).digest()


def packed(name, data):
    """An archive with one file in it."""
    tar, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(name, data)
    return tar.getvalue(), zipped.getvalue()


medic = Medic(sys.argv)
saved = field_report("30-good.db.zst")
pages = saved[:-32]
flipped = bytearray(saved)
flipped[len(pages) // 2] ^= 1
tar, zipped = packed("etcd/snapshot.db", saved)


def written_to(data):
    """The first meta page of the next transaction but one, as `etcdutl hashkv` leaves it."""
    out = bytearray(data)
    out[16 + 48:16 + 56] = (int.from_bytes(out[16 + 48:16 + 56], "little") + 1).to_bytes(8, "little")
    check = 0xCBF29CE484222325
    for byte in out[16:16 + 56]:
        check = (check ^ byte) * 0x100000001B3 & (1 << 64) - 1
    out[16 + 56:16 + 64] = check.to_bytes(8, "little")
    return bytes(out)


MISSING = "snapshot missing hash but --skip-hash-check=false"
# name -> bytes, verdict, what restore does, the message that it begins with, a code
CASES = {
    "whole": (saved, "usable", "takes", "", None),
    "no-hash": (pages, "usable", "needs-skip-hash-check", MISSING, None),
    "cut-16": (saved[:-16], "damaged", "needs-skip-hash-check", MISSING, "SNAPSHOT-SIZE-WRONG"),
    "cut-512": (saved[:-512], "damaged", None, "expected sha256 [", "SNAPSHOT-SIZE-WRONG"),
    "cut-page": (pages[:-4096], "damaged", None, MISSING, "SNAPSHOT-SIZE-WRONG"),
    "cut-page-right-hash": (hashed(pages[:-4096]), "damaged", None, "", "DB-FILE-TRUNCATED"),
    "line-feed-appended": (saved + b"\n", "damaged", "needs-skip-hash-check", MISSING, "SNAPSHOT-SIZE-WRONG"),
    "hash-twice": (hashed(saved), "damaged", "needs-skip-hash-check", MISSING, "SNAPSHOT-SIZE-WRONG"),
    "flipped": (bytes(flipped), "damaged", "needs-skip-hash-check", "expected sha256 [", "DB-SNAPSHOT-HASH"),
    "written-to": (written_to(saved), "damaged", "needs-skip-hash-check", "expected sha256 [", "DB-SNAPSHOT-HASH"),
    "more-pages": (hashed(pages + bytes(4096)), "usable", "takes", "", None),
    "text-mode": (saved.replace(b"\n", b"\r\n"), None, None, None, None),
    "empty": (b"", "not-a-snapshot", "refuses", "seek ", "SNAPSHOT-FORMAT-FOREIGN"),
    "short": (b"no backup", "not-a-snapshot", "refuses", "seek ", "SNAPSHOT-FORMAT-FOREIGN"),
    "zeros": (bytes(65536), "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "unknown": (hashlib.shake_128(b"seed").digest(50000), "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "html": (b"<!DOCTYPE html><html><title>404</title></html>\n", "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "tar": (tar, "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "tar.gz": (gzip.compress(tar), "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "zip": (zipped, "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "base64": (base64.encodebytes(saved), "not-a-snapshot", "refuses", MISSING, "SNAPSHOT-FORMAT-FOREIGN"),
    "gzip": (gzip.compress(saved), "usable", "takes", "", None),
    "gzip-cut": (gzip.compress(saved)[:-100], "damaged", "refuses", MISSING, "SNAPSHOT-PACKING-DAMAGED"),
}
wrong = []
for name, (data, verdict, restore, message, code) in CASES.items():
    path = medic.scratch / f"{name}.db"
    path.write_bytes(data)
    before = picture(medic.scratch)
    exit_code, found = report(path)
    assert picture(medic.scratch) == before, name
    if verdict is None:  # whatever it is, it must not be called usable
        if found["verdict"] == "usable" or exit_code != 4:
            wrong.append(f"{name}: {found['verdict']}, exit {exit_code}")
        continue
    if (found["verdict"], exit_code) != (verdict, 0 if verdict == "usable" else 4):
        wrong.append(f"{name}: {found['verdict']}, exit {exit_code}; {found['findings']}")
    if restore and found["restore"]["restore_outcome"] != restore or not found["restore"].get("message", "").startswith(message):
        wrong.append(f"{name}: restore {found['restore']}")
    if code and code not in codes(found):
        wrong.append(f"{name}: {codes(found)}, wanted {code}")
    if verdict == "usable" and codes(found):
        wrong.append(f"{name}: {codes(found)}")

if "a tool has written to the pages" not in report(medic.scratch / "written-to.db")[1]["findings"][0]["message"]:
    wrong.append("written-to: the cause is not named")

# The cut one of the report.
cut = medic.scratch / "trunc3.db"
cut.write_bytes(field_report("30-trunc3.db.zst"))
if (code := report(cut)[0]) != 4:
    wrong.append(f"30-trunc3: exit {code}")

# Many in one call: a row each, a document with a list, exit codes joined, a file that is not there among them.
paths = [medic.scratch / f"{name}.db" for name in ("whole", "html", "cut-16")]
code, out, _ = medic.run("snapshot", "verify", *paths, "-o", "ndjson")
rows = [json.loads(line) for line in out.splitlines()]
if code != 4 or [row["verdict"] for row in rows] != ["usable", "not-a-snapshot", "damaged"]:
    wrong.append(f"ndjson: exit {code}, {rows}")
code, out, _ = medic.run("snapshot", "verify", *paths, medic.scratch / "nowhere.db", "-o", "json")
document = json.loads(out)
if code != 12 or [b["verdict"] for b in document["backups"]] != ["usable", "not-a-snapshot", "damaged", "unreadable"] or document["usable_count"] != 1:
    wrong.append(f"several: exit {code}, {document}")
code, out, _ = medic.run("snapshot", "verify", *paths)
if code != 4 or b"3 backups: 1 usable, 1 damaged, 1 not a snapshot" not in out:
    wrong.append(f"table: exit {code}, {out}")

# Of the damaged dbs none is usable that bbolt or etcd stops at, or whose other meta page etcd would open.
NO_DAMAGE = {"b00-control", "b05-bitflip-leaf-value", "b32-consistent-index-behind", "c00-freelist-array", "c01-freelist-hashmap",
             "c02-no-freelist-sync", "c08-freelist-missing-page", "d-pagesize-8192", "d-pagesize-65536", "b02-bitflip-inactive-meta"}
root = medic.corpus("db-corrupt")
for data in sorted(root.glob("*/data/member/snap/db")):
    name = data.parts[-5]
    code, found = report(data)
    if (found["verdict"] == "usable") != (name in NO_DAMAGE) and name != "b02-bitflip-inactive-meta":
        wrong.append(f"{name}: {found['verdict']}, {codes(found)}")
print("\n".join(wrong) or f"{len(CASES)} files, each judged as real etcdutl does", file=sys.stderr)
sys.exit(bool(wrong))
