#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times etcdmedic against the peers' own programs on the same data and writes docs/performance.md.

Each case of cases.py runs ours and the peer's in turn, several times over, so that what else the machine does hits both. Beside the time by
the clock stands the processor time, user and system, which other programs on the machine hardly change. Results are kept in the build
folder until the case runs again; the document has all that are there."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import threading
import time

from cases import CASES

here = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--binary", type=pathlib.Path, required=True, help="the etcdmedic to time")
parser.add_argument("--build", type=pathlib.Path, required=True, help="folder for the peers' programs and the data")
parser.add_argument("--rounds", type=int, help="of every case")
parser.add_argument("--only", default="", help="only the cases with this in their name")
parser.add_argument("--write", type=pathlib.Path, help="the document to write")
options = parser.parse_args()
peers, made = options.build / "bench-peers", options.build / "bench-data"
results_file = options.build / "bench-results.json"
SIDES = ("ours", "peer")
PLACES = {"medic": options.binary, "peers": peers, "here": here, "bench": options.binary.parent.parent.parent / "bench"}


class Run:
    """One run of a command: its time, and its greatest memory, all of it and without the pages of mapped files."""

    def __init__(self, command, end):
        self.anonymous = 0
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        watcher = threading.Thread(target=self.watch, args=(process.pid,))
        watcher.start()
        complaint = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall, self.cpu = time.perf_counter() - begin, usage.ru_utime + usage.ru_stime
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.join()
        self.peak = usage.ru_maxrss * 1024
        if process.returncode != end:
            sys.exit(f"{shlex.join(command)} ended with {process.returncode}: {complaint.decode(errors='replace')[-500:]}")

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


def remove(path):
    subprocess.run(f"rm -rf {shlex.quote(str(path))}*", shell=True, check=True)


def prepare(case):
    where = made / case["data"].__name__
    done = where.with_suffix(".made")
    if not done.exists():
        remove(where)
        where.mkdir(parents=True)
        case["data"](peers, where)
        done.touch()
    return where


def measure(case):
    where = prepare(case)
    out = made / "out"
    commands = {side: shlex.split(case[side].format(**PLACES, data=where, out=out)) for side in SIDES}

    def run(side):
        remove(out)
        if case.get("on_copy"):
            subprocess.run(["cp", "-r", where, out], check=True)
        return Run(commands[side], case.get("ends", {}).get(side, 0))

    run("ours")  # so that both find the data in memory
    runs = {side: [] for side in SIDES}
    for _ in range(options.rounds or case.get("rounds", 5)):
        for side in SIDES:
            runs[side].append(run(side))
    remove(out)
    result = {side: {"wall": min(each.wall for each in runs[side]), "cpu": min(each.cpu for each in runs[side]),
                     "peak": max(each.peak for each in runs[side]), "anonymous": max(each.anonymous for each in runs[side])} for side in SIDES}
    result |= {"rounds": len(runs["ours"]), "date": datetime.date.today().isoformat(),
               "size": sum(path.stat().st_size for path in where.rglob("*") if path.is_file())}
    ours, peer = result["ours"], result["peer"]
    print(f"{case['name']}: ours {ours['wall']:.3f} s, {ours['cpu']:.3f} s of processor; {peer['wall'] / ours['wall']:.2f} times as fast as "
          f"the peer by the clock, {peer['cpu'] / ours['cpu']:.2f} by the processor; {ours['anonymous'] >> 20} MiB without file pages", flush=True)
    return result


def shown(case, side):
    command = case[side].replace("{peers}/", "").replace("{bench}/", "").replace("{here}/", "")
    return command.format(medic="etcdmedic", data="DATA", out="NEW")


def row(case, result):
    ours, peer = result["ours"], result["peer"]
    goal = f"{case['goal']}" if "goal" in case else f"{case['most']} s"
    return (f"| {case['name']} | {result['size'] / 1e6:.0f} MB | {ours['wall']:.2f} s | {ours['cpu']:.2f} s | {peer['wall']:.2f} s | "
            f"{peer['cpu']:.2f} s | {peer['wall'] / ours['wall']:.1f} | {peer['cpu'] / ours['cpu']:.1f} | {goal} | "
            f"{ours['peak'] / 2**20:.0f} MiB ({ours['anonymous'] / 2**20:.0f}) | {peer['peak'] / 2**20:.0f} MiB | {result['rounds']} | "
            f"{result['date']} |")


HEAD = """# Performance

Written by `scripts/bench`: each case runs etcdmedic and the peer's program in turn on the same data, with the data in the page cache. Times
are those of the best run, by the clock and of the processor (user and system, all threads). The machine is shared: what else it does
changes the times by the clock, and those of the processor hardly. A ratio of 10 means that etcdmedic took a tenth of the time. Where
the goal is a time, it is the most that a run by the clock may take. Memory is the greatest resident set; in brackets, without the pages
of mapped files, which the kernel can take back at any moment.

Machine: {model}, {cores} cores, Linux {linux}.

| case | data | time | processor | the peer's time | its processor | ratio of times | ratio of processor | goal | our memory | the peer's | rounds | date |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""

TAIL = """
The peers are built from their own modules (`bench/peers`); `walverify` is a few lines around etcd's `wal.Verify`, `decode` a loop around
the Go types of Kubernetes: `typed` the shortest that there is, `codec` with a codec from the factory for each value, as auger does, which
itself cannot be had as a module. `start_etcd.py` waits until etcd serves clients, and stops it; `decode_db` is `bench/decode_db.cc`.
"""


def document(results):
    with open("/proc/cpuinfo") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), platform.machine())
    known = [case for case in CASES if case["name"] in results]
    text = HEAD.format(model=model, cores=os.cpu_count(), linux=platform.release().split("-")[0])
    text += "\n".join(row(case, results[case["name"]]) for case in known) + "\n\nThe commands:\n\n"
    for case in known:
        text += f"- {case['name']}: `{shown(case, 'ours')}` and `{shown(case, 'peer')}`. {' '.join(case['data'].__doc__.split())}\n"
    return text + TAIL + (here / "remarks.md").read_text()


built = subprocess.run([str(here / "peers/build"), str(peers)])
if built.returncode != 0:
    sys.exit(built.returncode)
results = json.loads(results_file.read_text()) if results_file.exists() else {}
for case in CASES:
    if options.only in case["name"]:
        results[case["name"]] = measure(case)
        results_file.write_text(json.dumps(results, indent=1))
if options.write:
    options.write.write_text(document(results))
