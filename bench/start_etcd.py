#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""start_etcd.py ETCD DATA: starts etcd on a data directory, waits until it is ready to serve clients, and stops it: for the time of a start."""
import socket
import subprocess
import sys


def address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


etcd, data = sys.argv[1:]
client, peer = address(), address()
server = subprocess.Popen([etcd, "--data-dir", data, "--unsafe-no-fsync", "--listen-client-urls", client, "--advertise-client-urls", client,
                           "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", f"default={peer}",
                           "--quota-backend-bytes", str(8 << 30)], stderr=subprocess.PIPE, text=True)
tail = []
for line in server.stderr:
    if "ready to serve client requests" in line:
        server.terminate()
        break
    tail = [*tail[-5:], line]
else:
    sys.exit("etcd ended before it was ready:\n" + "".join(tail))
server.stderr.read()  # all that it still says: it would wait for a reader
server.wait()
