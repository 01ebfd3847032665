#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of `report` in a real browser, light and dark, wide and as narrow as a telephone: no error on the console, nothing loaded, no
script run, every finding there, contrast of at least 4.5, nothing wider than the window, pictures with names. The pictures of the
screen are kept in the build folder for people to look at. Skipped where there is no Chromium, Node or npm, which in CI is a failure."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

tests = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(tests / "damage"), str(tests / "support")]
import make_member
from make_member import field, key_value, revision
from medic import Medic

PLAYWRIGHT = "playwright-core@1.65.1"


def leave(why):
    print(f"skipped: {why}")
    sys.exit(1 if os.environ.get("CI") else 77)


browser = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
if browser is None:
    leave("there is no Chromium; Debian's package is chromium")
if not shutil.which("node") or not shutil.which("npm"):
    leave("there is no Node.js with npm")
medic = Medic(sys.argv)
modules = medic.scratch.parent / "npm"  # kept from run to run
if not (modules / "node_modules/playwright-core/package.json").exists():
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", modules, PLAYWRIGHT], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        leave(f"{PLAYWRIGHT} cannot be had: {done.stderr[-500:]}")

# What is opened: a sound member, damage of both kinds, members that differ, and one whose every text attacks the page.
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
for corpus in ("db-corrupt", "wal-corrupt", "cluster-3"):
    medic.corpus(corpus)
root = medic.scratch
ATTACKS = [b"<script>window.pwned=1</script>", b"\"><img src=x onerror=window.pwned=1>", b"</style><script>window.pwned=1</script>", b"</title><svg onload=window.pwned=1>",
           "\u202egnp.exe\u202c".encode(), "/مفتاح/שלום".encode(), b"\xff\xfe<b>\x00", b"/" + b"<k>" * 3400]
kv = {revision(main): key_value(key, b"x" * main, main, main, 1, lease=main) for main, key in enumerate(ATTACKS, 2)}
make_member.write(root / "hostile", {
    b"key": kv, b"meta": {b"consistent_index": (1).to_bytes(8, "big")}, b"lease": {(7).to_bytes(8, "big"): field(1, 7) + field(2, 60)}, b"cluster": {}, b"alarm": {},
    b"members": {b"1111": json.dumps({"id": 4369, "peerURLs": ["http://<script>window.pwned=1</script>"], "name": "<script>window.pwned=1</script>"}).encode()},
    b"<script>window.pwned=1</script>": {b"k" * 2000: b"v" * 9000}, b"members_removed": {}, b"auth": {}, b"authUsers": {}, b"authRoles": {}}, [None])
CASES = {
    "sound": [root / "minikube-like"],
    "db-damaged": [root / "db-corrupt/b19-zeroed-leaf/data"],
    "log-damaged": [next(root.glob("wal-corrupt/f01*")) / "data"],
    "members": [root / f"cluster-3/m{n}" for n in (1, 2, 3)],
    "hostile": [root / "hostile"],
}
pages, documents = [], {}
for name, paths in CASES.items():
    file = root / f"{name} <&?#.html"  # a name that an address must escape
    code, _, err = medic.run("report", *paths, "--output", file)
    assert code in (0, 4), (name, code, err)
    documents[str(file)] = json.loads(medic.run("report", *paths, "-o", "json")[1])
    pages.append({"file": str(file), "shots": str(root / name)})
(root / "pages.json").write_text(json.dumps(pages))
done = subprocess.run(["node", tests / "browser/look.cjs", modules / "node_modules", browser, root / "pages.json"], capture_output=True, text=True, timeout=500)
assert done.returncode == 0, done.stderr
seen = json.loads(done.stdout)
assert len(seen) == 4 * len(CASES)
backgrounds = {}
for look in seen:
    where = (pathlib.Path(look["file"]).stem, look["scheme"], look["width"])
    document = documents[look["file"]]
    findings = len(document.get("findings", [])) + sum(len(report["findings"]) for report in document["reports"])
    assert not look["faults"], (where, look["faults"])
    assert len(look["requests"]) == 1 and look["requests"][0].startswith("file:"), (where, look["requests"])
    for state in ("closed", "open"):
        got = look[state]
        assert not got["faint"], (where, state, got["faint"][:5])
        assert got["overflow"] <= 0, (where, state, f"{got['overflow']} pixels wider than the window")
        assert got["language"] == "en" and got["unnamed"] == 0 and got["nameless"] == 0 and got["scripts"] == 0 and not got["executed"], (where, {**got, "text": ""})
        assert got["places"] == findings, (where, got["places"], findings)
        assert got["title"].startswith("sound: " if document["sound"] else "damaged: "), got["title"]
    assert look["open"]["drawn"] == look["open"]["pictures"] >= 2, (where, look["open"]["drawn"], look["open"]["pictures"])
    for finding in document.get("findings", []) + [finding for report in document["reports"] for finding in report["findings"]]:
        assert finding["code"] in look["open"]["text"], (where, finding["code"])
    backgrounds.setdefault(look["scheme"], set()).add(look["closed"]["background"])
    assert (root / f"{where[0].split(' ')[0]}-{look['scheme']}-{look['width']}.png").stat().st_size > 10000
    assert look["paper"] > 10000 or (look["scheme"], look["width"]) != ("light", 1280)
assert len(backgrounds["light"]) == len(backgrounds["dark"]) == 1 and backgrounds["light"] != backgrounds["dark"], backgrounds
hostile = next(look["open"]["text"] for look in seen if "hostile" in look["file"])
for text in ("<script>window.pwned=1</script>", "\\u{202e}gnp.exe", "\\xff\\xfe<b>\\x00", "مفتاح"):
    assert text in hostile, text
print(f"{len(seen)} looks at {len(CASES)} pages in {browser}; their pictures are in {root}")
