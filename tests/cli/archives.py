#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Archives in the place of a PATH: each format and packing says the same as the files in it; several members are named and one is picked;
what is damaged, cut short, encrypted, a link or a bomb ends in words. Nothing is written beside an archive."""
import gzip
import io
import json
import lzma
import os
import pathlib
import random
import resource
import subprocess
import sys
import tarfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic, picture

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
for corpus in ("single-3.4", "cluster-3"):
    medic.unpack(medic.source / f"testdata/corpora/{corpus}.tar.zst")
data, snapshot, cluster = medic.scratch / "minikube-like", medic.scratch / "single-3.4/snapshot.db", medic.scratch / "cluster-3"
made = medic.scratch / "made"
made.mkdir()


def zip_of(name, files):
    with zipfile.ZipFile(made / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, place in files:
            archive.write(path, place)
    return made / name


def tar_of(name, folder, *names, flags=()):
    subprocess.run(["tar", "-C", folder, *flags, "-cf", made / name, *names], check=True)
    return made / name


def answer(*args):
    """Without what names the place."""
    code, out, err = medic.run(*args, "-o", "json")
    document = json.loads(out)
    document.pop("path", None)
    document.pop("next_steps", None)
    return code, document


# One member: the answers are those of its directory.
whole = {args: answer(*args[:1], data, *args[1:]) for args in (("verify",), ("info",), ("keys", "/registry/namespaces"), ("elections",), ("objects", "pods", "-A"))}
archives = [tar_of("m.tar", data.parent, data.name), tar_of("m.tar.gz", data.parent, data.name, flags=["-z"]), tar_of("m.tar.zst", data, ".", flags=["--zstd"]),
            tar_of("m.tar.xz", data, "member", flags=["--xz"]), tar_of("sparse.tar", data.parent, data.name, flags=["--sparse", "--format=gnu"]),
            tar_of("absolute.tar", "/", str(data), flags=["-P"]), zip_of("m.zip", [(path, path.relative_to(data.parent)) for path in data.rglob("*")])]
before = picture(made)
for archive in archives:
    for args, (code, document) in whole.items():
        found = answer(*args[:1], archive, *args[1:])
        if archive.suffix == ".zip" and args == ("verify",):  # zip keeps neither owners nor, as Python writes it, all modes
            found[1]["findings"] = [f for f in found[1]["findings"] if not f["code"].startswith("FILE-")]
        assert found == (code, document), (archive, args, found, document)
with open(made / "m.tar.gz", "rb") as stdin:
    piped = subprocess.run([medic.binary, "info", "-", "-o", "json"], stdin=stdin, capture_output=True, timeout=60)
    assert piped.returncode == whole["info",][0] and json.loads(piped.stdout)["last_index"] == whole["info",][1]["last_index"], piped
folder = tar_of("wal.tar", data / "member", "wal")
assert medic.run("wal", "dump", folder, "-o", "ndjson", "--limit", "50")[1] == medic.run("wal", "dump", data, "-o", "ndjson", "--limit", "50")[1].replace(b'"member/wal/', b'"wal/')

# One backup: k3s and rke2 save it alone in a zip; files packed by themselves.
status = answer("snapshot", "status", snapshot)
assert status[0] == 0
packed = [zip_of("etcd-snapshot-node-1764234000.zip", [(snapshot, "etcd-snapshot-node-1764234000")]), tar_of("backup.tar.gz", snapshot.parent, "snapshot.db", flags=["-z"])]
for name, pack in (("snapshot.db.xz", lzma.compress), ("snapshot.gz", gzip.compress)):
    (made / name).write_bytes(pack(snapshot.read_bytes()))
    packed.append(made / name)
for path in packed:
    assert answer("snapshot", "status", path) == status, path
    said, wanted = answer("snapshot", "verify", path), answer("snapshot", "verify", snapshot)
    assert said[0] == wanted[0] and said[1]["verdict"] == wanted[1]["verdict"] and said[1]["restore"] == wanted[1]["restore"], (path, said)
    out = medic.scratch / "restored"
    code, _, err = medic.run("restore", path, "--skip-hash-check", "--output", out)
    assert code in (0, 1) and (out / "member/snap/db").exists(), (path, code, err)
    subprocess.run(["rm", "-rf", out], check=True)

# info has both sizes of what is packed, and one of what is not.
for path in (made / "snapshot.db.xz", made / "snapshot.gz"):
    _, document = answer("info", path)
    assert (document["db_size"], document["unpacked_db_size"]) == (path.stat().st_size, snapshot.stat().st_size), document
    assert b"packed, 84.4 MiB unpacked" in medic.run("info", path)[1], path
for path in (snapshot, packed[0]):
    _, document = answer("info", path)
    assert document["db_size"] == snapshot.stat().st_size and "unpacked_db_size" not in document, document

# Several: named, and one picked.
bundle = tar_of("bundle.tar.xz", medic.scratch, "cluster-3", "single-3.4/snapshot.db", flags=["--xz"])
code, _, err = medic.run("info", bundle)
assert code == 16 and b"pick one" in err and b"cluster-3/m1" in err and b"single-3.4/snapshot.db" in err, err
for member in ("m1", "m3"):
    assert answer("verify", f"{bundle}!cluster-3/{member}") == answer("verify", cluster / member), member
assert answer("snapshot", "status", f"{bundle}!single-3.4/snapshot.db") == status
for path in (f"{bundle}!cluster-3/none", f"{made}/none.tar!m1", f"{snapshot}!x"):
    code, out, err = medic.run("verify", path)
    assert code == 8 and not out and err.startswith(b"etcdmedic: "), (path, err)

# Several members are judged as one cluster, as their directories are, however they are packed.
def together(*paths):
    code, out, err = medic.run("verify", *paths, "-o", "json")
    document = json.loads(out)
    standings = [{key: member[key] for key in ("member_id", "role", "sound", "commit", "electable", "replace")} for member in document["members"]]
    return (code, document["sound"], document["cluster_id"], [f["code"] for f in document["findings"]], standings), err.decode()


names = [f"m{number}" for number in range(1, 5)]
directories, _ = together(*(cluster / name for name in names))
assert directories[0] == 4 and directories[3] == ["CLUSTER-MEMBER-REMOVED"], directories
alone = [tar_of(f"{name}.tar", cluster, name) for name in names]
plain = tar_of("plain.tar", medic.scratch, "cluster-3")
for paths in ([bundle], [f"{plain}!cluster-3"], [f"{plain}!cluster-3/{name}" for name in names], alone, [alone[0], *(cluster / name for name in names[1:])]):
    found, err = together(*paths)
    assert found == directories, (paths, found)
    assert ("single-3.4/snapshot.db is not a member, and is left out" in err) == (paths == [bundle]), err
pair, _ = together(*(f"{plain}!cluster-3/{name}" for name in names[:2]))
assert pair[0] == 0 and len(pair[4]) == 2, pair
code, out, _ = medic.run("report", plain, "-o", "json")
assert code == 4 and len(json.loads(out)["reports"]) == 4, out[:300]
for path in (*alone, plain):
    path.unlink()

# A repair in place would be lost; on a copy it is for those who unpack first.
for flags in ([], ["--apply"], ["--output", medic.scratch / "repaired"]):
    code, _, err = medic.run("repair", made / "m.tar", *flags)
    assert code == 8 and b"unpack it" in err and not (medic.scratch / "repaired").exists(), (flags, code, err)
code, _, err = medic.run("salvage", bundle, "--output", medic.scratch / "salvaged")
assert code == 16 and b"pick one" in err and not (medic.scratch / "salvaged").exists(), err
code, _, err = medic.run("recover", made / "m.tar", "--output", medic.scratch / "recovered")
assert code == 0 and (medic.scratch / "recovered/member/snap/db").exists(), err


# What is hostile.
def tar_with(name, *entries):
    with tarfile.open(made / name, "w") as archive:
        for path, content, *more in entries:
            info = tarfile.TarInfo(path)
            info.size = len(content)
            info.type, info.linkname = more or (tarfile.REGTYPE, "")
            archive.addfile(info, io.BytesIO(content))
    return made / name


def refused(path, *words, code=8):
    found = medic.run("info", path)
    assert found[0] == code and all(word in found[2].decode() for word in words), (path, found)


refused(tar_with("up.tar", ("../../member/snap/db", snapshot.read_bytes())), "holds nothing")
refused(tar_with("link.tar", ("member/snap/db", b"", tarfile.SYMTYPE, str(snapshot))), "is a link in the archive")
refused(tar_with("hard.tar", ("a", b"x"), ("member/snap/db", b"", tarfile.LNKTYPE, "a")), "is a link in the archive")
refused(tar_with("device.tar", ("member/snap/db", b"", tarfile.CHRTYPE, "")), "device")
refused(tar_with("other.tar", ("a.txt", b"a"), ("b/c.json", b"{}")), "no member and no db, but a.txt, b/c.json")
many = made / "many.tar"
with open(many, "wb") as out:
    head = tarfile.TarInfo("x").tobuf()
    for _ in range(120000 // 1000):
        out.write(head * 1000)
refused(many, "more than 100000 entries")
if subprocess.run(["which", "zip"], capture_output=True).returncode == 0:
    subprocess.run(["zip", "-q", "-j", "-P", "secret", made / "closed.zip", snapshot], check=True)
    refused(made / "closed.zip", "encrypted")
else:
    print("not run: no zip here that encrypts")

# Bombs: more than all of etcd's files can have is refused; zeros take no disk before that.
zeros = made / "zeros.db.gz"
with gzip.open(zeros, "wb", 9) as out:
    for _ in range(5 << 10):
        out.write(bytes(1 << 20))
refused(zeros, "unpacks to more than")
inner = made / "bomb.zip"
with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open("snapshot.db", "w", force_zip64=True) as out:
    out.write(snapshot.read_bytes()[:8192])
    for _ in range(5 << 10):
        out.write(bytes(1 << 20))
refused(inner, "unpacks to more than")
small = subprocess.run([medic.binary, "info", inner], capture_output=True, timeout=60, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (256 << 20,) * 2))
assert small.returncode == 8 and b"unpacks to more than" in small.stderr, "in bounded memory"

# Cut short and damaged: an answer or words, never a crash or a hang (Medic.run checks signals and time).
chance, ends = random.Random(14), {}
for path in (made / "wal.tar", packed[0], packed[2], made / "snapshot.gz", tar_of("small.tar.zst", snapshot.parent, "snapshot.db", flags=["--zstd"])):
    content = path.read_bytes()
    for number in range(16):
        damaged = bytearray(content[: len(content) * number // 16] if number % 2 else content)
        for _ in range(3 if damaged else 0):
            damaged[chance.randrange(min(len(damaged), 2000 if number % 4 else len(damaged)))] ^= 1 << chance.randrange(8)
        (made / "damaged").write_bytes(damaged)
        code, out, err = medic.run("info", made / "damaged")
        assert out or err, (path, number)
        ends[code] = ends.get(code, 0) + 1
assert ends.get(8, 0) > 20, ends
(made / "damaged").unlink()
for name in ("up.tar", "link.tar", "hard.tar", "device.tar", "other.tar", "many.tar", "closed.zip", "zeros.db.gz", "bomb.zip", "small.tar.zst"):
    (made / name).unlink(missing_ok=True)
for path in [*packed, bundle, folder]:
    path.unlink()
assert picture(made) == before, "something was written beside an archive"
print(f"{len(archives)} archives of a member, {len(packed)} of a backup, damage ended in {ends}")
