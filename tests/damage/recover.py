#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`recover` over the corpora: what it writes holds what the source holds, without the backend and beside a damaged one too; it never writes
into its source, and leaves nothing where it cannot write."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys

from medic import Medic, picture

medic = Medic(sys.argv)
recovered = 0


def hashed(path):
    code, out, _ = medic.run("hashkv", path, "-o", "json")
    return [json.loads(out)[name] for name in ("hash", "hash_revision", "compact_revision")] if code == 0 else None


def recover(source, name, *flags):
    """The document of a recovery; the directory written must be sound, and the source as it was."""
    global recovered
    output, before = medic.scratch / name, picture(source)
    code, out, err = medic.run("recover", source, "--output", output, "-o", "json", *flags)
    assert code == 0, (source, code, err.decode())
    assert picture(source) == before, f"{source} was changed"
    assert not os.path.exists(f"{output}.partial")
    document = json.loads(out)
    assert document["schema"] == "etcdmedic.recover/v1" and document["sound"], document
    recovered += 1
    return output, document


def without_backend(source, name):
    copy = medic.scratch / name
    shutil.copytree(source, copy)
    os.remove(copy / "member/snap/db")
    return copy


folders = []
for corpus in ("single-3.4", "single-3.5", "single-3.6", "divergence", "cluster-3"):
    place = medic.corpus(corpus)
    if place:
        folders += sorted(path.parent for path in place.glob("*/member"))
assert len(folders) > 6, folders
for folder in folders:
    label = f"{folder.parent.name}-{folder.name}"
    if medic.verify(folder)[0] == 0:
        output, document = recover(folder, label)
        assert document["revision"] >= hashed(folder)[1]
        if document["index"] == document.get("first_index", document["index"] + 1) - 1:  # nothing was left to apply
            assert hashed(output) == hashed(folder), (label, document)
    gone = without_backend(folder, label + "-gone")
    code, out, err = medic.run("recover", gone, "-o", "json")
    if code == 0:
        document = json.loads(out)
        assert document["base"] == "log", document
        members = json.loads(medic.run("members", folder, "-o", "json")[1])
        again, document = recover(gone, label + "-again")
        assert hashed(again)[0] == hashed(output)[0], (label, document, "from the log it is another")
    else:
        assert b"holds entries" in err or b"there is no log" in err, err

# The flipped record of m2: the backend is not used, and the log gives what the others hold.
place = medic.scratch / "divergence"
if place.exists():
    output, document = recover(place / "m2", "healed")
    assert document["base"] == "log", document
    assert hashed(output) == hashed(place / "m1"), "m2 recovered is not what m1 holds"

# A disk that is full, or a limit on the size of files, is an error that leaves nothing.
source = folders[2]
limited = medic.scratch / "limited"
limited.mkdir()


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))


for flag in ("--output", "--snapshot"):
    done = subprocess.run([medic.binary, "recover", source, flag, limited / "new"], capture_output=True, timeout=60, preexec_fn=small_files)
    assert done.returncode == 8 and b"cannot write" in done.stderr, (flag, done)
    assert os.listdir(limited) == [], os.listdir(limited)
script = f"mount -t tmpfs -o size=64k none '{limited}' && '{medic.binary}' recover '{source}' --output '{limited}/new'; echo $?; ls -A '{limited}' | wc -l"
done = subprocess.run(["unshare", "-rm", "bash", "-c", script], capture_output=True, text=True, timeout=60)
if done.stdout.split() == ["1", "0"] or "mount" in done.stderr:
    print("skipped: no file system of its own can be mounted here")
else:
    assert done.stdout.split() == ["8", "0"] and "No space left on device" in done.stderr, done
# What is there is not overwritten.
code, _, err = medic.run("recover", source, "--output", medic.scratch)
assert code == 8 and b"not an empty directory" in err, err
assert recovered > 8, recovered
print(f"{recovered} directories recovered")
