#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random operations on a real etcd, whose log then loses its first segments, one after the other, as etcd itself removes them: `verify`
never says that the log and the db of this sound member contradict each other. purged_log.py MEDIC SOURCE SCRATCH ETCD"""
import os
import sys

from server import Client, Server
from medic import Medic
from workload import Workload

medic, binary = Medic(sys.argv), sys.argv[4]
if not os.access(binary, os.X_OK):
    print(f"skipped: there is no {binary}")
    sys.exit(77)
ACCUSES = {"MVCC-LOG-MISMATCH", "MVCC-STATE-MISMATCH", "DB-REVISION-BEHIND", "DB-INDEX-BEHIND", "DB-HISTORY-FOREIGN"}
seeds = range(1, 40 if "--all" in sys.argv or os.environ.get("ETCDMEDIC_TEST_ALL") else 9)
wrong, looked_at = [], 0
for seed in seeds:
    data = medic.scratch / f"seed-{seed}"
    server = Server(binary, data, snapshot_count=150 + seed % 5 * 100, flags=("--bcrypt-cost", "4", "--max-wals", "0", "--max-snapshots", "0"))
    assert server.wait(60), server.last_words()
    client = Client(server.port)
    workload = Workload(client, seed)
    for number in range(900):
        workload.step()
        if number == 400 and seed % 2:
            workload.enable_auth()
        if number == 600 and seed % 2:
            workload.disable_auth()
    client.connection.close()
    server.stop()
    segments = sorted((data / "member/wal").glob("*.wal"))
    for removed in range(min(len(segments) - 2, 5)):
        if removed:
            segments[removed - 1].unlink()
        said = {finding["code"] for finding in medic.verify(data)[1]["findings"]} & ACCUSES
        wrong += [f"seed {seed} without {removed} segments: {said}"] if said else []
        looked_at += 1
assert looked_at > 3 * len(seeds), looked_at
print("\n".join(wrong) or f"{looked_at} sound logs, none accused")
sys.exit(bool(wrong))
