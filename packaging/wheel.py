# SPDX-License-Identifier: Apache-2.0
"""A wheel that carries the binary: `pip install` puts it where scripts go, and `python -m etcdmedic` finds it there."""
import base64
import hashlib
import zipfile

from common import DESCRIPTION, SOURCE, SUMMARY, TIME, VERSION

# The binary is static, so that every libc will do.
TAGS = ["manylinux_2_17_{0}", "manylinux2014_{0}", "musllinux_1_1_{0}"]
MAIN = '''"""Runs the binary that this package installed."""
import os
import sys
import sysconfig


def find_binary():
    """The path of etcdmedic: in the scripts of this environment, or of the user."""
    folders = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    for folder in folders:
        path = os.path.join(folder, "etcdmedic")
        if os.access(path, os.X_OK):
            return path
    raise FileNotFoundError(f"etcdmedic is not in {' or '.join(folders)}")


if __name__ == "__main__":
    path = find_binary()
    os.execv(path, [path, *sys.argv[1:]])
'''


def make(stage, dist):
    info, tags = f"etcdmedic-{VERSION}.dist-info", [tag.format(stage.machine) for tag in TAGS]
    metadata = (f"Metadata-Version: 2.1\nName: etcdmedic\nVersion: {VERSION}\nSummary: {SUMMARY}\nLicense: Apache-2.0\n"
                f"Requires-Python: >=3.8\nClassifier: License :: OSI Approved :: Apache Software License\n"
                f"Classifier: Operating System :: POSIX :: Linux\nDescription-Content-Type: text/markdown\n\n{DESCRIPTION}\n")
    head = "Wheel-Version: 1.0\nGenerator: etcdmedic\nRoot-Is-Purelib: false\n" + "".join(f"Tag: py3-none-{tag}\n" for tag in tags)
    files = [("etcdmedic/__init__.py", 0o644, f'__version__ = "{VERSION}"\n'.encode()), ("etcdmedic/__main__.py", 0o644, MAIN.encode()),
             (f"etcdmedic-{VERSION}.data/scripts/etcdmedic", 0o755, stage.binary.read_bytes()), (f"{info}/METADATA", 0o644, metadata.encode()),
             (f"{info}/WHEEL", 0o644, head.encode()), (f"{info}/licenses/LICENSE", 0o644, (SOURCE / "LICENSE").read_bytes())]
    record = "".join(f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
                     for name, _, data in files)
    files.append((f"{info}/RECORD", 0o644, f"{record}{info}/RECORD,,\n".encode()))
    with zipfile.ZipFile(dist / f"etcdmedic-{VERSION}-py3-none-{'.'.join(tags)}.whl", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, mode, data in files:
            entry = zipfile.ZipInfo(name, TIME.timetuple()[:6])
            entry.external_attr, entry.compress_type, entry.create_system = (0o100000 | mode) << 16, zipfile.ZIP_DEFLATED, 3
            wheel.writestr(entry, data)
