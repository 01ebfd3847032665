# SPDX-License-Identifier: Apache-2.0
"""Makes data directories with real servers, to be predicted, harmed and started again."""
import base64
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.parse
import urllib.request

from judge import QUICK, copied, served
from server import Client, Server, b64, free_port


@dataclasses.dataclass
class Member:
    """A stopped member. kept: what it served last, (revision, keys). neighbours: the members it is started beside."""
    data: pathlib.Path
    version: str
    kept: tuple = None
    name: str = "m1"
    port: int = 2380
    listens: bool = False
    user: int = None
    login: tuple = None
    neighbours: tuple = ()

    @property
    def member(self):
        return self.data / "member"

    @property
    def db(self):
        return self.data / "member/snap/db"

    def wal(self):
        return sorted((self.data / "member/wal").glob("*.wal"))

    def snaps(self):
        return sorted((self.data / "member/snap").glob("*.snap"))


class Workshop:
    def __init__(self, scratch, peers):
        self.scratch, self.peers, self.made, self.count = scratch, peers, {}, 0

    def folder(self, word):
        self.count += 1
        path = self.scratch / f"{self.count:03}-{word}"
        path.mkdir()
        return path

    def start(self, member, version=None, flags=(), snapshot_count=10, cluster=None):
        server = Server(self.peers.etcd[version or member.version], member.data, name=member.name, advertised=member.port, listens=member.listens,
                        cluster=cluster, snapshot_count=snapshot_count, flags=(*QUICK, *flags))
        return server

    def run(self, member, load, version=None, flags=(), stop=None, **options):
        """Starts the member, gives its client to `load`, and stops it."""
        server = self.start(member, version, flags, **options)
        try:
            assert server.wait(30), server.last_words()
            client = Client(server.port)
            if member.login:
                client.login(*member.login)
            load(client)
            if version:
                wait_for_version(server.port, version)
            member.kept = served(client)
        finally:
            server.stop(*([stop] if stop else []))
        member.version = version or member.version
        return member

    def make(self, version, key, load, port=2380, **options):
        """A member of that version that has taken the load; made once, handed out as copies."""
        if key not in self.made:
            member = Member(self.folder(f"made-{version}") / "data", version, port=port)
            self.made[key] = self.run(member, load, **options)
        return self.copy(self.made[key])

    def copy(self, member):
        return dataclasses.replace(member, data=copied(member.data, self.folder("copy") / "data"))

    def fresh(self, version, **options):
        return self.make(version, ("fresh", version, *options.items()), load, **options)

    def snapshot(self, version):
        """A file as `snapshot save` makes it, and what it holds."""
        def save(client):
            load(client)
            client.connection.request("POST", "/v3/maintenance/snapshot", "{}", client.headers)
            with open(path, "wb") as file:
                for line in client.connection.getresponse():
                    file.write(base64.b64decode(json.loads(line)["result"].get("blob", "")))
            client.connection.close()
        path = self.scratch / f"snapshot-{version}.db"
        return path, self.make(version, ("snapshot", version), save).kept

    def restore(self, version, snapshot=None, names=("m1",), flags=()):
        """The members that `snapshot restore` makes."""
        path, kept = snapshot or self.snapshot(version)
        ports = [free_port() for _ in names]
        cluster = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in zip(names, ports))
        members = []
        for name, port in zip(names, ports):
            member = Member(self.folder(f"restored-{version}-{name}") / "data", version, kept, name, port, listens=len(names) > 1)
            done = subprocess.run([self.peers.restorer[version], "snapshot", "restore", path, "--data-dir", member.data, "--name", name, "--initial-cluster", cluster,
                                   "--initial-advertise-peer-urls", f"http://127.0.0.1:{port}", *flags],
                                  capture_output=True, text=True, env=dict(os.environ, ETCDCTL_API="3"), timeout=60)
            assert done.returncode == 0, done.stderr
            members.append(member)
        for member in members:
            member.neighbours = tuple(other for other in members if other is not member)
        return members

    def cluster(self, version, names, load, flags=()):
        """Several members that run together; load(client of the first, members and servers by name)."""
        members = {name: Member(self.folder(f"cluster-{version}-{name}") / "data", version, name=name, port=free_port(), listens=True) for name in names}
        cluster = ",".join(f"{m.name}=http://127.0.0.1:{m.port}" for m in members.values())
        servers = {name: self.start(member, flags=flags, cluster=cluster) for name, member in members.items()}
        try:
            assert all(server.wait(30) for server in servers.values())
            kept = load(Client(servers[names[0]].port), members, servers)
        finally:
            for server in servers.values():  # all at once: one that is left alone waits for the others
                server.process.terminate()
            time.sleep(1)
            for server in servers.values():  # and may wait long for a peer that was quicker
                server.stop(signal.SIGKILL)
        for member in members.values():
            member.kept = kept
            member.neighbours = tuple(other for other in members.values() if other is not member)
        return members


def wait_for_version(port, version):
    """Until the cluster version is that of the one server, which it decides some moments after its start."""
    for _ in range(100):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/version", timeout=10) as answer:
            if json.load(answer)["etcdcluster"].startswith(version):
                return
        time.sleep(0.1)
    raise AssertionError(f"the cluster version does not become {version}")


def load(client, count=24, word="k", size=400):
    """Puts, deletes, transactions, a lease and a compaction; more than two snapshots of ten entries each."""
    lease = client.call("/v3/lease/grant", {"TTL": "3000000", "ID": "0"})["ID"]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:  # each key by one client, in order
        for done in [pool.submit(put_in_turn, client.connection.port, word, range(first, count, 17), size) for first in range(min(17, count))]:
            done.result()
    client.call("/v3/kv/put", {"key": b64(f"/{word}/leased"), "value": b64("x"), "lease": lease})
    client.call("/v3/kv/deleterange", {"key": b64(f"/{word}/03")})
    client.call("/v3/kv/txn", {"compare": [], "success": [{"request_put": {"key": b64(f"/{word}/txn{n}"), "value": b64("t")}} for n in range(3)]})
    revision = client.put(f"/{word}/04", "again")
    client.call("/v3/kv/compaction", {"revision": str(revision - 12), "physical": True})
    for number in range(4):
        client.put(f"/{word}/after{number}", "y" * 100)


def put_in_turn(port, word, numbers, size):
    client = Client(port)
    for number in numbers:
        client.put(f"/{word}/{number % 17:02}", f"{word}-{number}-" + "v" * (number * 37 % size))
    client.connection.close()


def change_members(client, path, body):
    """A change of the membership, which a server refuses until it has seen its peers for some seconds."""
    for _ in range(100):
        try:
            return client.call(f"/v3/cluster/member/{path}", body)
        except RuntimeError as refused:
            if "unhealthy cluster" not in str(refused):
                raise
            time.sleep(0.2)
    raise AssertionError("the cluster does not become healthy")


def v2(port, method, path, **form):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v2/keys{path}", urllib.parse.urlencode(form).encode(), method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)
