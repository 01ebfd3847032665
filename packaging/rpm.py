# SPDX-License-Identifier: Apache-2.0
"""etcdmedic-VERSION-1.MACHINE.rpm, by cpack."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from common import EPOCH, SOURCE, VERSION, lay_out, tree


def make(stage, dist):
    with tempfile.TemporaryDirectory() as folder:
        root, out = Path(folder) / "root", Path(folder) / "out"
        lay_out(tree(stage.root), root)
        environment = {"STAGE": root, "VERSION": VERSION, "MACHINE": stage.machine, "OUTPUT": out, "SOURCE_DATE_EPOCH": EPOCH}
        done = subprocess.run(["cpack", "--config", SOURCE / "packaging/cpack.cmake"], cwd=folder, capture_output=True, text=True,
                              env={**os.environ, **{name: str(value) for name, value in environment.items()}})
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        shutil.copy(out / f"etcdmedic-{VERSION}-1.{stage.machine}.rpm", dist)
