# SPDX-License-Identifier: Apache-2.0
"""What the tests over whole Kubernetes key spaces share."""
import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))
from medic import Medic, picture  # noqa: E402, F401


class Cluster:
    """A copy of a data directory, to look at or to damage."""

    def __init__(self, medic, path):
        self.medic = medic
        self.path = path
        self.db = path / "member/snap/db"

    def copy(self, name):
        to = self.medic.scratch / name
        shutil.copytree(self.path, to)
        return Cluster(self.medic, to)

    def keys(self):
        code, out, _ = self.medic.run("keys", self.path, "-o", "name")
        assert code == 0
        return out.decode().splitlines()

    def value(self, key):
        code, out, err = self.medic.run("get", self.path, key, "--print-value-only")
        assert code == 0, (key, err)
        return out[:-1]

    def replace(self, old, new):
        """Overwrites bytes wherever they are in the db, in pages that are no longer used too. Leaf pages have no checksum."""
        assert len(old) == len(new) and old != new
        content = self.db.read_bytes()
        count = content.count(old)
        assert count > 0, "nothing was damaged"
        self.db.write_bytes(content.replace(old, new))
        return count


def minikube(medic):
    medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
    return Cluster(medic, medic.scratch / "minikube-like")


def unpacked(medic, name):
    """The folder that testdata/k8s/NAME.tar.zst holds."""
    into = medic.scratch / f"unpacked-{name}"
    into.mkdir()
    medic.unpack(medic.archive(f"k8s/{name}"), into)
    found = list(into.iterdir())
    return found[0] if len(found) == 1 else into


def rows(path):
    """A table of tab-separated columns under a head, as a list of maps."""
    lines = path.read_text().splitlines()
    head = lines[0].split("\t")
    return [dict(zip(head, line.split("\t"), strict=True)) for line in lines[1:]]
