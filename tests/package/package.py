#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the artifacts of a release twice, compares their bytes, installs each as its users do, and runs what was installed. With
ETCDMEDIC_TEST_ALL scripts/package builds them, for arm64 too, and a second build in another folder gives the same bytes.

    package.py BUILD SOURCE SCRATCH"""
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

build, source, scratch = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])
VERSION = re.search(r"VERSION (\d+\.\d+\.\d+)", (source / "CMakeLists.txt").read_text())[1]
MACHINE = {"amd64": "x86_64", "arm64": "aarch64"}
EMULATOR = {"amd64": [], "arm64": ["qemu-aarch64-static"]}
LARGEST = 14_000_000  # bytes of the stripped binary


def run(*words, code=0, **options):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == code, f"{words} gives {done.returncode}:\n{said}"
    return said


def fresh(name):
    path = scratch / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def works(*command):
    """What was installed says its version, finds damage, and decodes what is encrypted: by its own libraries alone."""
    assert run(*command, "--version").startswith(f"etcdmedic {VERSION}")
    assert "WAL-BIT-FLIP" in run(*command, "verify", scratch / "damaged", code=4)
    assert "kind: Namespace" in run(*command, "decode", source / "testdata/k8s/wrapped/namespace.fields")


def check_binary(binary, arch):
    assert binary.stat().st_size < LARGEST, f"{binary.stat().st_size} bytes"
    said = run("readelf", "-hlS", binary)
    assert "INTERP" not in said and "DYNAMIC" not in said and ".symtab" not in said, "the binary is not static and stripped"
    assert {"amd64": "X86-64", "arm64": "AArch64"}[arch] in said
    content = binary.read_bytes()
    for place in (source, build, scratch, pathlib.Path.home()):
        assert len(str(place)) < 5 or str(place).encode() not in content, f"the binary names {place}"
    works(*EMULATOR[arch], binary)


def check_tarball(dist, arch):
    place = fresh(f"tarball-{arch}")
    run("tar", "-xzf", dist / f"etcdmedic-{VERSION}-linux-{arch}.tar.gz", "-C", place, "--strip-components=1")
    check_binary(place / "bin/etcdmedic", arch)
    assert (place / "share/man/man1/etcdmedic.1").is_file() and (place / "share/doc/etcdmedic/LICENSE").is_file()


def check_deb(dist, arch):
    package, root = dist / f"etcdmedic_{VERSION}-1_{arch}.deb", fresh(f"deb-{arch}")
    run("lintian", "--allow-root", "--fail-on", "error,warning", package)
    (root / "var/lib/dpkg/info").mkdir(parents=True)
    (root / "var/lib/dpkg/updates").mkdir()
    (root / "var/lib/dpkg/status").touch()
    run("dpkg", f"--root={root}", "--force-not-root", "--force-script-chrootless", "--force-architecture", "--log=/dev/null", "--install", package)
    assert "install ok installed" in run("dpkg-query", f"--root={root}", "-W", "-f", "${Status}", "etcdmedic")
    works(*EMULATOR[arch], root / "usr/bin/etcdmedic")
    for path in ("share/man/man1/etcdmedic-verify.1.gz", "share/bash-completion/completions/etcdmedic", "share/zsh/vendor-completions/_etcdmedic"):
        assert (root / "usr" / path).is_file(), path
    run("dpkg", f"--root={root}", "--force-not-root", "--force-script-chrootless", "--log=/dev/null", "--purge", "etcdmedic")
    assert not (root / "usr/bin/etcdmedic").exists()


def check_rpm(dist, arch):
    package, root = dist / f"etcdmedic-{VERSION}-1.{MACHINE[arch]}.rpm", fresh(f"rpm-{arch}")
    asked = run("rpm", "-qp", "--qf", "%{VERSION} %{ARCH} %{LICENSE} %{BUILDHOST}", package)
    assert asked == f"{VERSION} {MACHINE[arch]} Apache-2.0 reproducible", asked
    assert not [line for line in run("rpm", "-qpR", package).splitlines() if not line.startswith("rpmlib(")]
    run("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--ignorearch", "--nodeps", "--nosignature", "-i", package)
    assert f"etcdmedic-{VERSION}" in run("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "-q", "etcdmedic")
    works(*EMULATOR[arch], root / "usr/bin/etcdmedic")
    assert (root / "usr/share/man/man1/etcdmedic-verify.1").is_file()


def check_wheel(dist, arch):
    [wheel] = dist.glob(f"*{MACHINE[arch]}.whl")
    with zipfile.ZipFile(wheel) as archive:
        listed = {row.split(",")[0] for row in archive.read(f"etcdmedic-{VERSION}.dist-info/RECORD").decode().splitlines()}
        assert archive.testzip() is None and listed == set(archive.namelist())
    if arch != "amd64":
        return
    place = fresh("wheel")
    run(sys.executable, "-m", "venv", place)
    run(place / "bin/pip", "install", "--no-index", wheel)
    works(place / "bin/etcdmedic")
    works(place / "bin/python", "-m", "etcdmedic")
    run(place / "bin/pip", "uninstall", "-y", "etcdmedic")
    assert not (place / "bin/etcdmedic").exists()


class Image:
    """An OCI layout, read as the specification says, every digest and size checked."""

    def __init__(self, path):
        with tarfile.open(path) as archive:
            self.files = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
        assert json.loads(self.files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
        self.used = {"oci-layout", "index.json"}

    def blob(self, descriptor):
        name = "blobs/" + descriptor["digest"].replace(":", "/")
        data = self.files[name]
        assert f"sha256:{hashlib.sha256(data).hexdigest()}" == descriptor["digest"] and len(data) == descriptor["size"]
        self.used.add(name)
        return data

    def document(self, descriptor):
        found = json.loads(self.blob(descriptor))
        assert descriptor["mediaType"] == found.get("mediaType", descriptor["mediaType"])
        return found


def check_image(dist, architectures):
    image = Image(dist / f"etcdmedic-{VERSION}-oci.tar")
    [index] = json.loads(image.files["index.json"])["manifests"]
    manifests = image.document(index)["manifests"]
    assert [each["platform"]["architecture"] for each in manifests] == architectures
    for descriptor, arch in zip(manifests, architectures):
        manifest = image.document(descriptor)
        config, [layer] = image.document(manifest["config"]), manifest["layers"]
        content = gzip.decompress(image.blob(layer))
        assert config["architecture"] == arch and config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(content).hexdigest()}"]
        root = fresh(f"image-{arch}")
        run("tar", "-xpf", "-", "-C", root, input=content)
        assert sorted(path.name for path in root.iterdir()) == ["etcdmedic", "tmp"]
        if arch == "amd64":
            shutil.copytree(scratch / "damaged", root / "data")
            enter = [] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user"]
            assert "WAL-BIT-FLIP" in run(*enter, "chroot", root, *config["config"]["Entrypoint"], "verify", "/data", code=4)
    assert image.used == set(image.files), "blobs that nothing names"
    # And as another program reads it.
    for arch in architectures:
        shown = json.loads(run("skopeo", "--override-arch", arch, "inspect", f"oci-archive:{dist}/etcdmedic-{VERSION}-oci.tar"))
        assert shown["Architecture"] == arch and shown["Labels"]["org.opencontainers.image.version"] == VERSION, shown


def check_sbom(dist, arch, tree, target):
    document = json.loads((dist / f"etcdmedic-{VERSION}-linux-{arch}.spdx.json").read_text())
    names = {package["name"]: package for package in document["packages"]}
    assert document["spdxVersion"] == "SPDX-2.3" and all(package["versionInfo"] and package["licenseConcluded"] for package in names.values())
    linked = {row["relatedSpdxElement"] for row in document["relationships"] if row["relationshipType"] == "STATIC_LINK"}
    assert linked == {package["SPDXID"] for package in names.values()} - {"SPDXRef-etcdmedic"}
    link = run("ninja", "-C", tree, "-t", "commands", target).splitlines()[-1]
    projects = {"crypto": "openssl", "z": "zlib", "yaml": "libyaml", "sodium": "libsodium", "archive": "libarchive", "lzma": "xz", "bz2": "bzip2"}
    for library in re.findall(r"/lib(\w+)\.a\b", link):
        assert projects.get(library, library) in names, f"lib{library}.a is linked and not in the SBOM"
    with tarfile.open(dist / f"etcdmedic-{VERSION}-linux-{arch}.tar.gz") as archive:
        binary = archive.extractfile(f"etcdmedic-{VERSION}-linux-{arch}/bin/etcdmedic").read()
    assert names["etcdmedic"]["checksums"][0]["checksumValue"] == hashlib.sha256(binary).hexdigest()


def check(dist, trees):
    """`trees`: architecture -> build and target that its binary is from."""
    run("sha256sum", "-c", "SHA256SUMS", cwd=dist)
    assert len((dist / "SHA256SUMS").read_text().splitlines()) == len(list(dist.iterdir())) - 1
    for arch, (tree, target) in trees.items():
        for checked in (check_tarball, check_deb, check_rpm, check_wheel):
            checked(dist, arch)
        check_sbom(dist, arch, tree, target)
    check_image(dist, list(trees))
    check_readme(dist)


def check_readme(dist):
    """Each file that README.md says is made is there."""
    named = re.findall(r"etcdmedic[-_]\*\S+?\.(?:tar\.gz|deb|rpm|whl|tar)\b", (source / "README.md").read_text())
    assert len(named) == 6 and all(list(dist.glob(name)) for name in named), named


def sums(dist):
    return (dist / "SHA256SUMS").read_text()


fresh(".")
run("bash", "-c", f"zstd -dc --long=27 {source}/testdata/corpora/wal-corrupt.tar.zst | tar -xf - -C {scratch}")
shutil.move(scratch / "wal-corrupt/f01-bitflip-middle-segment/data", scratch / "damaged")
if os.environ.get("ETCDMEDIC_TEST_ALL"):
    place = dict(os.environ, BUILD=str(build.parent), DIST=str(scratch / "dist"))
    run(source / "scripts/package", env=place)
    check(scratch / "dist", {arch: (build.parent / f"package-{arch}", "etcdmedic_tool") for arch in ("amd64", "arm64")})
    # Another folder, and no cache of a compiler: the same bytes.
    run("git", "clone", "-q", source, scratch / "elsewhere")
    run(scratch / "elsewhere/scripts/package", "amd64", env=dict(os.environ, DIST=str(scratch / "again"), CCACHE_DISABLE="1"))
    for name in (f"etcdmedic-{VERSION}-linux-amd64.tar.gz", f"etcdmedic_{VERSION}-1_amd64.deb", f"etcdmedic-{VERSION}-1.x86_64.rpm"):
        assert (scratch / "dist" / name).read_bytes() == (scratch / "again" / name).read_bytes(), f"two builds give two {name}"
else:
    run("cmake", "--build", build, "--target", "etcdmedic_tool", "etcdmedic_static", "documents")
    maker = [source / "packaging/artifacts.py", scratch / "dist", f"amd64={build}:{build}/tools/etcdmedic/etcdmedic-static"]
    run(*maker)
    first = sums(scratch / "dist")
    os.umask(0o077)
    run(*maker, env=dict(os.environ, TZ="Asia/Tokyo", LC_ALL="C"))
    other = set(sums(scratch / "dist").splitlines()) ^ set(first.splitlines())
    assert not other, f"the same build gives other bytes: {sorted(other)}"
    check(scratch / "dist", {"amd64": (build, "etcdmedic_static")})
print("every artifact works")
