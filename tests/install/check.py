#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs a build, moves the prefix, and uses it: the command, its manual pages, the public headers one by one, and the programs
of docs/library.md and docs/guide/use-the-library.md, by find_package and by pkg-config. With ETCDMEDIC_TEST_ALL a shared build too.

    check.py BUILD SOURCE SCRATCH"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

build, source, scratch = (pathlib.Path(arg).resolve() for arg in sys.argv[1:4])


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    assert done.returncode == 0, f"{words} gives {done.returncode}:\n{done.stdout}"
    return done.stdout


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


def unpack(archive, inside, target):
    run("bash", "-c", f"zstd -dc --long=27 {source}/testdata/{archive}.tar.zst | tar -xf - -C {scratch}")
    shutil.move(scratch / inside, target)


def install(tree, name):
    """Installs to one place and moves it to another."""
    first, prefix = scratch / f"{name}-first", scratch / name
    run("cmake", "--install", tree, "--prefix", first)
    shutil.move(first, prefix)
    for file in [*prefix.rglob("*.cmake"), *prefix.rglob("*.pc"), *prefix.rglob("*.h")]:
        text = file.read_text()
        places = [place for place in (str(first), str(source), str(tree)) if place in text] + re.findall(r"/usr/\S+", text)
        assert not places, f"{file} names {places}"
    return prefix


def check_tool(prefix):
    version = re.search(r"VERSION (\d+\.\d+\.\d+)", (source / "CMakeLists.txt").read_text())[1]
    assert version in run(prefix / "bin/etcdmedic", "--version")
    for place in ("bash-completion/completions/etcdmedic", "zsh/site-functions/_etcdmedic", "fish/vendor_completions.d/etcdmedic.fish",
                  "doc/etcdmedic/README.md", "doc/etcdmedic/docs/codes.md", "etcdmedic/schema/verify.json"):
        assert (prefix / "share" / place).stat().st_size > 100, place


def check_manual(prefix):
    folder = prefix / "share/man/man1"
    pages = {page.name for page in folder.iterdir()}
    commands = run(prefix / "bin/etcdmedic", "help", "-o", "name").splitlines()
    assert pages == {"etcdmedic.1"} | {f"etcdmedic-{command.replace(' ', '-')}.1" for command in commands}
    # What mandoc's own style pages call a warning; the length of a line is not one.
    run("mandoc", "-T", "lint", "-W", "warning", *sorted(folder.iterdir()))
    for page in folder.iterdir():
        text = page.read_text()
        wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "FILES", "ENVIRONMENT", "SEE ALSO"]
        wanted += ["COMMANDS", "EXAMPLES"] if page.name == "etcdmedic.1" else ["OPTIONS"]
        assert not [each for each in wanted if f"\n.SH {each}\n" not in text], page.name
        named = re.findall(r"^\.BR (etcdmedic\S*) \(1\)", text.replace("\\-", "-"), re.MULTILINE)
        assert named and not [each for each in named if f"{each}.1" not in pages], page.name
    for wrong in (["nonsense"], ["wal"], ["verify", "more"]):
        done = subprocess.run([prefix / "bin/etcdmedic", "docs", "man", *wrong], capture_output=True)
        assert done.returncode == 16 and not done.stdout and b"manual page" in done.stderr, wrong


def check_headers(prefix):
    root = prefix / "include/etcdmedic"
    installed = {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}
    listed = re.search(r"set\(ETCDMEDIC_PUBLIC_HEADERS(.*?)\)", (source / "cmake/Install.cmake").read_text(), re.DOTALL)[1].split()
    table = [row for row in (source / "docs/library.md").read_text().splitlines() if row.startswith("| `etcdmedic/")]
    documented = [name.removeprefix("etcdmedic/") for row in table for name in re.findall(r"`([\w/]+\.h)`", row)]
    assert sorted(documented) == sorted(listed), set(documented) ^ set(listed)
    assert set(listed) < installed and len(installed) < len(list((source / "lib").rglob("*.h"))) / 3, len(installed)
    for header in listed:
        # Nothing but the prefix is searched, and the most that a user's own flags may ask for is on.
        run("c++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror", "-fsyntax-only", "-I", prefix / "include", "-x", "c++", "-",
            input=f"#include <etcdmedic/{header}>\nint main() {{}}\n")


def check_find_package(prefix, name):
    page, place = source / "docs/library.md", scratch / f"{name}-pods"
    place.mkdir()
    (place / "pods.cc").write_text(blocks(page, "cpp")[0])
    (place / "CMakeLists.txt").write_text(blocks(page, "cmake")[0])
    run("cmake", "-S", place, "-B", place / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", place / "build")
    return place / "build/pods"


def check_pkg_config(prefix, name):
    place = scratch / f"{name}-pods"
    environment = dict(os.environ, PKG_CONFIG_PATH=str(prefix / "lib/pkgconfig"), LD_RUN_PATH=str(prefix / "lib"))
    command = next(block for block in blocks(source / "docs/library.md", "sh") if "pkg-config" in block)
    run("bash", "-ec", command, cwd=place, env=environment)
    return place / "pods"


def check_pods(program):
    lines = run(program, scratch / "kubernetes/member/snap/db").splitlines()
    assert any(re.fullmatch(r"default/keepr at revision \d+", line) for line in lines), lines
    expected = run(build / "tools/etcdmedic/etcdmedic", "keys", scratch / "kubernetes", "/registry/pods/", "-o", "name").splitlines()
    assert len(lines) == len(expected) > 5
    broken = subprocess.run([program, scratch / "nowhere"], capture_output=True, text=True)
    assert broken.returncode == 8 and "does not exist" in broken.stderr


def check_guide(prefix, name):
    page, place = source / "docs/guide/use-the-library.md", scratch / f"{name}-guide"
    place.mkdir()
    (place / "probe.cc").write_text(blocks(page, "cpp")[0])
    (place / "CMakeLists.txt").write_text(blocks(page, "cmake")[0])
    text = blocks(page, "shell-session")[0]
    made = ""
    for command in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
        here = command.replace("/opt/etcdmedic", str(prefix)).replace("/var/lib/etcd", str(scratch / "damaged"))
        made += f"$ {command}\n" + run("bash", "-c", here, cwd=place)
    assert made == text, f"{page} says:\n{text}\nit prints:\n{made}"


def check_warnings():
    """A new compiler's warnings stop those who change the code, not those who install it."""
    run("cmake", "-S", source, "-B", scratch / "plain", "-G", "Ninja", "-DETCDMEDIC_TESTS=OFF")
    run("cmake", "--preset", "debug", "-B", scratch / "preset", "-DETCDMEDIC_TESTS=OFF", cwd=source)
    assert "-Werror" not in (scratch / "plain/build.ninja").read_text() and "-Werror" in (scratch / "preset/build.ninja").read_text()


def check(tree, name):
    prefix = install(tree, name)
    check_tool(prefix)
    check_manual(prefix)
    check_headers(prefix)
    check_pods(check_find_package(prefix, name))
    check_pods(check_pkg_config(prefix, name))
    check_guide(prefix, name)
    return prefix


shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
unpack("minikube-like", "minikube-like", scratch / "kubernetes")
unpack("corpora/wal-corrupt", "wal-corrupt/f01-bitflip-middle-segment/data", scratch / "damaged")
run("cmake", "--build", build, "--target", "etcdmedic", "etcdmedic_tool", "documents", "public_headers")
check(build, "static")
check_warnings()
if os.environ.get("ETCDMEDIC_TEST_ALL"):
    shared = build.parent / "shared"
    run("cmake", "-S", source, "-B", shared, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_SHARED_LIBS=ON", "-DETCDMEDIC_TESTS=OFF")
    run("cmake", "--build", shared)
    prefix = check(shared, "shared")
    assert "$ORIGIN/../lib" in run("readelf", "-d", prefix / "bin/etcdmedic")
print("what is installed works where it was moved to")
