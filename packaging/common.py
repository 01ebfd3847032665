# SPDX-License-Identifier: Apache-2.0
"""What the makers of artifacts share: the release, staged trees, and archives whose bytes depend on their content alone."""
import dataclasses
import gzip
import hashlib
import io
import os
import pathlib
import re
import tarfile
from datetime import datetime, timezone

SOURCE = pathlib.Path(__file__).resolve().parent.parent
SUMMARY = "Read, check and repair what etcd keeps on disk"
DESCRIPTION = ("etcdmedic reads the write-ahead log, the snapshots and the backend of etcd without a running etcd. It finds corruption to the byte, "
               "predicts whether etcd will start, repairs under an undo journal, and decodes the Kubernetes objects inside.")
# No mail is read under a name that RFC 2606 reserves: SECURITY.md says how to reach the maintainers.
MAINTAINER = "etcdmedic maintainers <maintainers@etcdmedic.invalid>"


def _cmake(pattern):
    return re.search(pattern, (SOURCE / "CMakeLists.txt").read_text())[1]


VERSION = _cmake(r"project\(etcdmedic VERSION ([\d.]+)")
RELEASED = _cmake(r"ETCDMEDIC_RELEASED ([\d-]+)")
# The time that everything made here bears: seconds since 1970.
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH") or datetime.fromisoformat(RELEASED).replace(tzinfo=timezone.utc).timestamp())
TIME = datetime.fromtimestamp(EPOCH, timezone.utc)


@dataclasses.dataclass(frozen=True)
class Stage:
    """A tree as `cmake --install --component tool` makes it, with usr/ in it, for one architecture in Debian's words."""
    arch: str
    root: pathlib.Path

    @property
    def binary(self):
        return self.root / "usr/bin/etcdmedic"

    @property
    def machine(self):
        """In the kernel's words, which RPM and Python use."""
        return {"amd64": "x86_64", "arm64": "aarch64"}[self.arch]


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def pack(data):
    """gzip without a name or a time."""
    return gzip.compress(data, 9, mtime=0)


def tar(files):
    """An archive of (name, mode, bytes or None for a directory) in their order, owned by root, at EPOCH."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, mode, data in files:
            entry = tarfile.TarInfo(name)
            entry.mode, entry.mtime, entry.uname, entry.gname = mode, EPOCH, "root", "root"
            entry.type, entry.size = (tarfile.DIRTYPE, 0) if data is None else (tarfile.REGTYPE, len(data))
            archive.addfile(entry, None if data is None else io.BytesIO(data))
    return out.getvalue()


def lay_out(files, root):
    """Writes (name, mode, bytes) below `root`, whatever the umask is, at EPOCH."""
    for name, mode, data in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
    for path in [root, *root.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        os.utime(path, (EPOCH, EPOCH))


def tree(root):
    """The files below `root` as (relative path, mode, bytes), sorted; modes are 0755 where somebody may execute, else 0644."""
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(root)), 0o755 if path.stat().st_mode & 0o111 else 0o644, path.read_bytes()
