#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `verify` predicts for a directory and a release of etcd is what that release then does with it.

matrix.py MEDIC SOURCE SCRATCH PROGRAMS [--all] [--table FILE] [NAME...]: the pairs of situations.py, those of the normal run or all."""
import concurrent.futures
import os
import subprocess
import sys
import threading

from judge import GOOD, Peers, observe
from medic import Medic, picture
from situations import NOBODY, TABLE
from workshop import Workshop

# Most of a trial is waiting.
WORKERS = 4

arguments = sys.argv[5:]
table = arguments[arguments.index("--table") + 1] if "--table" in arguments else None
names = [word for word in arguments if not word.startswith("--") and word != table]
everything = "--all" in arguments or os.environ.get("ETCDMEDIC_TEST_ALL") or names
peers = Peers(sys.argv[4])
if peers.missing:
    print(f"skipped: there is no {', '.join(peers.missing)}")
    sys.exit(77)
medic = Medic(sys.argv)
shop = Workshop(medic.scratch, peers)
bench = threading.RLock()
members = {}


def member_of(row):
    with bench:
        key = (row.make, row.maker)
        if key not in members:
            members[key] = row.make(shop, row.maker)
        return members[key]


def judged(row):
    """(row, (outcome, message, exit code) of verify, what happened, etcd's words, what is wrong)."""
    try:
        member = member_of(row)
    except Exception as error:  # one directory that cannot be made must not hide the others
        return row, ("", "", ""), "", "", [f"cannot be made: {type(error).__name__} {error}"]
    if member.user == NOBODY and not usable_by_nobody(member.data.parent):
        return row, "", "", "", None
    before = picture(member.data)
    code, report = medic.verify(member.data, "--etcd-version", row.runner)
    predicted = report["prediction"]["outcome"]
    everyone = [(peers.etcd[row.runner if each is member else each.version], each.data, each.name, each.port, each.listens, each.user)
                for each in (member, *member.neighbours)]
    with bench:
        scratch = shop.folder("trial")
    outcome, words, _ = observe(everyone, scratch, member.kept, member.login)
    wrong = []
    # Whoever serves less than was acknowledged serves wrong data too.
    if predicted != outcome and (predicted, outcome) != ("starts-wrong", "starts-loses"):
        wrong.append(f"predicted {predicted}, etcd {outcome}")
    if code == 0 and predicted not in GOOD:
        wrong.append(f"exit 0 although it {predicted}")
    if row.sound and code != 0:
        wrong.append(f"sound, and yet exit {code}: {[f['code'] for f in report['findings'] if f['severity'] != 'note']}")
    if picture(member.data) != before:
        wrong.append("verify changed it")
    message = report["prediction"].get("message", "")
    return row, (predicted, message, code), outcome, words, wrong


def usable_by_nobody(folder):
    reach = subprocess.run(["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "test", "-x", str(folder), "-a", "-x", peers.etcd["3.6"]])
    return os.geteuid() == 0 and reach.returncode == 0


rows = [row for row in TABLE if (everything or row.quick) and (not names or row.name in names)]
failed = skipped = 0
out = open(table, "w") if table else None
with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
    for row, predicted, outcome, words, wrong in pool.map(judged, rows):
        title = f"{row.name} of {row.maker} under {row.runner}"
        if wrong is None:
            skipped += 1
            print(f"skipped: {title}: an unprivileged user cannot reach it here")
            continue
        failed += bool(wrong)
        print(f"{title}: {outcome}" + "".join(f"\n    WRONG: {each}" for each in wrong) + (f"\n    {words[:300]}" if wrong else ""), flush=True)
        if out:
            out.write("\t".join([row.name, row.maker, row.runner, outcome, predicted[0], str(predicted[2]), "ok" if not wrong else "; ".join(wrong), words[:600], predicted[1]]) + "\n")
            out.flush()
print(f"{len(rows)} pairs, {failed} wrong, {skipped} skipped")
sys.exit(bool(failed))
