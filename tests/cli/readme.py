#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the console transcripts of README.md and of the guides, compares their output in full, and checks that every command and link of a
page exists. --renew writes the output into the pages. /var/lib/etcd is a damaged member, backup.db the db of a Kubernetes cluster."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

binary, source, scratch = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
environment = dict(os.environ, PATH=f"{pathlib.Path(binary).resolve().parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8")


def prepare(scratch):
    """What the transcripts of one page work on."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for archive in ("corpora/wal-corrupt", "minikube-like"):
        subprocess.run(f"zstd -dc --long=27 {source}/testdata/{archive}.tar.zst | tar -xf - -C {scratch}", shell=True, check=True)
    shutil.move(scratch / "wal-corrupt/f01-bitflip-middle-segment/data", scratch / "etcd")
    shutil.copy(scratch / "minikube-like/member/snap/db", scratch / "backup.db")
    return scratch.resolve()


def run(command, scratch):
    here = command.replace("/var/lib/etcd", str(scratch / "etcd"))
    done = subprocess.run(["bash", "-uc", here], cwd=scratch, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.stdout.decode().replace(str(scratch / "etcd"), "/var/lib/etcd")


wrong, count, verbs = [], 0, set()
for page in (source / "README.md", *sorted((source / "docs/guide").glob("*.md"))):
    name = page.relative_to(source)
    place = prepare(scratch / page.stem)
    text = page.read_text()
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    commands = [re.findall(r"^\$ (.*)$", block, re.MULTILINE) for block in blocks]
    made = ["\n".join(f"$ {command}\n{run(command, place)}" for command in each) for each in commands]
    if "--renew" in sys.argv:
        for old, new in zip(blocks, made):
            text = text.replace(f"```console\n{old}```", f"```console\n{new}```")
        page.write_text(text)
        continue
    count += sum(map(len, commands))
    wrong += [f"{name} says:\n{old}\netcdmedic prints:\n{new}" for old, new in zip(blocks, made) if old != new]
    wrong += [f"{name} links to {link}, which does not exist" for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (page.parent / link).exists()]
    wrong += [f"{name} names {script}, which does not exist" for script in re.findall(r"`(scripts/\w+)`", text) if not (source / script).exists()]
    named = set(re.findall(r"`etcdmedic ((?:wal |snap(?:shot)? |db )?[a-z]+) [^`]*`", text))
    wrong += [f"{name} names the command {verb}, which has no help" for verb in sorted(named)
              if subprocess.run([binary, "help", *verb.split()], capture_output=True).returncode]
    verbs |= named
if "--renew" in sys.argv:
    sys.exit(0)
assert count >= 12 and len(verbs) >= 6, "the test found next to nothing to look at"
print("\n".join(wrong) or f"{count} commands print what the pages say; {len(verbs)} commands named, all exist")
sys.exit(bool(wrong))
