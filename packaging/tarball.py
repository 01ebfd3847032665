# SPDX-License-Identifier: Apache-2.0
"""etcdmedic-VERSION-linux-ARCH.tar.gz: the tree below usr/, to be unpacked into /usr/local or any other prefix."""
from common import VERSION, pack, tar, tree


def make(stage, dist):
    top = f"etcdmedic-{VERSION}-linux-{stage.arch}"
    files = [(f"{top}/{name}", mode, data) for name, mode, data in tree(stage.root / "usr")]
    (dist / f"{top}.tar.gz").write_bytes(pack(tar(files)))
