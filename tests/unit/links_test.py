#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every link from one document of the tree to another leads somewhere."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
pages = [root / name for name in subprocess.run(["git", "-C", root, "ls-files", "*.md"], capture_output=True, text=True, check=True).stdout.splitlines()]
if not pages:
    sys.exit(77)
wrong, count = [], 0
for page in pages:
    for link in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", page.read_text()):
        count += 1
        if not (page.parent / link).exists():
            wrong.append(f"{page.relative_to(root)} links to {link}, which does not exist")
assert count > 100, "the test found next to nothing to look at"
print("\n".join(wrong) or f"{count} links of {len(pages)} pages lead somewhere")
sys.exit(bool(wrong))
