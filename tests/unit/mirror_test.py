#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tests/unit mirrors lib: lib/ROOM/FILE.cc has its tests in tests/unit/ROOM/FILE_test.cc, as has a header with
function bodies and no source. The exceptions are the rows of tests/unit/tested_elsewhere.tsv, each with the test that
covers the file and the reason. That list only shrinks: a row whose file has a test of its own, or is gone, fails the check, as
does a list that is longer or shorter than its first line says."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
lib, unit = root / "lib", root / "tests/unit"
body = re.compile(r"\)\s*(const\s*)?(noexcept\s*)?(override\s*)?\{\s*$|\)\s*(const\s*)?(noexcept\s*)?\{ .*[;}]", re.M)


def test_of(path):
    return f"{path.parent.as_posix()}/{path.stem}_test.cc"


sources = sorted(path.relative_to(lib) for path in lib.rglob("*.cc"))
sources += sorted(path.relative_to(lib) for path in lib.rglob("*.h")
                  if not path.with_suffix(".cc").exists() and body.search(path.read_text()))
assert len(sources) > 100, "the check found next to nothing to look at"

head, *rows = (unit / "tested_elsewhere.tsv").read_text().splitlines()
most = int(re.fullmatch(r"# (\d+) files .*", head).group(1))
wrong, allowed = [], set()
for row in rows:
    name, test, reason = row.split("\t")
    path = pathlib.PurePosixPath(name)
    allowed.add(name)
    if not (lib / name).exists():
        wrong.append(f"tested_elsewhere.tsv: lib/{name} is gone; take its row away")
    if (unit / test_of(path)).exists():
        wrong.append(f"tested_elsewhere.tsv: lib/{name} has a test of its own; take its row away")
    if not (unit / test).exists():
        wrong.append(f"tested_elsewhere.tsv: {test}, which is to cover lib/{name}, does not exist")
    if not reason:
        wrong.append(f"tested_elsewhere.tsv: no reason for lib/{name}")
if len(rows) != most:
    wrong.append(f"tested_elsewhere.tsv: {len(rows)} rows, and the first line says {most}; the list may only shrink")
for path in sources:
    if not (unit / test_of(path)).exists() and path.as_posix() not in allowed:
        wrong.append(f"lib/{path}: there is no tests/unit/{test_of(path)}")
for path in sorted(unit.rglob("*_test.cc")):
    stem = path.relative_to(unit).as_posix().removesuffix("_test.cc")
    if (lib / path.relative_to(unit).parts[0]).is_dir() and not any((lib / (stem + end)).exists() for end in (".cc", ".h")) \
            and not any(row.split("\t")[1] == path.relative_to(unit).as_posix() for row in rows):
        print(f"note: tests/unit/{stem}_test.cc has no file of its name in lib/")
print("\n".join(wrong) or f"{len(sources)} files of lib have their tests, {len(rows)} of them elsewhere")
sys.exit(bool(wrong))
