# SPDX-License-Identifier: Apache-2.0
"""Starts real servers on copies of directories and says in the words of `verify` what they did."""
import http.client
import os
import pathlib
import re
import shutil
import signal
import time

from server import Client, Server

# How long a server may take to serve and to acknowledge a write. It counts as hanging only where both did not suffice.
PATIENCE = (7, 20)
FAULTS = ("panic:", '"level":"panic"', "fatal error:", "[signal SIG", "unexpected fault address")
GOOD = ("starts", "repairs-tail")
QUICK = ("--heartbeat-interval", "20", "--election-timeout", "200")


class Peers:
    """The real etcd of each release and its etcdutl."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.etcd = {"3.4": "/usr/bin/etcd", **{v: str(self.folder / f"etcd-{v}") for v in ("3.5", "3.6", "3.7")}}
        # 3.4 restores with etcdctl; etcdutl came with 3.5.
        self.restorer = {"3.4": "/usr/bin/etcdctl", **{v: str(self.folder / f"etcdutl-{v}") for v in ("3.5", "3.6", "3.7")}}
        programs = [*self.etcd.values(), *self.restorer.values()]
        self.missing = [path for path in programs if not os.access(path, os.X_OK)]


def copied(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
    for folder, _, names in os.walk(source):  # copytree keeps modes, not owners
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            status = os.lstat(path)
            os.chown(os.path.join(target, os.path.relpath(path, source)), status.st_uid, status.st_gid, follow_symlinks=False)
    return target


def last_words(log):
    """The line with which a server ended: the panic, else the last fatal or error line, else the last one."""
    lines = [line for line in log.splitlines() if line.strip()]
    for pattern in (r"panic: |fatal error:|unexpected fault", r'"level":"panic"', r'"level":"fatal"| C \| | etcdmain: .*[Ee]rror', r'"level":"error"| E \| '):
        found = [line for line in lines if re.search(pattern, line)]
        if found:
            return found[0].strip()
    return lines[-1].strip() if lines else ""


def served(client):
    """(revision, {key: (value, mod revision)})."""
    status = client.call("/v3/kv/range", {"key": "AA==", "range_end": "AA==", "count_only": True})
    return int(status["header"]["revision"]), client.everything()


def compare(kept, now):
    """starts, starts-loses or starts-wrong, by what was acknowledged: (revision, keys)."""
    if kept is None or kept == now:
        return "starts"
    (revision, keys), (got, held) = kept, now
    newer = [key for key in held if key in keys and held[key][1] > keys[key][1]]
    older = all(held[key][1] <= got for key in held) and all(held[key][0] == keys[key][0] for key in held
                                                             if key in keys and held[key][1] == keys[key][1])
    return "starts-loses" if got < revision and older and not newer else "starts-wrong"


def use(client):
    """What every member must be able to do: a put, a compaction, a defragmentation, and to read it all."""
    try:
        revision = client.put("/judge", "x" * 300)
    except RuntimeError as refused:
        if "space exceeded" not in str(refused):
            raise
        revision, _ = served(client)
    client.call("/v3/kv/compaction", {"revision": str(revision), "physical": True})
    client.call("/v3/maintenance/defragment", {})
    served(client)


class Trial:
    """One start of a member, with its neighbours where it has some."""

    def __init__(self, members, login=None):
        """members: (binary, directory, name, advertised peer port, listens to its peers there, user id)."""
        self.login = login
        self.servers = [Server(binary, data, name=name, advertised=port, listens=real, user=user, flags=QUICK)
                        for binary, data, name, port, real, user in members]
        self.first = self.servers[0]
        self.now = None  # what it served

    def client(self, timeout):
        client = Client(self.first.port, timeout)
        if self.login:
            client.login(*self.login)
        return client

    def run(self, kept, patience):
        end = time.time() + patience
        try:
            while time.time() < end and self.first.process.poll() is None:
                try:
                    self.now = served(self.client(patience))
                    self.client(patience).put("/judge/first", "x")
                    break
                except RuntimeError as refused:
                    if "space exceeded" in str(refused):
                        break
                    if "not supported for learner" in str(refused):
                        return "starts"
                    time.sleep(0.2)
                except (OSError, http.client.HTTPException, ValueError):
                    time.sleep(0.2)
            else:
                return "hangs" if self.first.process.poll() is None else self.ended()
            try:
                use(self.client(30))
            except (RuntimeError, OSError, http.client.HTTPException, ValueError):
                return "starts-wrong"
            outcome = compare(kept, self.now)
            return "repairs-tail" if outcome == "starts" and "repaired WAL" in self.log() else outcome
        finally:
            for server in self.servers:
                server.stop(signal.SIGKILL)

    def log(self):
        return pathlib.Path(str(self.first.data) + ".log").read_text(errors="replace")

    def ended(self):
        return "panics" if any(fault in self.log() for fault in FAULTS) else "exits"


def observe(members, scratch, kept=None, login=None):
    """(outcome, last words, what it served) of the first of the members, each started on a copy of its directory."""
    patiences = list(PATIENCE)
    while patiences:
        patience = patiences.pop(0)
        for binary, data, name, *rest in members:
            copied(data, scratch / name)
        trial = Trial([(binary, scratch / name, name, *rest) for binary, data, name, *rest in members], login)
        outcome = trial.run(kept, patience)
        words = last_words(trial.log()) if outcome in ("exits", "panics") else ""
        shutil.rmtree(scratch, ignore_errors=True)
        if outcome == "exits" and "address already in use" in words:  # somebody else was given the port that was free
            patiences.insert(0, patience)
        elif outcome != "hangs":
            break
    return outcome, words, trial.now
