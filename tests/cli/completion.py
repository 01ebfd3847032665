#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completion in bash, zsh and fish: commands, flags, the values of flags, and words by their place; what is offered is also taken."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = medic.scratch / "minikube-like"
os.chdir(medic.scratch)  # where no file has a name that completes
scripts = {shell: medic.run("completion", shell)[1] for shell in ("bash", "zsh", "fish")}


def completed(*words):
    """What bash offers for the last word."""
    line = " ".join(shlex.quote(word) for word in ("etcdmedic", *words))
    script = scripts["bash"].decode() + f'COMP_WORDS=({line}); COMP_CWORD={len(words)}; _etcdmedic; printf "%s\\n" "${{COMPREPLY[@]}}"'
    return subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout.decode().split()


commands = [line.split() for line in medic.run("help", "-o", "name")[1].decode().splitlines()]
assert len(commands) > 30
for words in commands:
    for count in range(1, len(words) + 1):
        assert words[count - 1] in completed(*words[:count]), words
    assert "--help" in completed(*words, "--")
assert completed("wal", "du") == ["dump"]
assert "--raw" in completed("wal", "dump", "--") and "--raw" not in completed("wal", "stat", "--")
assert completed("explain", "WAL-CRC-M") == ["WAL-CRC-MISMATCH"]

# The same questions to all three shells: values of flags, after a space and after "=", and words by their place.
QUESTIONS = [("top", "DIR", "--by", ""), ("top", "DIR", "--by=ke"), ("wal", "stat", "DIR", "--by", ""), ("get", "DIR", "--sort-by", "m"),
             ("info", "DIR", "-o", ""), ("wal", "dump", "DIR", "--type", "IRRP"), ("audit", "DIR", "--target", "1.3"),
             ("objects", "DIR", "deplo"), ("objects", "-n", "x", "DIR", "persistentvolumec"), ("db", "dump", "DIR", "authU"), ("completion", "f"), ("wal", "du")]
ANSWERS = ["key kind namespace prefix", "key", "prefix segment type", "modify", "json ndjson table yaml", "IRRPut",
           "1.30 1.31 1.32 1.33 1.34 1.35 1.36 1.37", "deploy deploymentconfigs deployments", "persistentvolumeclaims", "authUsers", "fish", "dump"]


def bash_words(question):
    """As readline hands them to the script: "--by=ke" is three words."""
    *before, last = question
    return completed(*before, *(part for part in re.split("(=)", last) if part or "=" not in last))


def zsh_words(question):
    """The script as a function, with the builtins of zsh's completion in place of which there is no terminal."""
    stubs = """compdef() { : }; compset() { : }; _files() { : }
compadd() { print -rl -- ${(P)2} }
_describe() { print -rl -- ${${(P)2}%%:*} }
"""
    asked = f"words=(etcdmedic {' '.join(map(shlex.quote, question))}); CURRENT={len(question) + 1}; _etcdmedic\n"
    out = subprocess.run(["zsh", "-f"], input=stubs.encode() + scripts["zsh"] + asked.encode(), capture_output=True, check=True)
    current = question[-1].split("=")[-1]
    return [word for word in out.stdout.decode().split() if word.startswith(current)]


def fish_words(question):
    line = " ".join(("etcdmedic", *question))
    script = scripts["fish"].decode() + f"\ncomplete -C {shlex.quote(line)}\n"
    out = subprocess.run(["fish", "--no-config"], input=script.encode(), capture_output=True, check=True, env=dict(os.environ, HOME=str(medic.scratch)))
    return [row.split("\t")[0].split("=")[-1] for row in out.stdout.decode().splitlines()]


for shell, words_of in [("bash", bash_words), ("zsh", zsh_words), ("fish", fish_words)]:
    assert shutil.which(shell), f"{shell} is needed: scripts/test installs it"
    subprocess.run([shell, "-n"], input=scripts[shell], check=True)
    for question, answer in zip(QUESTIONS, ANSWERS, strict=True):
        assert " ".join(sorted(words_of(question))) == answer, (shell, question, words_of(question))
# A path comes before what has a place of its own.
assert completed("objects", "deplo") == [] and fish_words(("objects", "deplo")) == [] and zsh_words(("objects", "deplo")) == []
# What is offered is taken.
for command, flag in [("top", "--by"), ("top", "--sort"), ("wal stat", "--by"), ("wal dump", "--type"), ("get", "--sort-by"), ("get", "--order"),
                      ("db pages", "--use"), ("verify", "--etcd-version"), ("repair", "--etcd-version"), ("audit", "--target"), ("db check", "--meta")]:
    offered = completed(*command.split(), "DIR", flag, "")
    assert len(offered) > 1, (command, flag)
    for word in offered:
        code, _, err = medic.run(*command.split(), data, *(["/"] if command == "get" else []), flag, word)
        assert code != 16, (command, flag, word, err)
print("three shells offer the same")
