#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Makes all artifacts of a release from builds. The same builds give the same bytes: times are SOURCE_DATE_EPOCH, or the date of the release.

    artifacts.py DIST ARCH=BUILD[:BINARY]...    amd64=build/static; BINARY stands in for the tool that BUILD installs"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import debian
import oci
import rpm
import sbom
import tarball
import wheel
from common import Stage, sha256

STRIP = {"amd64": "strip", "arm64": "aarch64-linux-gnu-strip"}


def staged(arch, build, binary, folder):
    """What `cmake --install` gives, the binary stripped, with modes that do not depend on who ran it."""
    root = folder / arch
    subprocess.run(["cmake", "--install", build, "--prefix", "/usr", "--component", "tool"], check=True, stdout=subprocess.DEVNULL,
                   env=dict(os.environ, DESTDIR=str(root)))
    stage = Stage(arch, root)
    if binary:
        shutil.copy(binary, stage.binary)
    subprocess.run([STRIP[arch], stage.binary], check=True)
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path == stage.binary else 0o644)
    return stage


def main(dist, *builds):
    dist = Path(dist).resolve()
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        stages = []
        for word in builds:
            arch, place = word.split("=")
            build, _, binary = place.partition(":")
            stages.append(staged(arch, build, binary, Path(folder)))
            for maker in (tarball, debian, rpm, wheel):
                maker.make(stages[-1], dist)
            sbom.make(stages[-1], Path(build), dist)
        oci.make(stages, dist)
    sums = [f"{sha256(path.read_bytes())}  {path.name}\n" for path in sorted(dist.iterdir())]
    (dist / "SHA256SUMS").write_text("".join(sums))


if __name__ == "__main__":
    main(*sys.argv[1:])
