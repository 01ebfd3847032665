#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the console transcripts of a page, compares their output, and checks that every command and link that it names exists.

pages.py MEDIC SOURCE SCRATCH [--renew] [PAGE...]: by default README.md and docs/guide/*.md. --renew writes the output into the pages.

A page says in one comment what its transcripts work on; each line is `data: NAME = ARCHIVE PLACE`, a file or directory of an archive in
testdata/ (NAME is relative to the page's scratch folder, or an absolute path that stands for a place in it), `run: COMMAND`, which prepares
something that the reader does not see, or `needs: PROGRAM...`, without which the page is skipped:

    <!-- transcript
    data: /var/lib/etcd = corpora/wal-corrupt f01-bitflip-middle-segment/data
    run: touch /var/lib/etcd/member/wal/0.tmp
    needs: jq
    -->

In a ```console block, a line `$ COMMAND` is run by bash in the page's folder (`> MORE` continues it), and what follows is all that it
prints, to both outputs. A line `...` stands for any number of lines."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

binary, source, scratch = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
chosen = [pathlib.Path(name).resolve() for name in sys.argv[4:] if name != "--renew"]
environment = dict(os.environ, PATH=f"{pathlib.Path(binary).resolve().parent}:{os.environ['PATH']}", LC_ALL="C.UTF-8", TESTDATA=str(source / "testdata"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"^\$ (.*(?:\n> .*)*)\n?", re.MULTILINE)


class Page:
    def __init__(self, path):
        self.path, self.name, self.text = path, path.relative_to(source), path.read_text()
        comment = re.search(r"<!-- transcript\n(.*?)-->", self.text, re.DOTALL)
        self.rows = [line.split(": ", 1) for line in comment[1].splitlines()] if comment else []
        self.moved = {}  # an absolute path of the page: where it is

    def of(self, word):
        return [value for name, value in self.rows if name == word]

    def missing(self):
        return [program for line in self.of("needs") for program in line.split() if not shutil.which(program)]

    def prepare(self):
        assert {name for name, _ in self.rows} <= {"data", "run", "needs"}, f"{self.name}: unknown word in the transcript comment"
        self.place = (scratch / self.path.stem).resolve()
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        for row in self.of("data"):
            self.bring(*re.fullmatch(r"(\S+) = (\S+) (\S+)", row).groups())
        for command in self.of("run"):
            said = self.run(command)
            assert not said, f"{self.name}: {command}: {said}"

    def bring(self, name, archive, place):
        """One part of an archive, under the name that the page has for it."""
        target = self.place / name.lstrip("/")
        if name.startswith("/"):
            self.moved[name] = str(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        unpacked = scratch / "unpacked" / self.path.stem / archive
        if not unpacked.exists():
            unpacked.mkdir(parents=True)
            subprocess.run(f"zstd -dc --long=27 {source}/testdata/{archive}.tar.zst | tar -xf - -C {unpacked} --strip-components=1", shell=True, check=True)
        part = unpacked / place
        shutil.copytree(part, target, symlinks=True) if part.is_dir() else shutil.copy(part, target)

    def run(self, command):
        for name, real in self.moved.items():
            command = command.replace(name, real)
        done = subprocess.run(["bash", "-uc", command.replace("\n> ", "\n")], cwd=self.place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        printed = done.stdout.decode()
        for name, real in self.moved.items():
            printed = printed.replace(real, name)
        return printed

    def transcribe(self, block):
        """The block as it is when its commands are run; None where it has none."""
        commands = [match[1] for match in COMMAND.finditer(block)]
        return "\n".join(f"$ {command}\n{self.run(command)}" for command in commands)

    def commands(self):
        return sum(len(COMMAND.findall(block)) for block in BLOCK.findall(self.text))

    def renew(self):
        for block in BLOCK.findall(self.text):
            made = self.transcribe(block)
            if not agree(block, made):
                self.text = self.text.replace(f"```console\n{block}```", f"```console\n{made}```")
        self.path.write_text(self.text)

    def faults(self):
        made = [(block, self.transcribe(block)) for block in BLOCK.findall(self.text)]
        wrong = [f"{self.name} says:\n{old}\nthe commands print:\n{new}" for old, new in made if not agree(old, new)]
        wrong += [f"{self.name} links to {link}, which does not exist" for link in re.findall(r"\]\(([^)#:]+)\)", self.text)
                  if not (self.path.parent / link).exists()]
        wrong += [f"{self.name} names {script}, which does not exist" for script in re.findall(r"`(scripts/\w+)`", self.text) if not (source / script).exists()]
        return wrong + [f"{self.name} names the command {verb}, which has no help" for verb in sorted(self.verbs())
                        if subprocess.run([binary, "help", *verb.split()], capture_output=True).returncode]

    def verbs(self):
        return set(re.findall(r"`etcdmedic ((?:wal |snap(?:shot)? |db )?[a-z]+) [^`]*`", self.text))


def agree(block, made):
    """Whether the block is what was made, but for the lines that `...` stands for."""
    pattern = "".join(r"(?:.*\n)*?" if line == "...\n" else re.escape(line) for line in block.splitlines(keepends=True))
    return re.fullmatch(pattern, made) is not None


assert agree("$ x\n...\nb\n", "$ x\na\na\nb\n") and not agree("$ x\n...\nb\n", "$ x\na\nc\n") and not agree("$ x\na\n", "$ x\na\nb\n")
skipped, wrong, count = [], [], 0
for page in map(Page, chosen or (source / "README.md", *sorted((source / "docs/guide").glob("*.md")))):
    if page.missing():
        skipped.append(f"{page.name}: there is no {', '.join(page.missing())}")
        continue
    page.prepare()
    if "--renew" in sys.argv:
        page.renew()
        continue
    count += page.commands()
    wrong += page.faults()
    shutil.rmtree(page.place, ignore_errors=True)
    shutil.rmtree(scratch / "unpacked" / page.path.stem, ignore_errors=True)
said = "renewed" if "--renew" in sys.argv else f"{count} commands print what the page says"
print("\n".join([*wrong, *(f"skipped: {each}" for each in skipped)]) or said)
assert skipped or count or "--renew" in sys.argv, "a page without a transcript"
sys.exit(1 if wrong else 77 if skipped and "--renew" not in sys.argv else 0)
