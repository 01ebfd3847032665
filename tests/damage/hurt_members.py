# SPDX-License-Identifier: Apache-2.0
"""Members that only their siblings, or a wish of the user, can help: made of the cluster of three in corpora/cluster-3."""
import json
import shutil
import subprocess

import wal_writer

NOSPACE = 1


def copied(source, target):
    subprocess.run(["cp", "-a", "--sparse=always", source, target], check=True)
    return target


def hole(data):
    """Garbage over some entries of the first segment."""
    segment = sorted((data / "member/wal").glob("*.wal"))[0]
    content = bytearray(segment.read_bytes())
    before = bytes(content)
    content[20480:28672] = bytes(range(256)) * 32
    assert content != before
    segment.write_bytes(content)


def without_db(data):
    (data / "member/snap/db").unlink()
    return data


def hole_and_no_db(source, target):
    data = copied(source, target)
    hole(data)
    for path in (data / "member/snap").iterdir():
        path.unlink()
    return data


def value_that_no_log_proves(medic, source, target):
    """A bit of an old value, in every copy of its page; the segment that had its entry is gone."""
    data = copied(source, target)
    first, *rest = sorted((data / "member/wal").glob("*.wal"))
    assert rest
    first.unlink()
    code, out, err = medic.run("db", "dump", data, "key", "-o", "ndjson", "--show-secrets")
    assert code == 0, err
    record = next(row for row in map(json.loads, out.splitlines()) if "value" in row)["value"].encode()
    db = data / "member/snap/db"
    content, hurt = db.read_bytes(), record[:-1] + bytes([record[-1] ^ 1])
    assert record in content
    with open(db, "r+b") as file:
        at = content.find(record)
        while at >= 0:
            file.seek(at)
            file.write(hurt)
            at = content.find(record, at + 1)
    return data


def with_alarm(medic, source, target, scratch):
    """The only member of its cluster, out of space: the alarm is an entry of its log."""
    made = copied(source, scratch)
    without_db(made)
    for path in (made / "member/snap").glob("*.snap"):
        path.unlink()
    first, *rest = sorted((made / "member/wal").glob("*.wal"))
    assert not rest, "the log has one segment"
    records = list(wal_writer.read(first.read_bytes()))
    state = next(dict(wal_writer.fields(content)) for kind, content in reversed(records) if kind == wal_writer.STATE)
    last = max(dict(wal_writer.fields(content)).get(3, 0) for kind, content in records if kind == wal_writer.ENTRY)
    code, out, err = medic.run("info", source, "-o", "json")
    assert code == 0, err
    alarm = wal_writer.numbers(1, int(json.loads(out)["member_id"], 16), NOSPACE)
    request = b"\x52" + wal_writer.varint(len(alarm)) + alarm
    records.append((wal_writer.ENTRY, wal_writer.entry(state[1], last + 1, request)))
    records.append((wal_writer.STATE, wal_writer.numbers(state[1], state.get(2, 0), last + 1)))
    first.write_bytes(wal_writer.write(records))
    code, _, err = medic.run("recover", made, "--output", target)
    assert code == 4 and b"1 warning" in err, (code, err)
    shutil.rmtree(made)
    code, out, err = medic.run("alarms", target)
    assert b"NOSPACE" in out, (out, err)
    return target
