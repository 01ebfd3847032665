#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plain English: no tracked text has the phrases of BAD, which are not idiomatic. What is quoted from etcd, bbolt or Kubernetes is in ALLOWED."""
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(sys.argv[1])
BAD = {
    r"\banew\b": "again; rewrite, rebuild",
    r"\bforet(?:ell|ells|old|elling)\b": "predict",
    r"\bworse than a note\b": "above a note; problems",
    r"\bdeserves? a look\b": "needs attention",
    r"\blikewise\b": "the same",
    r"\bhangs? on (?:a|the|that) lease\b|\bthat hang on\b": "attached to",
    r"\bheld against\b": "compared with",
    r"\bat hand\b": "available",
    r"\bstands? behind\b": "follows",
    r"\bright behind\b": "directly after",
    r"\b(?:records?|bytes|zeros|frames?|entry \d+|entries) behind\b": "after",
    r"\bthat (?:is|are) none\b|\bone that is none\b|, which is none\b": "is invalid, does not exist",
    r"\b(?:bytes|values?|keys?|what|which|that|it|entry|file) (?:is|are) no (?!longer|more|other|such|such|less|worse|better|reader|way|need|room|matter)[a-z]": "is not a",
    r"\bnever written over\b|\bwritten over\b": "overwritten",
    r"\bwithout a word\b": "silently",
    r"\bwould: (?:starts|exits|panics|hangs)\b": "prediction:",
    r"\bput right heals\b": "flipping … heals",
    r"\bstands? side by side\b": "are adjacent",
    r"\bKubernetes' objects\b": "Kubernetes objects",
}
# Where a text is somebody else's, or recorded output of an older release.
ALLOWED = ("testdata/", "tests/fuzz/corpus/", "k8s-protos/", "tests/unit/words_test.py", "LICENSE", "lib/explain/log_lines.def", "docs/log-lines.md",
           "tests/unit/explain/", "tests/e2e/etcd-")

paths = [path for path in subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
         if not path.startswith(ALLOWED) and (root / path).is_file()]
if not paths:
    print("skipped: not a git checkout")
    sys.exit(77)
wrong, lines = [], 0
for path in paths:
    for number, line in enumerate((root / path).read_text(errors="replace").splitlines(), 1):
        lines += 1
        for bad, better in BAD.items():
            found = re.search(bad, line, re.IGNORECASE)
            if found:
                wrong.append(f"{path}:{number}: \"{found.group(0)}\": {better}")
assert lines > 10000, "the test found next to nothing to look at"
print("\n".join(wrong) or f"{lines} lines of {len(paths)} files")
sys.exit(bool(wrong))
