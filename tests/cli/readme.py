#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the console transcripts of README.md and compares their output in full, and checks that every command and link of the page exists.
--renew writes the output into the page. /var/lib/etcd is a damaged member, backup.db the db of a Kubernetes cluster."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

binary, source, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
scratch = scratch.resolve()
for archive in ("corpora/wal-corrupt", "minikube-like"):
    subprocess.run(f"zstd -dc --long=27 {source}/testdata/{archive}.tar.zst | tar -xf - -C {scratch}", shell=True, check=True)
shutil.move(scratch / "wal-corrupt/f01-bitflip-middle-segment/data", scratch / "etcd")
shutil.copy(scratch / "minikube-like/member/snap/db", scratch / "backup.db")
environment = dict(os.environ, PATH=f"{pathlib.Path(binary).resolve().parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")


def run(command):
    here = command.replace("/var/lib/etcd", str(scratch / "etcd"))
    done = subprocess.run(["bash", "-uc", here], cwd=scratch, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.stdout.decode().replace(str(scratch / "etcd"), "/var/lib/etcd")


page = source / "README.md"
text = page.read_text()
blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
commands = [re.findall(r"^\$ (.*)$", block, re.MULTILINE) for block in blocks]
made = ["\n".join(f"$ {command}\n{run(command)}" for command in each) for each in commands]
if "--renew" in sys.argv:
    for old, new in zip(blocks, made):
        text = text.replace(f"```console\n{old}```", f"```console\n{new}```")
    page.write_text(text)
    sys.exit(0)
wrong = [f"README.md says:\n{old}\netcdmedic prints:\n{new}" for old, new in zip(blocks, made) if old != new]
wrong += [f"README.md links to {link}, which does not exist" for link in re.findall(r"\]\(([^)#:]+)\)", text)
          if not (source / link).exists()]
wrong += [f"README.md names {script}, which does not exist" for script in re.findall(r"`(scripts/\w+)`", text) if not (source / script).exists()]
verbs = set(re.findall(r"`etcdmedic ((?:wal |snap(?:shot)? |db )?[a-z]+) [^`]*`", text))
wrong += [f"README.md names the command {verb}, which has no help" for verb in sorted(verbs)
          if subprocess.run([binary, "help", *verb.split()], capture_output=True).returncode]
assert sum(map(len, commands)) >= 4 and len(verbs) >= 6, "the test found next to nothing to look at"
print("\n".join(wrong) or f"{sum(map(len, commands))} commands print what README.md says; {len(verbs)} commands named, all exist")
sys.exit(bool(wrong))
