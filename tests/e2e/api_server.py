# SPDX-License-Identifier: Apache-2.0
"""A real kube-apiserver over a real etcd, and kubectl to speak to it."""
import atexit
import os
import shlex
import subprocess
import time

from server import Server, free_port

# The flags of the server that the recorded clusters come from; a stock server has none.
EVERYTHING = ("--runtime-config=api/all=true",
              "--feature-gates=AllBeta=true,CompositePodGroup=true,TopologyAwareWorkloadScheduling=true,GenericWorkload=true,EvictionRequestAPI=true")
CONFIG = """apiVersion: v1
kind: Config
clusters: [{{name: c, cluster: {{server: "https://127.0.0.1:{port}", insecure-skip-tls-verify: true}}}}]
users: [{{name: u, user: {{token: token}}}}]
contexts: [{{name: x, context: {{cluster: c, user: u}}}}]
current-context: x
"""


class Cluster:
    """`programs` holds etcd-3.6, kube-apiserver and kubectl; the data of etcd is in `folder`/data, and may be there already."""

    def __init__(self, programs, folder, *flags):
        folder.mkdir(exist_ok=True)
        self.programs, self.folder = programs, folder
        self.etcd = Server(programs / "etcd-3.6", folder / "data", snapshot_count=10000, flags=("--force-new-cluster",) if (folder / "data").exists() else ())
        assert self.etcd.wait(120), self.etcd.last_words()
        port = free_port()
        key = folder / "accounts.key"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        (folder / "tokens.csv").write_text("token,admin,admin,system:masters\n")
        self.config = folder / "kubeconfig"
        self.config.write_text(CONFIG.format(port=port))
        self.log = open(folder / "kube-apiserver.log", "wb")
        self.server = subprocess.Popen(
            [programs / "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{self.etcd.port}", "--secure-port", str(port),
             "--bind-address", "127.0.0.1", "--cert-dir", folder / "certificates", "--service-account-key-file", key,
             "--service-account-signing-key-file", key, "--service-account-issuer", "https://issuer.example.com", "--token-auth-file",
             folder / "tokens.csv", "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.96.0.0/16", "--allow-privileged", *flags],
            stdout=self.log, stderr=self.log)
        atexit.register(self.stop)
        end = time.time() + 300
        while self.kubectl("get --raw /readyz")[0] != 0:
            assert self.server.poll() is None and time.time() < end, (folder / "kube-apiserver.log").read_text()[-2000:]
            time.sleep(1)

    def kubectl(self, line, given=None):
        """A command line's exit code, output and messages. Times are printed in UTC."""
        done = subprocess.run([self.programs / "kubectl", "--kubeconfig", self.config, *shlex.split(line)], input=given, capture_output=True, timeout=300,
                              env=dict(os.environ, TZ="UTC", HOME=str(self.folder)))
        return done.returncode, done.stdout, done.stderr.decode()

    def pause(self):
        """Stops the API server, so that nothing moves in etcd."""
        self.server.kill()
        self.server.wait()

    def stop(self):
        if self.server.poll() is None:
            self.pause()
        self.etcd.stop()
