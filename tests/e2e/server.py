# SPDX-License-Identifier: Apache-2.0
"""A real etcd on the loopback, spoken to through its JSON gateway."""
import atexit
import base64
import http.client
import json
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "damage"))


RESERVED = []  # sockets whose names say which ports are this process's; they go when it ends


def free_port():
    """A port that nobody else takes before a server listens on it: below those that the kernel gives to outgoing connections, and
    reserved among the tests that run at the same time by a name in the abstract namespace of sockets."""
    first = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.SystemRandom().randrange(10000, first if first > 20000 else 65536)
        holder = socket.socket(socket.AF_UNIX)
        try:
            holder.bind(f"\0etcdmedic-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            holder.close()
            continue
        RESERVED.append(holder)
        return port


def b64(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


class Client:
    def __init__(self, port, timeout=60):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.connection.connect()
        # Header and body go out in two writes; the second must not wait for the answer to the first.
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.headers = {}

    def login(self, user, password):
        """Every further call is made as that user."""
        self.headers = {}
        self.headers = {"Authorization": self.call("/v3/auth/authenticate", {"name": user, "password": password})["token"]}

    def call(self, path, body):
        self.connection.request("POST", path, json.dumps(body), self.headers)
        answer = json.loads(self.connection.getresponse().read())
        if "error" in answer or "code" in answer:
            raise RuntimeError(answer)
        return answer

    def put(self, key, value):
        return int(self.call("/v3/kv/put", {"key": b64(key), "value": b64(value)})["header"]["revision"])

    def everything(self):
        answer = self.call("/v3/kv/range", {"key": base64.b64encode(b"\0").decode(), "range_end": base64.b64encode(b"\0").decode()})
        return {base64.b64decode(kv["key"]).decode(errors="replace"): (base64.b64decode(kv.get("value", "")).decode(errors="replace"), int(kv["mod_revision"]))
                for kv in answer.get("kvs", [])}


class Server:
    """advertised: the port of its peer URL, which decides the member's id; it listens there only where it has peers. cluster: the
    initial cluster, by default itself alone. user: the id of the user that runs it."""

    def __init__(self, binary, data, name="m1", snapshot_count=100, advertised=None, listens=False, cluster=None, user=None, flags=()):
        self.port, listening = free_port(), free_port()
        os.chmod(data, 0o700) if os.path.isdir(data) and user is None else None
        advertised = advertised or listening
        peer, listening = (f"http://127.0.0.1:{port}" for port in (advertised, advertised if listens else listening))
        # A killed process loses nothing that it wrote: only a machine that stops needs fsync. 3.4 does not know how to go without.
        environment = dict(os.environ, ETCD_WAL_SEGMENT_BYTES="65536", ETCD_UNSUPPORTED_ARCH="", ETCD_UNSAFE_NO_FSYNC="true")
        self.log = open(str(data) + ".log", "wb")
        self.process = subprocess.Popen(
            [*([] if user is None else ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups"]), binary,
             "--data-dir", str(data), "--name", name, "--listen-client-urls", f"http://127.0.0.1:{self.port}",
             "--advertise-client-urls", f"http://127.0.0.1:{self.port}", "--listen-peer-urls", listening,
             "--initial-advertise-peer-urls", peer, "--initial-cluster", cluster or f"{name}={peer}", "--snapshot-count", str(snapshot_count),
             *flags],
            stdout=self.log, stderr=self.log, env=environment)
        self.data = data
        atexit.register(self.process.kill)

    def wait(self, seconds=15):
        """True where it serves a linearizable read within that time."""
        end = time.time() + seconds
        while time.time() < end and self.process.poll() is None:
            try:
                Client(self.port).call("/v3/kv/range", {"key": b64("none")})
                return True
            except RuntimeError as refused:
                if "user name is empty" in str(refused):  # it serves, users only
                    return True
                time.sleep(0.1)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.1)
        return False

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(20)
        self.log.close()

    def last_words(self):
        with open(str(self.data) + ".log", errors="replace") as log:
            return "".join(log.readlines()[-3:])
