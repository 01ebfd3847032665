# SPDX-License-Identifier: Apache-2.0
"""etcdmedic_VERSION-1_ARCH.deb, without dependencies, by dpkg-deb."""
import hashlib
import os
import subprocess
import tempfile
import textwrap
from pathlib import Path

from common import DESCRIPTION, EPOCH, MAINTAINER, SUMMARY, TIME, VERSION, lay_out, pack, tree

# The binary must run on a node whose libraries are old, other or broken; its parts are listed in the SBOM.
OVERRIDES = """# The binary is for nodes whose shared libraries are other ones, or damaged.
etcdmedic: statically-linked-binary [usr/bin/etcdmedic]
etcdmedic: embedded-library *
# Not made for Debian's archive.
etcdmedic: initial-upload-closes-no-bugs *
etcdmedic: bogus-mail-host *
"""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: etcdmedic

Files: *
Copyright: 2026 the etcdmedic authors
License: Apache-2.0
 On Debian systems, the full text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
"""


def changelog():
    return (f"etcdmedic ({VERSION}-1) stable; urgency=medium\n\n  * Release {VERSION}; CHANGELOG.md says what is new.\n\n"
            f" -- {MAINTAINER}  {TIME.strftime('%a, %d %b %Y %H:%M:%S +0000')}\n")


def control(stage, size):
    text = textwrap.fill(DESCRIPTION, 76, initial_indent=" ", subsequent_indent=" ")
    return (f"Package: etcdmedic\nVersion: {VERSION}-1\nArchitecture: {stage.arch}\nMaintainer: {MAINTAINER}\nInstalled-Size: {size}\n"
            f"Section: admin\nPriority: optional\nDescription: {SUMMARY[0].lower()}{SUMMARY[1:]}\n{text}\n")


def layout(stage):
    """The staged tree as Debian wants it: pages packed, completions of zsh where Debian looks, no second copy of the licence."""
    doc = "usr/share/doc/etcdmedic"
    for name, mode, data in tree(stage.root):
        if name.startswith("usr/share/man/"):
            yield name + ".gz", mode, pack(data)
        elif name == f"{doc}/CHANGELOG.md":
            yield f"{doc}/changelog.gz", mode, pack(data)
        elif name != f"{doc}/LICENSE":
            yield name.replace("zsh/site-functions", "zsh/vendor-completions"), mode, data
    yield f"{doc}/changelog.Debian.gz", 0o644, pack(changelog().encode())
    yield f"{doc}/copyright", 0o644, COPYRIGHT.encode()
    yield "usr/share/lintian/overrides/etcdmedic", 0o644, OVERRIDES.encode()


def make(stage, dist):
    files = list(layout(stage))
    size = sum((len(data) + 1023) // 1024 for _, _, data in files)
    sums = "".join(f"{hashlib.md5(data).hexdigest()}  {name}\n" for name, _, data in sorted(files))
    files += [("DEBIAN/control", 0o644, control(stage, size).encode()), ("DEBIAN/md5sums", 0o644, sums.encode())]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        lay_out(files, root)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--threads-max=1", "--build", root, dist / f"etcdmedic_{VERSION}-1_{stage.arch}.deb"],
                       check=True, stdout=subprocess.DEVNULL, env=dict(os.environ, SOURCE_DATE_EPOCH=str(EPOCH)))
