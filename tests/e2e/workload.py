# SPDX-License-Identifier: Apache-2.0
"""Random operations on a real etcd: the same for the same seed, and everything that reaches the backend among them."""
import base64
import collections
import random

from server import b64

PASSWORD = "keep it"
# What a random operation may run into; any other answer is a defect of the workload.
REFUSALS = ("duplicate key given in txn request", "requested lease not found", "required revision has been compacted",
            "required revision is a future revision", "lease already exists", "key not found", "value is provided", "user name already exists", "role name already exists",
            "user name not found", "role name not found", "role is not granted to the user", "permission is not granted to the role",
            "authentication is not enabled")
TARGETS = {"VERSION": "version", "CREATE": "create_revision", "MOD": "mod_revision", "LEASE": "lease", "VALUE": "value"}


def key_pool(generator):
    keys = [b"/registry/pods/ns%d/pod-%03d" % (i % 5, i) for i in range(120)]
    keys += [b"/app/%d" % i for i in range(40)] + [b"a", b"aa", b"a\0", b"ab", b"\0", b"\0\0", b"\xff", b"\xff\xff", b"\xfe\xff"]
    keys += [b"/u/\xd0\xba\xd0\xbb\xd1\x8e\xd1\x87-%d" % i for i in range(20)]
    return keys + [generator.randbytes(generator.randrange(1, 40)) for _ in range(40)] + [b"/long/" + b"k" * 900]


class Workload:
    def __init__(self, client, seed):
        self.client = client
        self.random = random.Random(seed)
        self.keys = key_pool(self.random)
        self.leases, self.users, self.roles = [], [], []
        self.revision = self.compacted = 0
        self.done, self.refused = collections.Counter(), collections.Counter()
        self.auth = False
        self.table = [(self.put, 520), (self.delete, 90), (self.delete_range, 25), (self.transaction, 220), (self.lease_grant, 25),
                      (self.lease_revoke, 12), (self.lease_keep_alive, 12), (self.compact, 6), (self.defragment, 2), (self.user, 18), (self.role, 18)]

    def attach(self, client):
        """Goes on with a server that was started again; tokens do not outlive one."""
        self.client = client
        if self.auth:
            client.login("root", PASSWORD)

    def call(self, path, body):
        answer = self.client.call(path, body)
        self.revision = max(self.revision, int(answer.get("header", {}).get("revision", 0)))
        return answer

    def step(self):
        operation = self.random.choices([row[0] for row in self.table], [row[1] for row in self.table])[0]
        try:
            operation()
        except RuntimeError as error:
            known = [words for words in REFUSALS if words in str(error)]
            if not known:
                raise
            self.refused[known[0]] += 1
        self.done[operation.__name__] += 1

    def value(self):
        size = self.random.choices([0, 20, 300, 1500, 9000, 60000], [5, 40, 40, 12, 2, 0.3])[0]
        beginning = b"{" if self.random.random() < 0.03 else b""  # begins like JSON and is none
        return beginning + self.random.randbytes(self.random.randint(size // 2, size))

    def range(self):
        """A range in each of the forms that a request can have: prefix, from ... to, from ... on, everything."""
        start, end = sorted(self.random.sample(self.keys, 2))
        form = self.random.random()
        if form < 0.6:
            start = b"/registry/pods/ns%d/pod-%02d" % (self.random.randrange(5), self.random.randrange(12))
            return start, start[:-1] + bytes([start[-1] + 1])
        if form < 0.94:
            return start, min(end, start + b"\x08")
        return (max(self.keys), b"\0") if form < 0.995 else (b"\0", b"\0")

    def put_request(self, in_transaction=False):
        request = {"key": b64(self.random.choice(self.keys)), "value": b64(self.value())}
        if self.leases and self.random.random() < 0.15:
            request["lease"] = self.random.choice(self.leases)
        # etcd panics where the same transaction has deleted the key before.
        if self.random.random() < 0.05 and not in_transaction:
            request.pop("value")
            request["ignore_value"] = True
        return request

    def put(self):
        self.call("/v3/kv/put", self.put_request())

    def delete(self):
        self.call("/v3/kv/deleterange", {"key": b64(self.random.choice(self.keys))})

    def delete_range_request(self):
        start, end = self.range()
        return {"key": b64(start), "range_end": b64(end), "prev_kv": self.random.random() < 0.2}

    def delete_range(self):
        self.call("/v3/kv/deleterange", self.delete_range_request())

    def compare(self):
        target = self.random.choice(list(TARGETS))
        wanted = b64(self.value()[:10]) if target == "VALUE" else str(self.random.randrange(0, 4 if target == "VERSION" else max(1, self.revision)))
        return {"target": target, "result": self.random.choice(["EQUAL", "NOT_EQUAL", "GREATER", "LESS"]),
                "key": b64(self.random.choice(self.keys)), TARGETS[target]: wanted}

    def transaction_request(self, depth):
        def requests():
            made = []
            for _ in range(self.random.randrange(0, 4)):
                kind = self.random.random()
                if kind < 0.6:
                    made.append({"request_put": self.put_request(in_transaction=True)})
                elif kind < 0.75:
                    made.append({"request_delete_range": self.delete_range_request() if kind < 0.65 else {"key": b64(self.random.choice(self.keys))}})
                elif kind < 0.85 or depth == 0:
                    made.append({"request_range": {"key": b64(self.random.choice(self.keys))}})
                else:
                    made.append({"request_txn": self.transaction_request(depth - 1)})
            return made

        return {"compare": [self.compare() for _ in range(self.random.randrange(0, 3))], "success": requests(), "failure": requests()}

    def transaction(self):
        self.call("/v3/kv/txn", self.transaction_request(2))

    def lease_grant(self):
        answer = self.call("/v3/lease/grant", {"TTL": self.random.randint(3600, 100000), "ID": self.random.choice([0, self.random.getrandbits(62)])})
        self.leases.append(answer["ID"])

    def lease_revoke(self):
        if self.leases:
            self.call("/v3/lease/revoke", {"ID": self.leases.pop(self.random.randrange(len(self.leases)))})

    def lease_keep_alive(self):
        if self.leases:
            self.call("/v3/lease/keepalive", {"ID": self.random.choice(self.leases)})

    def compact(self, physical=None):
        to = self.random.randint(self.compacted, self.revision)
        self.call("/v3/kv/compaction", {"revision": str(to), "physical": self.random.random() < 0.5 if physical is None else physical})
        self.compacted = to

    def defragment(self):
        self.call("/v3/maintenance/defragment", {})

    def user(self):
        name = f"user-{self.random.randrange(12)}"
        action = self.random.random()
        if action < 0.4 or not self.users:
            self.call("/v3/auth/user/add", {"name": name, "password": self.random.choice(["secret", "other"]), "options": {"no_password": action < 0.05}})
            self.users.append(name)
        elif action < 0.8 and self.roles:
            self.call("/v3/auth/user/grant", {"user": self.random.choice(self.users), "role": self.random.choice(self.roles)})
        elif action < 0.9 and self.roles:
            self.call("/v3/auth/user/revoke", {"name": self.random.choice(self.users), "role": self.random.choice(self.roles)})
        else:
            self.call("/v3/auth/user/delete", {"name": self.users.pop()})

    def role(self):
        name = f"role-{self.random.randrange(8)}"
        action = self.random.random()
        if action < 0.3 or not self.roles:
            self.call("/v3/auth/role/add", {"name": name})
            self.roles.append(name)
        elif action < 0.8:
            start, end = self.range()
            permission = {"permType": self.random.choice(["READ", "WRITE", "READWRITE"]), "key": b64(start)}
            if action < 0.7:
                permission["range_end"] = b64(end)
            self.call("/v3/auth/role/grant", {"name": self.random.choice(self.roles), "perm": permission})
        elif action < 0.9:
            start, end = self.range()
            self.call("/v3/auth/role/revoke", {"role": self.random.choice(self.roles), "key": b64(start), "range_end": b64(end)})
        else:
            self.call("/v3/auth/role/delete", {"role": self.roles.pop()})

    def enable_auth(self):
        self.call("/v3/auth/user/add", {"name": "root", "password": PASSWORD})
        self.call("/v3/auth/role/add", {"name": "root"})
        self.call("/v3/auth/user/grant", {"user": "root", "role": "root"})
        self.call("/v3/auth/enable", {})
        self.auth = True
        self.client.login("root", PASSWORD)

    def disable_auth(self):
        self.call("/v3/auth/disable", {})
        self.auth = False
        self.client.headers = {}
        self.call("/v3/auth/user/delete", {"name": "root"})
        self.call("/v3/auth/role/delete", {"role": "root"})


def plain(kv):
    """A key-value of an answer, with numbers as numbers and bytes as bytes."""
    return (base64.b64decode(kv["key"]), base64.b64decode(kv.get("value", "")), int(kv.get("create_revision", 0)),
            int(kv.get("mod_revision", 0)), int(kv.get("version", 0)), int(kv.get("lease", 0)))
