# SPDX-License-Identifier: Apache-2.0
"""What the tests over whole directories share."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess


class Medic:
    def __init__(self, argv):
        self.binary, source, scratch = argv[1:4]
        self.source = pathlib.Path(source)
        self.scratch = pathlib.Path(scratch)
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)

    def run(self, *args):
        done = subprocess.run([self.binary, *map(str, args)], capture_output=True, timeout=60)
        assert done.returncode >= 0, f"{args} died of signal {-done.returncode}"
        return done.returncode, done.stdout, done.stderr

    def verify(self, path, *flags):
        code, out, err = self.run("verify", path, "-o", "json", *flags)
        assert code in (0, 4), (path, code, err)
        return code, json.loads(out)

    def plan(self, path):
        code, out, err = self.run("repair", path, "-o", "json")
        assert code in (0, 4), (path, code, err)
        return code, json.loads(out)

    def repaired(self, path, *flags, asked=()):
        """The plan; and the copy that it makes, with its losses accepted, and what verify says of that: None and None without steps."""
        code, out, err = self.run("repair", path, "-o", "json", *flags, *asked)
        assert code in (0, 4), (path, code, err)
        plan = json.loads(out)
        if not plan["steps"]:
            return plan, None, None
        before, copy = picture(path), self.scratch / "repaired"
        shutil.rmtree(copy, ignore_errors=True)
        code, _, err = self.run("repair", path, "--output", copy, "--accept-loss", *flags, *asked)
        assert code in (1, 5), (path, code, err)
        assert picture(path) == before, f"{path} was changed by a repair on a copy"
        return plan, copy, self.verify(copy, *flags)[1]

    def repairs(self, group):
        """What tests/e2e/repairs.py saw real servers do: {directory: (steps, etcd after, lost)}."""
        rows = [line.split("\t") for line in (self.source / "tests/e2e/repairs.tsv").read_text().splitlines()]
        return {row[1]: tuple(row[2:]) for row in rows if row[0] == group}

    def unpack(self, archive, into=None):
        subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -xf - -C '{into or self.scratch}'", shell=True, check=True)

    def archive(self, name):
        """The archive NAME of testdata/, or of the folder beside the project that holds the large ones; nothing where it is in neither."""
        places = (self.source / "testdata", self.source.parent / "shared")
        found = [path for path in (place / f"{name}.tar.zst" for place in places) if path.exists()]
        if not found:
            print(f"skipped: {name} is not here")
        return found[0] if found else None

    def corpus(self, name):
        """Unpacks a corpus; nothing where it is not here, which only the large ones may be."""
        archive = self.archive(f"corpora/{name}")
        if archive is None:
            return None
        self.unpack(archive)
        return self.scratch / name


def picture(root):
    """Every file below root with its mode and hash."""
    found = {}
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(file.read()).hexdigest()
            found[os.path.relpath(path, root)] = (os.stat(path).st_mode, digest)
    return found


def steps_of(plan):
    """The steps in one line, as the tables of docs/ have them."""
    return "; ".join(f"{step['safety']}: {step['message']}" for step in plan["steps"]) or "-"


def left(report):
    """What a repair leaves, but for a backend that etcd makes again from the log."""
    again = report["prediction"]["outcome"] == "starts"
    return [f["code"] for f in worse_than_note(report) if not (again and f["code"] == "DB-FILE-MISSING")]


def worse_than_note(report):
    return [f for f in report["findings"] if f["severity"] != "note"]
