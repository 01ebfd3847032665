#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One of three members, recovered while the others go on: from its backend, and from its log alone. It takes its place again under its own
id, catches up, and has the HashKV of the others. A state of the past is not written as a directory."""
import os
import shutil
import sys
import time

from server import Client, Server, free_port
from medic import Medic, picture
from served import hashes

version, built, hashkv = sys.argv[4:7]
binary = "/usr/bin/etcd" if version == "3.4" else built
for needed in (binary, hashkv):
    if not os.access(needed, os.X_OK):
        print(f"skipped: there is no {needed}")
        sys.exit(77)
medic = Medic(sys.argv)
ports = {name: free_port() for name in ("m1", "m2", "m3")}
cluster = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in ports.items())


def start(name, folder=None):
    return Server(binary, folder or medic.scratch / name, name=name, advertised=ports[name], listens=True, cluster=cluster, snapshot_count=10000)


def write(server, first, last):
    client = Client(server.port)
    for number in range(first, last):
        client.put(f"/key/{number % 50}", f"value {number}")
    client.connection.close()


def caught_up(servers):
    """The HashKV of all, once they are at one revision."""
    for _ in range(100):
        found = [hashes(hashkv, server.port, [0])[0] for server in servers]
        if len(set(found)) == 1:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(found)


servers = {name: start(name) for name in ports}
assert all(server.wait(60) for server in servers.values()), servers["m1"].last_words()
write(servers["m1"], 0, 300)
for name, without_backend in (("m3", False), ("m2", True)):
    caught_up(servers.values())
    servers[name].stop()
    write(servers["m1"], 300, 350)
    source, output = medic.scratch / name, medic.scratch / f"{name}-recovered"
    if without_backend:
        shutil.rmtree(source / "member/snap")
        os.mkdir(source / "member/snap")
    before = picture(source)
    code, _, err = medic.run("recover", source, "--output", medic.scratch / "past", "--to-index", 100)
    assert code == 8 and b"one of 3 members" in err, err
    code, _, err = medic.run("recover", source, "--output", output)
    assert code == 0 and picture(source) == before, err
    servers[name] = start(name, output)
    assert servers[name].wait(60), servers[name].last_words()
    write(servers[name], 350, 400)
    print(f"etcd {version}: {name} from its {'log' if without_backend else 'backend'}, all three have {caught_up(servers.values())}")
for server in servers.values():
    server.stop()
