#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times etcdmedic against the peers' own programs on the same data and writes docs/performance.md.

Each case runs ours and the peer's in turn, several times over, so that what else the machine does hits both. What counts is the
ratio; times themselves are not written down. A new case is one row of CASES."""
import argparse
import hashlib
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import threading
import time

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--binary", type=pathlib.Path, required=True, help="the etcdmedic to time")
parser.add_argument("--build", type=pathlib.Path, required=True, help="folder for the peers' programs and the data")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--only", default="", help="only the cases with this in their name")
parser.add_argument("--write", type=pathlib.Path, help="the document to write")
options = parser.parse_args()
peers = options.build / "bench-peers"
data = options.build / "bench-data"


def call(*args):
    subprocess.run([str(arg) for arg in args], check=True)


def make_wal(where):
    """560 000 puts of about 1 KiB, written by etcd's own wal package: more than 600 MB in ten segments."""
    (where / "member/snap").mkdir(parents=True)
    call(peers / "makewal", where / "member/wal", 560000)


def make_db(where):
    """1.2 million revisions of 600 000 keys with values of about 1 KiB, written with bbolt in etcd's shape: 1.7 GB."""
    call(peers / "makedb", where / "db", 1200000)


def make_backup(where):
    """That db as `snapshot save` sends it, with its SHA-256 at the end."""
    make_db(where)
    digest = hashlib.sha256((where / "db").read_bytes()).digest()
    with open(where / "db", "ab") as file:
        file.write(digest)


def make_values(where):
    """418 protobuf values of 70 kinds from a real server."""
    archive = here.parent / "testdata/k8s/expected.tar.zst"
    subprocess.run(f"zstd -dc --long=27 '{archive}' | tar -xf - -C '{where}'", shell=True, check=True)


# What is timed. `data` names what `prepare` makes once; {medic}, {peers}, {bench} and {data} stand for places. `rounds` for what takes long.
CASES = [
    {"name": "verify of a log, against wal.Verify", "data": "wal", "prepare": make_wal, "goal": 8,
     "ours": "{medic} verify {data}/member/wal", "peer": "{peers}/walverify {data}/member/wal"},
    {"name": "wal dump, against etcd-dump-logs", "data": "wal", "prepare": make_wal, "goal": 30, "rounds": 2,
     "ours": "{medic} wal dump {data}", "peer": "{peers}/etcd-dump-logs {data}"},
    {"name": "wal dump --values, against etcd-dump-logs", "data": "wal", "prepare": make_wal, "goal": 30, "rounds": 2,
     "ours": "{medic} wal dump {data} --values", "peer": "{peers}/etcd-dump-logs {data}"},
    {"name": "db check, pages alone as bbolt check does", "data": "db", "prepare": make_db, "goal": 3, "rounds": 5,
     "ours": "{medic} db check {data}/db", "peer": "{peers}/bbolt check {data}/db"},
    {"name": "verify of a db, keys and all, against bbolt check of its pages", "data": "db", "prepare": make_db, "goal": 3, "rounds": 3,
     "ours": "{medic} verify {data}/db", "peer": "{peers}/bbolt check {data}/db"},
    {"name": "snapshot status, against etcdutl", "data": "db", "prepare": make_db, "goal": 6, "rounds": 3,
     "ours": "{medic} snapshot status {data}/db", "peer": "{peers}/etcdutl snapshot status {data}/db"},
    {"name": "hashkv, against etcdutl", "data": "db", "prepare": make_db, "goal": 6, "rounds": 3,
     "ours": "{medic} hashkv {data}/db", "peer": "{peers}/etcdutl hashkv {data}/db"},
    {"name": "keys with values, against etcd-dump-db", "data": "db", "prepare": make_db, "goal": 20, "rounds": 1,
     "ours": "{medic} keys {data}/db --values -o ndjson", "peer": "{peers}/etcd-dump-db iterate-bucket {data}/db key --decode"},
    {"name": "search of all values, against grep of the file", "data": "db", "prepare": make_db, "goal": 1, "rounds": 3,
     "ours": "{medic} search {data}/db /load/group-001/key-0000001", "peer": "grep -c -a -F /load/group-001/key-0000001 {data}/db"},
    {"name": "timeline of 1.2 million revisions, against etcd-dump-db", "data": "db", "prepare": make_db, "goal": 5, "rounds": 1,
     "ours": "{medic} timeline {data}/db", "peer": "{peers}/etcd-dump-db iterate-bucket {data}/db key --decode"},
    {"name": "restore, against etcdutl", "data": "backup", "prepare": make_backup, "goal": 3, "rounds": 3, "fresh": "restored",
     "ours": "{medic} restore {data}/db --output {out}", "peer": "{peers}/etcdutl snapshot restore {data}/db --data-dir {out}"},
    {"name": "restore without its SHA-256, against etcdutl", "data": "db", "prepare": make_db, "goal": 3, "rounds": 3, "fresh": "restored",
     "ours": "{medic} restore {data}/db --skip-hash-check --output {out}", "peer": "{peers}/etcdutl snapshot restore {data}/db --skip-hash-check --data-dir {out}"},
    {"name": "salvage of every page, against bbolt compact of the tree", "data": "db", "prepare": make_db, "goal": 3, "rounds": 2, "fresh": "salvaged",
     "ours": "{medic} salvage {data}/db --output {out}", "peer": "{peers}/bbolt compact -o {out} {data}/db"},
    *({"name": f"Kubernetes values to {text.upper()} on one core, against {against}", "data": "values", "prepare": make_values, "goal": 15,
       "rounds": 3, "ours": f"{{bench}}/decode_values {text} {{data}} {passes}", "peer": f"{{peers}}/decode {way} {text} {{data}} {passes}"}
      for text, passes in (("yaml", 40), ("json", 400)) for way, against in (("typed", "the Go types"), ("codec", "auger's way"))),
]


class Run:
    """One run of a command: its time and its greatest memory, all of it and without the pages of mapped files."""

    def __init__(self, command):
        self.command, self.anonymous = command, 0
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        watcher = threading.Thread(target=self.watch, args=(process.pid,))
        watcher.start()
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
        self.peak = usage.ru_maxrss * 1024
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {process.returncode}: {complaint.decode(errors='replace')[-500:]}")

    def watch(self, pid):
        try:
            while True:
                with open(f"/proc/{pid}/status") as status:
                    fields = dict(line.split(":", 1) for line in status)
                if "RssAnon" not in fields:  # it has ended
                    return
                self.anonymous = max(self.anonymous, int(fields["RssAnon"].split()[0]) * 1024)
                time.sleep(0.002)
        except OSError:
            return


def prepare(case):
    where = data / case["data"]
    done = where.with_suffix(".made")
    if not done.exists():
        if where.exists():
            call("rm", "-rf", where)
        where.mkdir(parents=True)
        case["prepare"](where)
        done.touch()
    size = sum(path.stat().st_size for path in where.rglob("*") if path.is_file())
    return where, size


def measure(case):
    where, size = prepare(case)
    out = data / case.get("fresh", "none")  # what the commands make: removed before each run
    places = {"out": out, "medic": options.binary, "peers": peers, "data": where, "bench": options.binary.parent.parent.parent / "bench"}
    ours, peer = (case[side].format(**places).split() for side in ("ours", "peer"))
    runs = {"ours": [], "peer": []}
    fresh = lambda: call("rm", "-rf", out) if "fresh" in case else None
    fresh()
    Run(ours)  # so that both find the data in memory
    for _ in range(case.get("rounds", options.rounds)):
        for side, command in (("ours", ours), ("peer", peer)):
            fresh()
            runs[side].append(Run(command))
    fresh()
    seconds = {side: [run.seconds for run in each] for side, each in runs.items()}
    result = {
        "by_min": min(seconds["peer"]) / min(seconds["ours"]),
        "by_median": statistics.median(seconds["peer"]) / statistics.median(seconds["ours"]),
        "peak": max(run.peak for run in runs["ours"]),
        "anonymous": max(run.anonymous for run in runs["ours"]),
        "peer_peak": max(run.peak for run in runs["peer"]),
        "rounds": len(runs["ours"]), "size": size,
    }
    print(f"{case['name']}: {result['by_min']:.1f} times by the best run, {result['by_median']:.1f} by the median; "
          f"{result['anonymous'] >> 20} MiB without file pages", flush=True)
    return result


def shown(case, side):
    return case[side].replace("{peers}/", "").replace("{bench}/", "").format(medic="etcdmedic", data="DATA", out="NEW")


def document(rows):
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    lines = ["# Performance", "",
             "Written by `scripts/bench`: each case runs etcdmedic and the peer's program in turn on the same data, with the data in the",
             "page cache. A ratio of 10 means that etcdmedic took a tenth of the time. Memory is the greatest resident set; in brackets,",
             "without the pages of mapped files, which the kernel can take back at any moment.", "",
             f"Machine: {model}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}.", "",
             "| case | data | ratio, best runs | ratio, medians | goal | our memory | the peer's | rounds |", "|---|---|---|---|---|---|---|---|"]
    for case, result in rows:
        lines.append(f"| {case['name']} | {result['size'] / 1e6:.0f} MB | {result['by_min']:.1f} | {result['by_median']:.1f} | {case['goal']} | "
                     f"{result['peak'] / 2**20:.0f} MiB ({result['anonymous'] / 2**20:.0f}) | {result['peer_peak'] / 2**20:.0f} MiB | {result['rounds']} |")
    lines += ["", "The commands:", ""]
    for case, _ in rows:
        lines.append(f"- {case['name']}: `{shown(case, 'ours')}` and `{shown(case, 'peer')}`. {' '.join(case['prepare'].__doc__.split())}")
    lines += ["", "The peers are built from their own modules (`bench/peers`); `walverify` is a few lines around etcd's `wal.Verify`,",
              "`decode` a loop around the Go types of Kubernetes: `typed` the shortest that there is, `codec` with a codec from the factory for each",
              "value, as auger does, which itself cannot be had as a module."]
    return "\n".join(lines) + "\n"


built = subprocess.run([str(here / "peers/build"), str(peers)])
if built.returncode != 0:
    sys.exit(built.returncode)
rows = [(case, measure(case)) for case in CASES if options.only in case["name"]]
if options.write:
    options.write.write_text(document(rows))
