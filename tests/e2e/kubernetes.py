#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Values that the Go types of Kubernetes made: what is printed and stored here is byte for byte what they print and store."""
import os
import pathlib
import shutil
import subprocess
import sys

compare, maker, source, scratch = sys.argv[1:5]
everything = "--all" in sys.argv or os.environ.get("ETCDMEDIC_TEST_ALL")
if not os.access(maker, os.X_OK):
    print("skipped: the Go types of Kubernetes cannot be had here")
    sys.exit(77)
failed = []


def real_values():
    """First the maker itself: it must print what a real server's values are known to print as."""
    archive = pathlib.Path(source) / "testdata/k8s/expected.tar.zst"
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -xf - -C '{scratch}'", shell=True, check=True)
    hold("values of a real server", [maker, "check", scratch])


def hold(title, command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    print(f"{title}:\n{done.stdout}{done.stderr}")
    if done.returncode != 0:
        failed.append(title)


def hold_stream(title, *arguments):
    made = subprocess.Popen([maker, *arguments], stdout=subprocess.PIPE)
    compared = subprocess.run([compare], stdin=made.stdout, capture_output=True, text=True, timeout=1200)
    made.stdout.close()
    print(f"{title}:\n{compared.stdout}{compared.stderr}")
    if made.wait() != 0 or compared.returncode != 0:
        failed.append(title)


module = pathlib.Path(__file__).parent / "kubernetes"
real_values()
found = subprocess.run(["go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api"], cwd=module, capture_output=True, text=True)
if found.returncode == 0 and found.stdout.strip():
    hold_stream("fixtures of k8s.io/api", "fixtures", found.stdout.strip() + "/testdata")
else:
    print(f"fixtures of k8s.io/api: not to be found, {found.stderr}")
    failed.append("fixtures of k8s.io/api")
if everything:
    for seed in range(20):
        hold_stream(f"1,000 random objects, seed {seed}", "random", "1000", str(seed))
else:
    hold_stream("random objects, two of a kind", "random", "700", "1")
print("differing: " + ", ".join(failed) if failed else "all equal")
sys.exit(bool(failed))
