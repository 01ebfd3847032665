#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every finding code has a case that asserts it: its name or its identifier is in a test that damages something. Whoever adds a
code adds the case; nothing is to be registered here."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
codes = re.findall(r'^FINDING_CODE\((k\w+), "([A-Z0-9-]+)"', (source / "lib/diag/codes.def").read_text(), re.MULTILINE)
assert len(codes) > 40, codes
tests = {path: path.read_text(errors="replace") for folder in ("unit", "damage", "cli", "kubernetes") for path in (source / "tests" / folder).rglob("*")
         if path.suffix in (".cc", ".py", ".h") and path != pathlib.Path(__file__).resolve()}
without = {name for identifier, name in codes
           if not any(re.search(rf"{name}(?![A-Z0-9-])|\b{identifier}\b", text) for text in tests.values())}
wrong = [f"{name} is asserted in no test" for name in sorted(without)]
print("\n".join(wrong) or f"{len(codes)} codes, each asserted in a test")
sys.exit(bool(wrong))
