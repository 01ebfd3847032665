#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A repair and its undo never make anything worse: what is refused, what is kept, who owns what comes out."""
import fcntl
import json
import os
import shutil
import sys

import hurt_members
from medic import Medic, picture, worse_than_note

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
sound = medic.scratch / "minikube-like"
segment = "member/wal/0000000000000000-0000000000000000.wal"


def fresh(source=sound, name="data"):
    data = medic.scratch / name
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(source, data)
    return data


def torture(name):
    place = medic.scratch / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    medic.unpack(medic.archive(f"torture/{name}"), place)
    return place / "data"


def owners(root):
    return {(os.lstat(path).st_uid, os.lstat(path).st_gid) for path in [root, *root.rglob("*")]}


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x10]))


def broken():
    """A member with one bit of its log flipped."""
    data = fresh()
    records = json.loads(medic.run("wal", "dump", data, "--raw", "-o", "json")[1])["records"]
    flip(data / segment, [r for r in records if r["record_type"] == "entry"][400]["offset"] + 60)
    return data


def journals(data):
    return sorted(str(path.relative_to(data)) for path in data.rglob("*.journal"))


def test_sound_member_is_left_alone():
    data = fresh()
    before = picture(data)
    code, out, err = medic.run("repair", data, "--apply")
    assert (code, out, err) == (0, b"Nothing to repair.\n", b""), (code, out, err)
    code, out, err = medic.run("repair", data, "--output", medic.scratch / "copy")
    assert code == 0 and b"no copy" in err and not (medic.scratch / "copy").exists(), (code, err)
    assert picture(data) == before


def test_swapped_segments_and_a_bit():
    data = torture("00-repair-hits-sound-segment-bit")
    before = picture(data)
    code, out, err = medic.run("repair", data, "--apply", "-o", "json")
    assert code == 1, (code, err)
    document = json.loads(out)
    assert document["verified"]["prediction"]["outcome"] == "starts" and document["verified"]["problem_count"] == 0, document["verified"]
    assert [step["message"] for step in document["applied_steps"]] == [step["message"] for step in document["steps"]]
    assert document["journal"] == str((data / journals(data)[0]).absolute())
    code, report = medic.verify(data)
    assert code == 0 and not worse_than_note(report), report
    assert medic.run("undo", data)[0] == 0
    os.unlink(data / journals(data)[0])
    assert picture(data) == before


def test_files_under_the_names_between_are_left_alone():
    """Segments change places by way of names that no other file has, whoever made one of those."""
    data = torture("00-repair-hits-sound-segment-bit")
    planned = [step["message"] for step in medic.plan(data)[1]["steps"]]
    assert any(message.startswith("rename ") for message in planned), planned
    kept = {path.with_name(path.name + ".swap"): path.name.encode() for path in (data / "member/wal").glob("*.wal")}
    for path, content in kept.items():
        path.write_bytes(content)
    before = picture(data)
    code, out, err = medic.run("repair", data, "--apply", "-o", "json")
    assert code == 1, (code, err)
    assert medic.verify(data)[1]["prediction"]["outcome"] == "starts"
    assert [step["message"] for step in json.loads(out)["applied_steps"]] == planned
    for path, content in kept.items():
        assert path.read_bytes() == content, path
    assert medic.run("undo", data)[0] == 0
    os.unlink(data / journals(data)[0])
    assert picture(data) == before


def test_one_more_member_never_makes_a_plan_worse():
    """Neither their number nor their order: one of which nothing can be taken is named, and the others are used."""
    cluster = medic.corpus("cluster-3")
    hurt = hurt_members.hole_and_no_db(cluster / "m1", medic.scratch / "hole-and-no-db")
    unknown = hurt_members.copied(cluster / "m2", medic.scratch / "without-log")
    for path in (unknown / "member/wal").glob("*.wal"):
        path.unlink()

    def plan(*siblings):
        code, out, err = medic.run("repair", hurt, "--from", ",".join(map(str, siblings)), "-o", "json")
        return code, [step["message"] for step in json.loads(out).get("steps", [])], err.decode()
    alone = plan(cluster / "m3")
    assert alone[0] == 4 and len(alone[1]) == 2, alone
    why = f"{unknown}: does not say which cluster it belongs to: nothing is taken from it"
    for siblings in ((cluster / "m3", unknown), (unknown, cluster / "m3")):
        code, steps, err = plan(*siblings)
        assert (code, steps) == alone[:2] and why in err, (code, steps, err)
    code, steps, err = plan(unknown)
    assert code == 8 and why in err, (code, err)


def test_a_member_is_not_doubted_for_a_wrong_one():
    """This member's log proves the record that another one has otherwise."""
    cluster = medic.corpus("cluster-3")
    other = hurt_members.value_that_no_log_proves(medic, cluster / "m2", medic.scratch / "wrong-value")
    code, out, err = medic.run("repair", cluster / "m1", "--from", other)
    assert code == 0 and out == b"Nothing to repair.\n", (code, out, err)
    code, out, err = medic.run("repair", other, "--from", cluster / "m1")
    assert code == 0 and b"put a record of db right" in out, (code, out, err)


def test_open_loss_is_said_to_be_open():
    data = torture("16-loss-understated")
    before = picture(data)
    code, plan = medic.plan(data)
    lost = [step["lost_entries"] for step in plan["steps"] if "lost_entries" in step]
    assert code == 4 and [each["first_index"] for each in lost] == [414] and "last_index" not in lost[0], lost
    assert lost[0]["committed_count"] == 12, lost
    assert any("at least" in step["loss_message"] for step in plan["steps"])
    code, out, err = medic.run("repair", data)
    assert b"--apply --accept-loss" in err, err
    code, out, err = medic.run("repair", data, "--apply")
    safe = [step for step in plan["steps"] if step["safety"] == "safe"]
    assert safe or (code == 4 and picture(data) == before), (code, err)


def test_foreign_parts_are_not_joined():
    data = torture("06-foreign-db")
    before = picture(data)
    code, out, err = medic.run("repair", data, "--apply", "--accept-loss")
    assert code == 4 and out.startswith(b"Nothing that repair can fix by itself.\n"), (code, out, err)
    assert b"the log is of member" in out and b"the backend's members are" in out, out
    assert picture(data) == before and not journals(data)


def test_nothing_taken_makes_no_copy():
    data = torture("16-loss-understated")
    code, plan = medic.plan(data)
    if any(step["safety"] == "safe" for step in plan["steps"]):
        return
    copy = medic.scratch / "copy of nothing"
    code, out, err = medic.run("repair", data, "--output", copy)
    assert code == 4 and not copy.exists(), (code, err)


def test_undo_refuses_what_has_changed():
    data = broken()
    assert medic.run("repair", data, "--apply")[0] == 1
    repaired = picture(data)
    with open(data / segment, "r+b") as file:  # as etcd appends: in the preallocated zeros
        file.seek(-100, os.SEEK_END)
        file.write(b"an acknowledged write")
    changed = picture(data)
    assert changed != repaired
    code, out, err = medic.run("undo", data)
    assert code == 8 and segment.encode() in err and b"--force" in err, (code, err)
    assert picture(data) == changed
    code, out, err = medic.run("undo", data, "--force")
    assert code == 4 and b"not as before the repair" in err and segment.encode() in err, (code, err)
    assert medic.run("undo", data)[0] == 8, "nothing is left to undo"


def test_undo_refuses_after_the_member_has_run():
    data = torture("00-repair-hits-sound-segment-bit")
    assert medic.run("repair", data, "--apply")[0] == 1
    last = sorted((data / "member/wal").glob("*.wal"))[-1]
    with open(last, "r+b") as file:  # another segment than those that were repaired
        file.seek(-8, os.SEEK_END)
        file.write(b"appended")
    changed = picture(data)
    code, out, err = medic.run("undo", data)
    assert code == 8 and f"{last.name} has been written to".encode() in err and picture(data) == changed, (code, err)
    assert any(line.endswith(b"has been written to") for line in err.splitlines()), f"the files stand on lines of their own: {err}"
    assert medic.run("undo", data, "--force")[0] == 0


def test_held_files_are_left_alone():
    data = broken()
    before = picture(data)
    with open(data / "member/snap/db") as db:
        fcntl.flock(db, fcntl.LOCK_EX)
        code, out, err = medic.run("repair", data, "--apply")
        assert code == 8 and picture(data) == before, (code, err)
    assert medic.run("repair", data, "--apply")[0] == 1
    repaired = picture(data)
    with open(data / "member/snap/db") as db:
        fcntl.flock(db, fcntl.LOCK_EX)
        for flags in ([], ["--force"]):
            code, out, err = medic.run("undo", data, *flags)
            assert code == 8 and b"holds" in err and picture(data) == repaired, (code, err)
    assert medic.run("undo", data)[0] == 0


def report(number):
    place = medic.scratch / number
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    medic.unpack(medic.archive(f"field-reports/{number}"), place)
    return place / number


def test_newer_snapshots_are_set_aside():
    """The real etcd 3.5 and 3.6 start on all three with the last revision and every key."""
    for number in ("05-snapshot-over-db", "56-db-deleted", "67-cp-db-to-snapdb"):
        for version in ("3.5", "3.6"):
            data = report(number)
            before = picture(data)
            code, out, err = medic.run("repair", data, "--apply", "--etcd-version", version, "-o", "json")
            document = json.loads(out)
            assert code & 1 and [step["safety"] for step in document["applied_steps"]] == ["safe"], (number, code, err)
            assert document["verified"]["prediction"]["outcome"] == "starts", (number, version, document["verified"]["prediction"]["outcome"])
            journal = document["journal"]
            assert medic.run("undo", data)[0] == 0
            os.unlink(journal)
            assert picture(data) == before, number


def test_journal_stays_out_of_wal():
    data = fresh()
    with open(data / segment, "r+b") as file:
        file.seek(-1000, os.SEEK_END)
        file.write(b"left over from another file")
    wal = data / "member/wal"
    code, out, err = medic.run("repair", wal, "--apply")
    assert code in (1, 5), (code, err)
    assert journals(data) == ["member/etcdmedic-undo-0001.journal"], journals(data)
    assert medic.run("undo", wal)[0] == 0


def test_owner_and_mode():
    if os.geteuid() != 0:
        print("not root: who owns the result cannot be tried")
        return
    data = broken()
    os.chmod(data / segment, 0o640)
    for folder, folders, names in os.walk(data):
        for name in folders + names + ["."]:
            os.chown(os.path.join(folder, name), 65534, 65533)
    copy = medic.scratch / "owned copy"
    shutil.rmtree(copy, ignore_errors=True)
    code, out, err = medic.run("repair", data, "--output", copy)
    assert code == 1 and owners(copy) == {(65534, 65533)}, (code, err, owners(copy))
    assert os.stat(copy / segment).st_mode & 0o777 == 0o640
    assert os.stat(copy / "member").st_mtime == os.stat(data / "member").st_mtime
    assert medic.run("repair", data, "--apply")[0] == 1
    assert owners(data) == {(65534, 65533)}, owners(data)
    assert os.stat(data / segment).st_mode & 0o777 == 0o640
    assert os.stat(data / journals(data)[0]).st_mode & 0o777 == 0o600
    assert medic.run("undo", data)[0] == 0
    assert owners(data) == {(65534, 65533)}
    small = medic.scratch / "compacted.db"
    small.unlink(missing_ok=True)
    assert medic.run("db", "compact", data / "member/snap/db", small)[0] == 0
    assert (os.stat(small).st_uid, os.stat(small).st_gid) == (65534, 65533)


# Every command that writes, with the place for what it writes.
WRITERS = [("repair", "IN", "--output", "OUT"), ("recover", "IN", "--output", "OUT"), ("recover", "IN", "--snapshot", "OUT"),
           ("salvage", "IN", "--output", "OUT"), ("restore", "IN", "--skip-hash-check", "--output", "OUT"), ("export", "IN", "--output", "OUT"),
           ("db", "compact", "IN", "OUT")]


def test_nothing_is_written_into_what_is_read():
    data = fresh()
    flip(data / segment, 300)
    before = picture(data)
    writers = WRITERS + [("restore", "IN", "--skip-hash-check", "--output", str(medic.scratch / "beside"), "--wal-dir", "OUT")]
    for place in (data / "new", data / "member/snap/new", data):
        for command in writers:
            code, out, err = medic.run(*({"IN": data, "OUT": place}.get(word, word) for word in command))
            assert code & 8 and (place == data or b"never written to" in err), (command, code, err)
            assert picture(data) == before and not (data / "new").exists(), command
    assert not (medic.scratch / "beside").exists()


def test_the_owner_can_use_what_is_made():
    if os.geteuid():
        print("skipped: only root can give files away")
        return
    data = fresh()
    for path in [data, *data.rglob("*")]:
        os.chown(path, 65534, 65533)
    for command in WRITERS[1:5]:
        made = medic.scratch / "made"
        assert medic.run(*({"IN": data, "OUT": made}.get(word, word) for word in command))[0] & ~4 == 0, command
        assert owners(made) == {(65534, 65533)}, (command, owners(made))
        shutil.rmtree(made) if made.is_dir() else made.unlink()


def test_commands_can_be_typed():
    data = fresh(name="a data directory")
    flip(data / segment, 300)
    code, out, err = medic.run("repair", data)
    assert b"repair '" in err and b"a data directory'" in err, err
    code, out, err = medic.run("repair", data, "--apply", "--journal", data / "no such folder/undo.journal")
    assert code == 8 and b"etcdmedic undo" not in err, err
    assert not journals(data)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print(name[5:].replace("_", " "))
