# SPDX-License-Identifier: Apache-2.0
"""The situations that the matrix compares predictions with: each makes a Member by way of a Workshop, for a version of etcd."""
import dataclasses
import os
import shutil
import signal
import struct
import subprocess
import time

from server import free_port
from workshop import Member, change_members, load, v2, wait_for_version
from workload import PASSWORD

ALL = ("3.4", "3.5", "3.6", "3.7")
BUILT = ALL[1:]  # those whose segments can be made small
NOBODY = 65534
TABLE = []


@dataclasses.dataclass(frozen=True)
class Row:
    make: callable
    maker: str
    runner: str
    quick: bool
    sound: bool

    @property
    def name(self):
        return self.make.__name__.replace("_", "-")


def situation(makes, runs=None, quick=(), sound=False):
    """makes: the versions that make the directory. runs: the versions that it is started with; None: the one that made it.
    quick: the pairs (maker, runner) of the normal run, runner left out where it is the maker. sound: nothing is wrong with it."""
    def register(function):
        chosen = {pair if isinstance(pair, tuple) else (pair, pair) for pair in quick}
        for maker in makes:
            for runner in runs or (maker,):
                TABLE.append(Row(function, maker, runner, (maker, runner) in chosen, sound and maker == runner))
        return function
    return register


# ---- Sound directories, each with each release.

@situation(ALL, ALL, quick=[("3.4", "3.4"), ("3.4", "3.5"), ("3.5", "3.4"), ("3.5", "3.6"), ("3.5", "3.7"), ("3.6", "3.5"), ("3.7", "3.6")], sound=True)
def fresh(shop, version):
    return shop.fresh(version)


@situation(ALL, ALL, quick=[("3.4", "3.6"), ("3.5", "3.7")], sound=True)
def without_snapshots(shop, version):
    """Nothing was compacted into a .snap: the log reaches back to the first entry, which a newer release may not read."""
    return shop.fresh(version, snapshot_count=1000)


@situation(ALL, sound=True)
def killed(shop, version):
    return shop.fresh(version, stop=signal.SIGKILL)


@situation(("3.5", "3.6"), ALL, sound=True)
def upgraded(shop, version):
    older = {"3.5": "3.4", "3.6": "3.5"}[version]
    return shop.run(shop.fresh(older), lambda client: load(client, 14, "later"), version)


@situation(ALL, ALL, quick=["3.4", "3.6", ("3.5", "3.6")], sound=True)
def restored(shop, version):
    return shop.restore(version)[0]


@situation(ALL, quick=["3.5"], sound=True)
def restored_and_run(shop, version):
    return shop.run(shop.restore(version)[0], load)


@situation(ALL, quick=["3.6"], sound=True)
def restored_three(shop, version):
    return shop.restore(version, names=("m1", "m2", "m3"))[0]


@situation(BUILT, quick=["3.6"], sound=True)
def restored_with_bump(shop, version):
    member = shop.restore(version, flags=("--bump-revision", "1000", "--mark-compacted"))[0]
    member.kept = None  # the bump changes the revision, and what is compacted
    return member


@situation(BUILT, sound=True)
def restored_with_bump_and_run(shop, version):
    return shop.run(restored_with_bump(shop, version), load)


@situation(("3.6", "3.7"), BUILT, quick=[("3.6", "3.5")])
def migrated_down(shop, version):
    """`etcdutl migrate` to the release before, which says that it worked or why it did not."""
    member = shop.fresh(version)
    older = {"3.6": "3.5", "3.7": "3.6"}[version]
    subprocess.run([shop.peers.restorer[version], "migrate", "--data-dir", member.data, "--target-version", older, "--force"],
                   check=True, capture_output=True, timeout=60)
    return member


@situation(("3.6", "3.7"), ALL[1:], quick=[("3.6", "3.5")])
def downgraded(shop, version):
    """By the book: `etcdctl downgrade enable`, then stopped as soon as the cluster version is that of the older release."""
    older = {"3.6": "3.5", "3.7": "3.6"}[version]
    return shop.make(version, ("downgraded", version), lambda client: downgrade(client, older))


def downgrade(client, older):
    load(client)
    for action in ("VALIDATE", "ENABLE"):
        client.call("/v3/maintenance/downgrade", {"action": action, "version": older})
    wait_for_version(client.connection.port, older)
    time.sleep(1)  # the storage version follows


@situation(("3.6",), ("3.5", "3.6"))
def downgraded_and_run(shop, version):
    return shop.run(downgraded(shop, version), load, "3.5")


# ---- The v2 store.

@situation(("3.4", "3.5"), ALL, quick=[("3.5", "3.6"), ("3.5", "3.7")])
def v2_keys(shop, version):
    return shop.make(version, ("v2", version), lambda client: with_v2(client, delete=False), flags=("--enable-v2",))


@situation(("3.5",), ALL[1:])
def v2_keys_deleted(shop, version):
    return shop.make(version, ("v2-deleted", version), lambda client: with_v2(client, delete=True), flags=("--enable-v2",))


@situation(("3.5",), ALL[1:])
def v2_keys_in_log(shop, version):
    return shop.make(version, ("v2-log", version), lambda client: with_v2(client, delete=False), flags=("--enable-v2",), snapshot_count=1000)


def with_v2(client, delete):
    for number in range(3):
        v2(client.connection.port, "PUT", f"/old/{number}", value="from v2")
    load(client)
    if delete:
        for number in range(3):
            v2(client.connection.port, "DELETE", f"/old/{number}")
        v2(client.connection.port, "DELETE", "/old?dir=true")
        load(client)


# ---- Membership.

@situation(ALL, quick=["3.5", "3.7"])
def removed_member(shop, version):
    """Three members; this one is removed. It may have stopped before it knew: then the others tell it."""
    def go(client, members, servers):
        load(client)
        listed = client.call("/v3/cluster/member/list", {})["members"]
        gone = next(each["ID"] for each in listed if each["name"] == "m3")
        change_members(client, "remove", {"ID": gone})
        servers["m3"].process.wait(30)
    return shop.cluster(version, ("m1", "m2", "m3"), go)["m3"]


@situation(("3.5", "3.6", "3.7"), quick=["3.6"], sound=True)
def learner(shop, version):
    """A learner beside its voter."""
    def go(client, members, servers):
        load(client)
        extra = Member(shop.folder("learner") / "data", version, name="l1", port=free_port(), listens=True)
        change_members(client, "add", {"peerURLs": [f"http://127.0.0.1:{extra.port}"], "isLearner": True})
        cluster = f"m1=http://127.0.0.1:{members['m1'].port},l1=http://127.0.0.1:{extra.port}"
        servers["l1"] = shop.start(extra, flags=("--initial-cluster-state", "existing"), cluster=cluster)
        members["l1"] = extra
        load(client, 14, "later")
        # It has no part in elections and serves no reads to wait for; its files appear when it has joined.
        for _ in range(300):
            if (extra.data / "member/snap/db").exists():
                break
            time.sleep(0.2)
        time.sleep(2)
    return shop.cluster(version, ("m1",), go)["l1"]


@situation(("3.6", "3.7"), quick=["3.6"])
def too_many_learners(shop, version):
    """Two learners were allowed with a flag that is not given any more."""
    def go(client):
        load(client)
        for _ in range(2):
            change_members(client, "add", {"peerURLs": [f"http://127.0.0.1:{free_port()}"], "isLearner": True})
    return shop.make(version, ("learners", version), go, flags=("--max-learners", "2"))


# ---- Parts that are not there.

@situation(ALL, quick=["3.5", "3.6"])
def no_wal(shop, version):
    member = shop.fresh(version)
    shutil.rmtree(member.member / "wal")
    return member


@situation(ALL, quick=["3.7"])
def empty_wal(shop, version):
    member = no_wal(shop, version)
    (member.member / "wal").mkdir(mode=0o700)
    return member


@situation(ALL, quick=["3.6", "3.7"])
def log_without_metadata(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    for path in member.wal()[1:]:
        path.unlink()
    os.truncate(member.wal()[0], 0)
    return member


@situation(ALL, quick=["3.4", "3.6", "3.7"])
def no_db(shop, version):
    member = shop.fresh(version)
    member.db.unlink()
    return member


@situation(ALL)
def no_db_no_snapshot_yet(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    member.db.unlink()
    return member


@situation(BUILT, quick=["3.6"])
def no_db_then_tried(shop, version):
    """The db is lost, and the server was started once without it."""
    member = no_db(shop, version)
    server = shop.start(member)
    server.wait(4)
    server.stop(signal.SIGKILL)
    return member


@situation(ALL)
def empty_db(shop, version):
    member = shop.fresh(version)
    os.truncate(member.db, 0)
    return member


@situation(ALL, quick=["3.6"])
def lone_db(shop, version):
    """What somebody saves who copies the db alone."""
    member = no_wal(shop, version)
    for path in member.snaps():
        path.unlink()
    return member


@situation(ALL, sound=True)
def no_snap_files(shop, version):
    member = shop.fresh(version)
    for path in member.snaps():
        path.unlink()
    return member


@situation(BUILT, quick=["3.6"])
def last_segment_lost(shop, version):
    member = long_log(shop, version)
    member.wal()[-1].unlink()
    return member


@situation(BUILT)
def first_segment_lost(shop, version):
    member = long_log(shop, version)
    member.wal()[0].unlink()
    return member


@situation(BUILT)
def middle_segment_lost(shop, version):
    member = long_log(shop, version)
    member.wal()[1].unlink()
    return member


def long_log(shop, version):
    """A log of several segments, no .snap."""
    return shop.make(version, ("long", version), lambda client: load(client, 120, size=3000), snapshot_count=1000)


# ---- Parts that do not belong together.

@situation(ALL, quick=["3.5", "3.6"])
def foreign_db(shop, version):
    member, other = shop.fresh(version, snapshot_count=1000), shop.restore(version)[0]
    other = shop.run(other, lambda client: load(client, 10, "foreign"), snapshot_count=1000)
    shutil.copyfile(other.db, member.db)
    return member


@situation(ALL)
def foreign_wal(shop, version):
    member, other = shop.fresh(version, snapshot_count=1000), shop.restore(version)[0]
    other = shop.run(other, lambda client: load(client, 10, "foreign"), snapshot_count=1000)
    shutil.rmtree(member.member / "wal")
    shutil.copytree(other.member / "wal", member.member / "wal")
    return member


@situation(ALL, quick=["3.6", "3.7"])
def older_db(shop, version):
    """A snapshot file copied over the db, while the log and newer .snap files stay."""
    path, _ = shop.snapshot(version)
    member = shop.run(shop.make(version, ("snapshot", version), None), lambda client: load(client, 30, "later"))
    shutil.copyfile(path, member.db)
    return member


@situation(ALL, quick=["3.5"])
def older_db_no_snapshot_between(shop, version):
    """The same where no .snap is newer than the copy: etcd applies the log from there."""
    member = shop.fresh(version, snapshot_count=1000)
    before = shop.copy(member).db
    member = shop.run(member, lambda client: load(client, 30, "later"), snapshot_count=1000)
    shutil.copyfile(before, member.db)
    return member


@situation(ALL)
def older_wal(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    before = shop.copy(member).member / "wal"
    member = shop.run(member, lambda client: load(client, 30, "later"), snapshot_count=1000)
    shutil.rmtree(member.member / "wal")
    shutil.copytree(before, member.member / "wal")
    return member


@situation(ALL, quick=["3.5"])
def db_copied_to_snap_db(shop, version):
    """The folk cure for `snapshot file doesn't exist`."""
    member = older_db(shop, version)
    index = int(member.snaps()[-1].stem.split("-")[1], 16)
    shutil.copyfile(member.db, member.db.with_name(f"{index:016x}.snap.db"))
    return member


@situation(ALL)
def left_over_snap_db(shop, version):
    member = shop.fresh(version)
    shutil.copyfile(member.db, member.db.with_name(f"{3:016x}.snap.db"))
    return member


# ---- Content.

@situation(ALL, quick=["3.6"])
def raised_index(shop, version):
    """consistent_index says that the whole log is applied, to a db that is older."""
    member = shop.fresh(version, snapshot_count=1000)
    before = shop.copy(member).db
    member = shop.run(member, lambda client: load(client, 30, "later"), snapshot_count=1000)
    applied = index_of(member.db)
    shutil.copyfile(before, member.db)
    set_index(member.db, lambda _: applied)
    return member


@situation(ALL, quick=["3.5"])
def index_ahead(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    set_index(member.db, lambda index: index + 1000)
    return member


@situation(ALL, quick=["3.7"])
def index_behind(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    set_index(member.db, lambda index: index - 8)
    return member


@situation(ALL)
def value_bit(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    content = bytearray(member.db.read_bytes())
    at = content.find(b"k-22-v")
    while at >= 0:
        content[at + 8] ^= 1
        at = content.find(b"k-22-v", at + 1)
    member.db.write_bytes(content)
    return member


@situation(ALL, quick=["3.6"])
def torn_tail(shop, version):
    """The last entry was half written."""
    member = shop.fresh(version, stop=signal.SIGKILL)
    path = member.wal()[-1]
    content = path.read_bytes()
    end = len(content.rstrip(b"\0"))
    with open(path, "r+b") as file:
        file.seek(end)
        file.write(struct.pack("<Q", 0x84 << 56 | 200) + b"\x08\x02\x10" + b"\x55" * 40)
    return member


@situation(ALL, quick=["3.4"])
def wal_bit(shop, version):
    member = shop.fresh(version, snapshot_count=1000)
    with open(member.wal()[0], "r+b") as file:
        content = file.read(200000)
        at = content.find(b"k-5-v") + 7
        file.seek(at)
        file.write(bytes([content[at] ^ 4]))
    return member


@situation(BUILT, quick=["3.7"])
def bucket_renamed(shop, version):
    member = shop.fresh(version)
    content = member.db.read_bytes()
    assert content.count(b"membersm") or content.count(b"members"), "no bucket members"
    member.db.write_bytes(content.replace(b"members", b"membess"))
    return member


# ---- Owners, alarms, users.

@situation(ALL, quick=["3.6"])
def owned_by_another(shop, version):
    """A db that root put back into the directory of a server that does not run as root."""
    member = shop.fresh(version)
    for folder, _, names in os.walk(member.data):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            os.chown(path, NOBODY, NOBODY)
    os.chown(member.db, 0, 0)
    os.chmod(member.db, 0o600)
    member.user = NOBODY
    return member


@situation(ALL)
def folder_not_writable(shop, version):
    member = owned_by_another(shop, version)
    os.chown(member.db, NOBODY, NOBODY)
    os.chmod(member.member, 0o500)
    return member


@situation(ALL, quick=["3.6"])
def out_of_space(shop, version):
    """An active NOSPACE alarm: it serves, and refuses to write."""
    def go(client):
        load(client)
        client.call("/v3/maintenance/alarm", {"action": "ACTIVATE", "memberID": "0", "alarm": "NOSPACE"})
    return shop.make(version, ("nospace", version), go)


@situation(ALL, quick=["3.5"], sound=True)
def auth_on(shop, version):
    def go(client):
        load(client)
        client.call("/v3/auth/user/add", {"name": "root", "password": PASSWORD})
        client.call("/v3/auth/role/add", {"name": "root"})
        client.call("/v3/auth/user/grant", {"user": "root", "role": "root"})
        client.call("/v3/auth/enable", {})
        client.login("root", PASSWORD)
    member = shop.make(version, ("auth", version), go, flags=("--bcrypt-cost", "4"))
    member.login = ("root", PASSWORD)
    return member


INDEX = b"consistent_index"


def index_of(db):
    content = db.read_bytes()
    return max(int.from_bytes(content[at:at + 8], "big") for at in ends(content, INDEX))


def set_index(db, change):
    """Overwrites consistent_index wherever it is in a db, in pages that are no longer used too."""
    content, index = bytearray(db.read_bytes()), change(index_of(db))
    for at in ends(content, INDEX):
        content[at:at + 8] = index.to_bytes(8, "big")
    db.write_bytes(content)


def ends(content, word):
    """Where the word ends, each time it is there."""
    found, at = [], content.find(word)
    while at >= 0:
        found.append(at + len(word))
        at = content.find(word, at + 1)
    return found
