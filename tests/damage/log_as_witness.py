#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the log says of the backend: every revision of sound members is proven, and damage that the backend cannot show by itself is
found, with the revision it is at."""
import subprocess
import sys

from medic import Medic, picture

medic = Medic(sys.argv)


def found(report, code):
    return [finding for finding in report["findings"] if finding["code"] == code]


def proven(report):
    return [(span["first_revision"], span["last_revision"]) for span in report["proven_revisions"]]


def unpacked(name, folder):
    into = medic.scratch / name.replace("/", "-")
    into.mkdir()
    archive = medic.archive(name)
    if archive is None:
        return None
    medic.unpack(archive, into)
    return into / folder


# name, folder, the revisions that are proven, from the first to the last
SOUND = [("corpora/single-3.4", "single-3.4/data", (2, 1416)), ("corpora/single-3.5", "single-3.5/data", (2, 1122)),
         ("corpora/single-3.6", "single-3.6/data", (2, 1122)), ("corpora/cluster-3", "cluster-3/m1", (2, 1301)),
         ("corpora/cluster-3", "cluster-3/m4", (902, 1101)), ("corpora/divergence", "divergence/m1", (2, 801)),
         ("corpora/crash-1", "crash-1/data", (2, 7341)), ("corpora/crash-3", "crash-3/data", (2, 3822)),
         ("minikube-like", "minikube-like", (2, 2809)), ("field-reports/29b-restored-35-and-run", "29b-restored-35-and-run", (152, 351))]
roots = {}
for name, folder, span in SOUND:
    if name not in roots:
        roots[name] = unpacked(name, "")
    if roots[name] is None:
        continue
    code, report = medic.verify(roots[name] / folder)
    assert proven(report) == [span], (folder, proven(report))
    assert not [finding for finding in report["findings"] if finding["code"] in
                ("MVCC-LOG-MISMATCH", "DB-REVISION-BEHIND", "DB-INDEX-BEHIND", "DB-HISTORY-FOREIGN", "RAFT-HISTORY-MIXED")], report
    print(f"{folder}: revisions {span[0]} to {span[1]} proven")

# name, folder, the code, what its message says
DAMAGED = [("corpora/divergence", "divergence/m2", "MVCC-LOG-MISMATCH", 'at revision 602 the log has a put of "/div/00000100"'),
           ("corpora/db-corrupt", "db-corrupt/b05-bitflip-leaf-value/data", "MVCC-LOG-MISMATCH", "at revision 456 the log has a put"),
           ("corpora/db-corrupt", "db-corrupt/b32-consistent-index-behind/data", "DB-INDEX-BEHIND", "make revision 701 at most"),
           ("field-reports/10-foreign-db", "10-foreign-db", "DB-HISTORY-FOREIGN", "from revision 2 on"),
           ("field-reports/68-raised-index", "68-raised-index", "DB-REVISION-BEHIND", "make revision 301 at least, the db ends at 151"),
           ("torture/03-key-bucket-reverted", "data", "DB-REVISION-BEHIND", "the db ends at 222"),
           ("torture/04-value-bit", "data", "MVCC-LOG-MISMATCH", 'at revision 299 the log has a put of "/iota/11"'),
           ("torture/06-foreign-db", "data", "DB-HISTORY-FOREIGN", "from revision 7 on"),
           ("torture/12-history-broken", "data", "MVCC-LOG-MISMATCH", 'at revision 685 the log has a put of "/base/00000083"')]
for name, folder, code, words in DAMAGED:
    if name not in roots:
        roots[name] = unpacked(name, "")
    if roots[name] is None:
        continue
    path = roots[name] / folder
    before = picture(path)
    status, report = medic.verify(path)
    assert status == 4 and not report["sound"], (path, report)
    assert any(words in finding["message"] for finding in found(report, code)), (path, report["findings"])
    assert report["prediction"]["outcome"] != "starts", (path, report["prediction"])
    assert picture(path) == before, f"{path} was changed by reading"
    print(f"{folder}: {code}")

# Histories that differ are never joined.
for name in ("field-reports/10-foreign-db", "torture/06-foreign-db"):
    if roots[name] is not None:
        folder = roots[name] / ("data" if name.startswith("torture") else "10-foreign-db")
        status, plan = medic.plan(folder)
        assert status == 4 and not plan["steps"], (name, plan)

# Kubernetes values against their keys.
db = medic.scratch / "15-empty-value.db"
subprocess.run(f"zstd -dc '{medic.source}/testdata/field-reports/15-empty-value.db.zst' > '{db}'", shell=True, check=True)
status, report = medic.verify(db)
assert status == 4, report
empty, = found(report, "K8S-VALUE-NOT-OBJECT")
assert "/registry/secrets/default/blank" in empty["message"] and 0 < empty["offset"] < db.stat().st_size, empty
misplaced, = found(report, "K8S-OBJECT-MISPLACED")
assert "/registry/pods/default/nameother" in misplaced["message"] and 'its name is "keepr"' in misplaced["message"], misplaced
