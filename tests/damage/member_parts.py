# SPDX-License-Identifier: Apache-2.0
"""Members whose parts are sound and do not belong together, or of which one is missing: what verify finds, what it predicts by
release, and that it never calls them sound. The outcomes are what real servers of these releases did."""
import shutil
import sys

from medic import Medic, picture

# archive -> (code, {release: outcome})
CASES = {
    "field-reports/01a-v2-in-snap": ("SNAP-V2-KEYS", {"3.5": "starts", "3.6": "exits", "3.7": "starts"}),
    "field-reports/02a-etcd36-dir": (None, {"3.5": "exits", "3.6": "starts", "3.7": "starts"}),
    "field-reports/02c-etcd35-dir": (None, {"3.4": "exits", "3.5": "starts", "3.6": "starts", "3.7": "panics"}),
    "field-reports/03b-empty-member": ("MVCC-MEMBER-MALFORMED", {"3.5": "starts", "3.6": "panics", "3.7": "panics"}),
    "field-reports/06a-wal-removed": ("WAL-LOG-MISSING", {"3.5": "hangs", "3.6": "hangs", "3.7": "hangs"}),
    "field-reports/10-foreign-db": ("DB-MEMBER-FOREIGN", {"3.5": "starts-wrong", "3.6": "panics"}),
    "field-reports/29a-restored-36": (None, {"3.6": "starts"}),
    "field-reports/29b-restored-35-and-run": (None, {"3.5": "starts"}),
    "field-reports/54-removed-member": ("RAFT-MEMBER-REMOVED", {"3.5": "exits", "3.6": "exits"}),
    "field-reports/56-db-deleted": ("DB-FILE-MISSING", {"3.5": "panics", "3.6": "panics"}),
    "torture/01-wal-removed": ("WAL-LOG-MISSING", {"3.6": "hangs"}),
    "torture/02-db-removed-then-etcd-tried": ("DB-BEHIND-SNAPSHOT", {"3.6": "panics"}),
    "torture/05-bucket-meta-renamed": ("MVCC-BUCKET-MISSING", {"3.6": "panics"}),
    "torture/06-foreign-db": ("DB-MEMBER-FOREIGN", {"3.7": "hangs"}),
    "torture/07-value-malformed": ("MVCC-VALUE-MALFORMED", {"3.4": "exits", "3.7": "starts-wrong"}),
    "torture/09-log-without-metadata": ("WAL-LOG-EMPTY", {"3.5": "panics", "3.7": "panics"}),
    "torture/12-history-broken": ("MVCC-HISTORY-BROKEN", {"3.6": "starts-wrong"}),
    "torture/17-branch-separator": ("MVCC-SEPARATOR-MALFORMED", {"3.5": "starts-wrong"}),
    "torture/18-record-type": ("WAL-BIT-FLIP", {"3.6": "exits"}),
    "torture/19-lease-malformed": ("MVCC-LEASE-MALFORMED", {"3.7": "panics"}),
}


def check(medic, name, data, wanted, outcomes):
    before = picture(data)
    wrong = []
    for version, outcome in outcomes.items():
        code, report = medic.verify(data, "--etcd-version", version)
        found = [f["code"] for f in report["findings"]]
        told = report["prediction"]["outcome"]
        if told != outcome:
            wrong.append(f"{name} under {version}: predicted {told}, etcd {outcome}")
        if wanted and wanted not in found:
            wrong.append(f"{name}: findings {found}, wanted {wanted}")
        bad = wanted is not None or outcome not in ("starts", "repairs-tail")
        if (code == 4) != bad or (report["sound"]) == bad:
            wrong.append(f"{name} under {version}: exit {code}, {report['verdict']}: {found}")
    assert picture(data) == before, f"{name} was changed by reading"
    return wrong


def data_of(folder):
    return next(path.parent for path in sorted(folder.rglob("member")) if path.is_dir())


medic = Medic(sys.argv)
wrong = []
for name, (wanted, outcomes) in CASES.items():
    shutil.rmtree(medic.scratch, ignore_errors=True)
    medic.scratch.mkdir(parents=True)
    medic.unpack(medic.archive(name))
    wrong += check(medic, name, data_of(medic.scratch), wanted, outcomes)

# A bucket whose name lost one bit is named with what it was.
medic.unpack(medic.archive("torture/05-bucket-meta-renamed"))
_, report = medic.verify(medic.scratch / "data")
if not any(f["code"] == "MVCC-BUCKET-UNKNOWN" and '"meta"' in f["message"] for f in report["findings"]):
    wrong.append(f"no MVCC-BUCKET-UNKNOWN for meta: {report['findings']}")
print("\n".join(wrong) or f"{len(CASES)} directories: finding and prediction by release as they should be")
sys.exit(bool(wrong))
