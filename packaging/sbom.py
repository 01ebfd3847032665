# SPDX-License-Identifier: Apache-2.0
"""etcdmedic-VERSION-linux-ARCH.spdx.json: what is inside the binary, with versions and licences, as SPDX 2.3."""
import json
import pathlib
import re
import subprocess

from common import TIME, VERSION, sha256

# Debian package with the headers or the static library: name and licence of what it holds.
COMPONENTS = {
    "libarchive-dev": ("libarchive", "BSD-2-Clause"),
    "libbz2-dev": ("bzip2", "bzip2-1.0.6"),
    "libcli11-dev": ("CLI11", "BSD-3-Clause"),
    "libexpected-dev": ("tl-expected", "CC0-1.0"),
    "libfmt-dev": ("fmt", "MIT"),
    "liblzma-dev": ("xz", "LicenseRef-Public-Domain"),
    "libsodium-dev": ("libsodium", "ISC"),
    "libssl-dev": ("openssl", "Apache-2.0"),
    "libyaml-dev": ("libyaml", "MIT"),
    "libzstd-dev": ("zstd", "BSD-3-Clause"),
    "nettle-dev": ("nettle", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "nlohmann-json3-dev": ("nlohmann-json", "MIT"),
    "zlib1g-dev": ("zlib", "Zlib"),
    "libc6-dev": ("glibc", "LGPL-2.1-or-later"),
    "libstdc++-12-dev": ("libstdc++", "GPL-3.0-or-later WITH GCC-exception-3.1"),
}
# Used as headers alone, so that no linker names them.
HEADERS = ["libcli11-dev", "libexpected-dev", "libfmt-dev", "nlohmann-json3-dev"]
RUNTIME = ["libc6-dev", "libstdc++-12-dev"]


def linked(build):
    """The Debian packages of the static libraries on the link line of a build's tool."""
    target = "etcdmedic_tool" if "ETCDMEDIC_STATIC:BOOL=ON" in (build / "CMakeCache.txt").read_text() else "etcdmedic_static"
    line = subprocess.run(["ninja", "-C", str(build), "-t", "commands", target], capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    names = set(re.findall(r"/lib(\w+)\.a\b", line))
    by_library = {"archive": "libarchive-dev", "bz2": "libbz2-dev", "crypto": "libssl-dev", "lzma": "liblzma-dev", "nettle": "nettle-dev",
                  "sodium": "libsodium-dev", "yaml": "libyaml-dev", "z": "zlib1g-dev", "zstd": "libzstd-dev"}
    return {by_library[name] for name in names}


def version_of(package, sysroot):
    """Of an installed package, or of one that arm64-sysroot unpacked."""
    if sysroot and (listed := sysroot / "packages.tsv").exists():
        rows = dict(line.split("\t") for line in listed.read_text().splitlines())
        if package in rows:
            return rows[package]
    cross = {"libc6-dev": "libc6-dev-arm64-cross", "libstdc++-12-dev": "libstdc++-12-dev-arm64-cross"}
    name = cross[package] if sysroot and package in cross else package
    return subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True, check=True).stdout


def package(identifier, name, version, licence, **more):
    return {"SPDXID": identifier, "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION", **more}


def make(stage, build, dist):
    cache = (build / "CMakeCache.txt").read_text()
    found = re.search(r"^ETCDMEDIC_SYSROOT:\w+=(.+)$", cache, re.MULTILINE)
    sysroot = pathlib.Path(found[1]) if found else None
    binary = sha256(stage.binary.read_bytes())
    packages = [package("SPDXRef-etcdmedic", "etcdmedic", VERSION, "Apache-2.0", primaryPackagePurpose="APPLICATION",
                        checksums=[{"algorithm": "SHA256", "checksumValue": binary}])]
    relationships = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-etcdmedic"}]
    for debian in sorted({*linked(build), *HEADERS, *RUNTIME}):
        name, licence = COMPONENTS[debian]
        identifier = "SPDXRef-" + re.sub(r"[^\w.-]", "-", name)
        version = version_of(debian, sysroot)
        url = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": f"pkg:deb/debian/{debian}@{version}?arch={stage.arch}"}
        packages.append(package(identifier, name, version, licence, externalRefs=[url]))
        relationships.append({"spdxElementId": "SPDXRef-etcdmedic", "relationshipType": "STATIC_LINK", "relatedSpdxElement": identifier})
    document = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"etcdmedic-{VERSION}-linux-{stage.arch}",
                "documentNamespace": f"https://spdx.org/spdxdocs/etcdmedic-{VERSION}-linux-{stage.arch}-{binary}",
                "creationInfo": {"created": TIME.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: etcdmedic packaging/sbom.py"]},
                "packages": packages, "relationships": relationships,
                "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-Public-Domain", "extractedText": "liblzma is in the public domain."}]}
    (dist / f"{document['name']}.spdx.json").write_text(json.dumps(document, indent=2) + "\n")
