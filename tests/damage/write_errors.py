#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A result that cannot be written: a message and exit code 8; a reader that has gone away is a quiet end."""
import json
import subprocess
import sys

from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
COMMANDS = [f"keys {data}", f"info {data}", f"wal dump {data} --raw", f"objects {data} -A -o yaml", "help", "--version", f"verify {data} -o json", f"db dump {data} key"]


def shell(line):
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60)
    return done.returncode, done.stdout, done.stderr.decode()


for command in COMMANDS:
    code, _, err = shell(f"'{medic.binary}' {command} > /dev/full")
    assert code & 8 and err.count("cannot write to standard output: No space left on device") == 1, (command, code, err)
    code, _, err = shell(f"'{medic.binary}' {command} >&-")
    assert code & 8 and "cannot write to standard output: Bad file descriptor" in err, (command, code, err)
    code, out, err = shell(f"set -o pipefail; '{medic.binary}' {command} | head -c 10")
    assert code & 8 == 0 and out and "cannot write" not in err, (command, code, err)
    code, _, err = shell(f"'{medic.binary}' {command} 2>&- >&-")
    assert code & 8, (command, code)
# With descriptor 1 closed no file that is opened may get its number and be written to.
copy = medic.scratch / "new.db"
code, _, err = shell(f"'{medic.binary}' db compact {data} {copy} >&-")
assert code & 8 and subprocess.run([medic.binary, "db", "check", copy], capture_output=True).returncode == 0, err
# Standard input that is closed or a directory.
assert shell(f"'{medic.binary}' decode - <&-")[0] == 8
assert shell(f"'{medic.binary}' info - < {data}")[0] == 8
# Programs read what went wrong from the document, in each of their formats.
for form in ("json", "ndjson"):
    code, out, err = medic.run("verify", medic.scratch / "none", "-o", form)
    assert code == 8 and json.loads(out) == {"schema": "etcdmedic.error/v1", "error": {
        "reason": "io", "path": str(medic.scratch / "none"), "message": "does not exist"}}, out
code, out, err = medic.run("verify", medic.scratch / "none", "-o", "yaml")
assert out.decode().startswith("schema: etcdmedic.error/v1\nerror:\n  reason: io\n"), out
assert medic.run("verify", medic.scratch / "none")[1] == b""
print(f"{len(COMMANDS)} commands say that they could not write")
