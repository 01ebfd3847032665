#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the transcripts in this folder: NAME.sh with NAME.stdout, NAME.stderr and NAME.exit beside it. Each runs in a scratch
directory with data/ (a copy of the data directory in testdata/), $TESTDATA and etcdmedic on the path. --renew rewrites the expected files."""
import os
import pathlib
import shutil
import subprocess
import sys

binary, source, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
renew = "--renew" in sys.argv
here = source / "tests/cli"
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
subprocess.run(f"zstd -dc --long=27 {source}/testdata/minikube-like.tar.zst | tar -xf - -C {scratch}", shell=True, check=True)
wrong = ran = 0
for script in sorted(here.glob("*.sh")):
    place = scratch / script.stem
    shutil.copytree(scratch / "minikube-like", place / "data")
    environment = dict(os.environ, PATH=f"{pathlib.Path(binary).parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8", TESTDATA=str(source / "testdata"))
    done = subprocess.run(["bash", "-u", script], cwd=place, env=environment, capture_output=True, timeout=60)
    got = {"stdout": done.stdout, "stderr": done.stderr, "exit": f"{done.returncode}\n".encode()}
    ran += 1
    for kind, text in got.items():
        expected = script.with_suffix("." + kind)
        if renew:
            expected.write_bytes(text) if text else expected.unlink(missing_ok=True)
            continue
        want = expected.read_bytes() if expected.exists() else b""
        if want != text:
            wrong += 1
            print(f"{script.name}: {kind} differs; wanted:\n{want.decode(errors='replace')}\ngot:\n{text.decode(errors='replace')}")
assert ran > 5, "no transcripts found"
print(f"{ran} transcripts, {wrong} differences")
sys.exit(bool(wrong))
