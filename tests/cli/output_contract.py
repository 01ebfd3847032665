#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/design/output.md over every command and every format: each document and each row fits its schema in docs/schema, and a format
that a command does not have is refused. `help -o json` lists the commands, so that a new one without a schema fails here."""
import fcntl
import gzip
import json
import pathlib
import re
import shlex
import shutil
import sys
import warnings

import jsonschema
import yaml

tests = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(tests / "damage"), str(tests / "support")]
import make_member
from make_member import field, key_value, revision
from medic import Medic

warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver is all that Debian 12 has
LARGEST = 2**53
FORMATS = ("table", "yaml", "json", "ndjson", "name")
medic = Medic(sys.argv)
schemas = {path.stem: json.loads(path.read_text()) for path in sorted((medic.source / "docs/schema").glob("*.json"))}
fields = schemas["fields"]["$defs"]
resolver = jsonschema.RefResolver("", {}, store={f"{name}.json": schema for name, schema in schemas.items()})


# --- the schemas themselves ----------------------------------------------------------------------------------------
def objects_in(schema):
    """Every object that a schema describes."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects_in(part)


def shape(name, schema):
    """The type of a property, of a list with that of its items."""
    target = schema.get("$ref", "")
    if target.startswith("fields.json#/$defs/"):
        assert target.endswith(f"/{name}"), f"{name} takes the type of another name: {target}"
        schema = fields[name]
    if target.startswith(("parts.json", "#")) or target.endswith(".json") or schema.get("type") == "object":
        return "object"
    if schema.get("type") == "array":
        return f"list of {shape('', schema['items'])}"
    return schema["type"]


shapes = {}
for title, schema in schemas.items():
    jsonschema.Draft202012Validator.check_schema(schema)
    for part in objects_in(schema):
        assert part.get("additionalProperties") is False, f"{title}: an object that takes any field"
        assert set(part["required"]) <= set(part["properties"]), title
        for name, described in part["properties"].items():
            if name == "schema":
                assert described == {"const": f"etcdmedic.{title}/v1"}, title
                continue
            assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name), f"{title}: {name} is not snake_case"
            kind = shape(name, described)
            assert shapes.setdefault(name, kind) == kind, f"{title}: {name} is {kind} here and {shapes[name]} elsewhere"
            assert not name.endswith("_count") or kind == "integer", name
            assert not name.endswith("_id") or fields[name].get("pattern") == "^[0-9a-f]+$", name
            assert not kind.startswith("list") or re.search(r"s(_base64)?$|^written$|^left_out$|^not_repaired$|^encryption$", name), f"{name} is a list"
assert set(fields) <= set(shapes), f"no schema uses {sorted(set(fields) - set(shapes))}"


# --- documents -------------------------------------------------------------------------------------------------------
def unique(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), f"a name occurs twice: {names}"
    return dict(pairs)


def parse(text):
    return json.loads(text.decode("utf-8", "strict"), object_pairs_hook=unique)


def check_values(value, name=""):
    """What no schema says of values."""
    if isinstance(value, dict):
        for key, part in value.items():
            check_values(part, key)
    elif isinstance(value, list):
        for part in value:
            check_values(part, name)
    else:
        assert value is not None, f"{name} is null"
        assert not isinstance(value, int) or abs(value) <= LARGEST, f"{name}: {value} is more than JSON's readers keep"
        assert value != "" or name in MAY_BE_EMPTY, f"{name} is empty"
        assert "\ufffd" not in str(value), f"{name}: bytes were lost: {value}"


MAY_BE_EMPTY = ("bucket", "key", "value", "first_key", "range_end", "version", "storage", "prefix")
FOREIGN = ("request", "object")
seen_schemas, seen_fields = set(), set()


def without_foreign(value):
    if isinstance(value, list):
        return [without_foreign(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name: without_foreign(part) for name, part in value.items() if name not in FOREIGN}


def note_fields(value):
    if isinstance(value, list):
        for part in value:
            note_fields(part)
    elif isinstance(value, dict):
        seen_fields.update(value)
        for name, part in value.items():
            if name not in FOREIGN:
                note_fields(part)


def validate(document):
    """A document or a row. Gives its schema's name; nothing for a Kubernetes object, which has kubectl's form."""
    if "apiVersion" in document or "kind" in document and "schema" not in document:
        return None
    name = re.fullmatch(r"etcdmedic\.([a-z0-9-]+)/v1", document["schema"])[1]
    assert name in schemas, f"there is no docs/schema/{name}.json"
    jsonschema.Draft202012Validator(schemas[name], resolver=resolver).validate(document)
    check_values(without_foreign(document))
    note_fields(document)
    seen_schemas.add(name)
    return name


def rows_of(document):
    """The items of its lists of rows: those that have a schema of their own."""
    properties = schemas[document["schema"].split(".")[1].split("/")[0]]["properties"]
    lists = [name for name, described in properties.items() if "$ref" in described.get("items", {}) and not described["items"]["$ref"].startswith("parts")]
    return None if not lists else [row for name in lists for row in document.get(name, [])]


def check_documents(answers, errors):
    """The answers of one command line in yaml, json and ndjson."""
    document = parse(answers["json"])
    name = validate(document)
    said = yaml.load(answers["yaml"].decode("utf-8", "strict"), yaml.CBaseLoader)
    lines = [parse(line) for line in answers["ndjson"].splitlines()]
    if name is None:
        return
    compare("", as_text(document), said)
    for line in lines:
        assert validate(line), line
    rows = rows_of(document)
    if name == "error" or not rows and lines and lines[0].get("schema") == document["schema"]:
        assert [line for line in lines if line["schema"] == document["schema"]], lines
        return
    lines = [line for line in lines if not (errors and line["schema"] == "etcdmedic.error/v1")]
    if rows is None:
        assert lines == [document], lines
        return
    bare = [{key: value for key, value in line.items() if key != "schema"} for line in lines if line["schema"] != document["schema"]]
    assert bare == rows, "NDJSON and JSON differ"


def compare(place, json_says, yaml_says):
    """Fails with the first place in which they differ. What is in an object is kubectl's, which loses U+0085 on its way to YAML."""
    if place.endswith(".object"):
        return
    if isinstance(json_says, dict) and isinstance(yaml_says, dict) and json_says.keys() == yaml_says.keys():
        for name, value in json_says.items():
            compare(f"{place}.{name}", value, yaml_says[name])
    elif isinstance(json_says, list) and isinstance(yaml_says, list) and len(json_says) == len(yaml_says):
        for number, value in enumerate(json_says):
            compare(f"{place}[{number}]", value, yaml_says[number])
    else:
        assert json_says == yaml_says, f"{place} is {json_says!r} in JSON and {yaml_says!r} in YAML"


def as_text(value):
    """As YAML reads it where no scalar has a type."""
    if isinstance(value, dict):
        return {name: as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# --- what is run -----------------------------------------------------------------------------------------------------
JOURNAL = """panic: removed all voters
no line of anybody's
{"level":"fatal","ts":"2026-11-27T10:00:00.000Z","caller":"etcdmain/etcd.go:203","msg":"discovery failed","error":"walpb: crc mismatch"}
"""
OLD = b'{"kind":"HorizontalPodAutoscaler","apiVersion":"autoscaling/v2beta2","metadata":{"name":"old","namespace":"default"}}'


def make_rarities(path):
    """A member with what the others do not have: an alarm, a downgrade, a lease with a checkpoint, an object of a version that is gone,
    more broken values than are listed, a record that does not decode, and a member of which a .snap file knows half."""
    values = [(b"/registry/horizontalpodautoscalers/default/old", OLD)]
    values += [(b"/registry/pods/default/broken-%03d" % number, b"k8s\0\xff\xff\xff") for number in range(60)]
    keys = {revision(main): key_value(key, value, main, main, 1) for main, (key, value) in enumerate(values, 2)}
    make_member.write(path, {
        b"key": keys, b"meta": {b"consistent_index": (1).to_bytes(8, "big"), b"term": (2).to_bytes(8, "big"),
                                b"confState": b'{"voters":[4369],"auto_leave":false}', b"storageVersion": b"3.6.0"},
        b"members": {b"1111": b'{"id":4369,"peerURLs":["http://localhost:2380"],"name":"s"}'}, b"members_removed": {},
        b"cluster": {b"clusterVersion": b"3.6.0", b"downgrade": b'{"target-version":"3.5.0","enabled":true}'},
        b"lease": {(7).to_bytes(8, "big"): field(1, 7) + field(2, 60) + field(3, 30)},
        b"alarm": {field(1, 0x1111) + field(2, 1): b""}, b"auth": {}, b"authUsers": {}, b"authRoles": {}}, [None])
    log = [(1, field(1, 0x1111) + field(2, 0x2222)), (5, field(1, 0) + field(2, 0)), (2, field(2, 2) + field(3, 1)), (2, b"\xff"),
           (3, field(1, 2) + field(2, 0x1111) + field(3, 1))]
    (path / "member/wal/0000000000000000-0000000000000000.wal").write_bytes(make_member.segment(log))
    member = {"Path": "/0/members/1111", "Children": {"attributes": {"Path": "/0/members/1111/attributes", "Value": "{}"}}}
    store = {"Root": {"Path": "/", "Children": {"0": {"Path": "/0", "Children": {"members": {"Path": "/0/members", "Children": {"1111": member}}}}}}}
    data = field(1, json.dumps(store).encode()) + field(2, field(1, field(1, 0x1111)) + field(2, 1) + field(3, 2))
    snap = field(1, make_member.crc32c(data, 0)) + field(2, data)
    (path / "member/snap/0000000000000002-0000000000000001.snap").write_bytes(snap)


medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
for corpus in ("single-3.4", "single-3.6", "wal-corrupt", "db-corrupt", "cluster-3"):
    medic.unpack(medic.source / f"testdata/corpora/{corpus}.tar.zst")
for name in ("encrypted", "encrypted-expected"):
    medic.unpack(medic.source / f"testdata/k8s/{name}.tar.zst")
root = medic.scratch
data = root / "minikube-like"
segment = data / "member/wal/0000000000000000-0000000000000000.wal"
value = medic.source / "testdata/k8s/wrapped/namespace.fields"
(root / "object.yaml").write_bytes(medic.run("decode", value)[1])
(root / "snapshot.db.gz").write_bytes(gzip.compress((root / "single-3.6/snapshot.db").read_bytes(), 1))
(root / "journal").write_text(JOURNAL * 3)
(root / "not-a-backup.html").write_text("<html><title>404</title></html>")
make_rarities(root / "rare")
pages = json.loads(medic.run("db", "pages", data, "-o", "json")[1])["pages"]
branch = str(next(page["page"] for page in pages if page["use"] == "branch"))
PLACES = {"DIR": data, "RARE": root / "rare", "BRANCH": branch, "FILE": segment, "VALUE": value, "OBJECT": root / "object.yaml", "JOURNAL": root / "journal", "S4": root / "single-3.4/data",
          "S6": root / "single-3.6/data", "HTML": root / "not-a-backup.html", "ENCRYPTED": root / "encrypted", "CONFIG": root / "encrypted-expected/encryption-config.yaml", "SNAPSHOT": root / "single-3.4/snapshot.db", "PACKED": root / "snapshot.db.gz",
          **{f"W{path.name[:3]}": path / "data" for path in (root / "wal-corrupt").iterdir() if path.is_dir()},
          **{f"D{path.name[:3]}": path / "data" for path in (root / "db-corrupt").iterdir() if path.is_dir()},
          **{f"M{n}": root / f"cluster-3/m{n}" for n in (1, 2, 3, 4)}}
# Beside the examples of each command: damage, other releases, what has no text, answers without a row.
CASES = {
    "info": ["S4", "RARE", "S6 --count-keys", "Wf01", "Ws04", "Db20", "FILE", "SNAPSHOT", "PACKED", "/nowhere"],
    "verify": ["S4", "RARE", "S6 --etcd-version all", "Wf01", "Ws04", "We05", "Wg01", "Db20", "Db03", "Dc07", "SNAPSHOT", "M1 M2 M3", "HTML", "/nowhere"],
    "report": ["DIR", "S4", "RARE", "Wf01", "Ws04", "Db20", "Db03", "Dc00", "FILE", "SNAPSHOT", "M1 M2 M3", "M1 M2 M3 --output OUT", "DIR --output OUT", "HTML", "/nowhere"],
    "repair": ["DIR", "Wf01", "Ws04", "We05", "Db20", "Db05", "M2 --from M1", "Db05 --from M1", "Wf01 --output OUT", "Wf01 --output DIR", "Ws04 --accept-loss --output OUT"],
    "undo": ["/nowhere"],
    "migrate": ["S6 --to 3.5", "S6 --to 3.6", "S4 --to 3.6", "S6 --to 3.7 --output OUT", "Db20 --to 3.7"],
    "restore": ["S6 --skip-hash-check --output OUT", "SNAPSHOT --output OUT", "HTML --output OUT", "S4 --skip-hash-check --output OUT --bump-revision 1000 --mark-compacted"],
    "snapshot restore": ["SNAPSHOT --data-dir OUT"],
    "salvage": ["S6 --output OUT", "RARE --output OUT", "Db08 --output OUT", "Db20 --output OUT", "HTML --output OUT"],
    "recover": ["DIR", "S4", "M1", "RARE", "S6 --snapshot OUT", "DIR --output OUT", "S6 --before-delete /none", "Ws04", "Db20"],
    "wal dump": ["S4", "RARE --raw", "S4 --raw", "S4 --values", "DIR --k8s --limit 30", "Wf01 --raw", "DIR --type lease_grant", "DIR --prefix /none", "M1", "M1 --type conf_change"],
    "wal stat": ["S4", "DIR --by type", "S4 --by prefix"],
    "elections": ["S4", "M1 M2 M3 M4"],
    "snap dump": ["M1", "RARE"],
    "get": ["S4 --from-key", "DIR / --prefix --count-only", "DIR /none", "DIR / --prefix --keys-only --limit 2", "Db20 --from-key", "DIR /registry/secrets/ --prefix --hide-secrets"],
    "keys": ["S4", "DIR --count-only", "DIR /none", "S4 --values"],
    "history": ["DIR /registry/pods/default/keepr", "DIR /none", "S4 /odd", "DIR pod/none"],
    "deleted": ["DIR", "S4", "DIR pods", "DIR podz", "DIR secret/never -n demo"],
    "diff": ["S4 S6 --values", "DIR DIR"],
    "top": ["DIR --by key", "DIR --by namespace", "DIR --by prefix", "S4 --by kind"],
    "leases": ["DIR", "RARE", "S4", "DIR 77"],
    "auth": ["S4", "S4 users", "S4 roles", "S4 user root", "S4 --show-secrets"],
    "members": ["S4", "RARE", "M1"],
    "alarms": ["S4", "RARE", "M1"],
    "meta": ["S4", "RARE", "S6", "M1"],
    "hashkv": ["S4", "Db20"],
    "snapshot status": ["SNAPSHOT"],
    "snapshot verify": ["SNAPSHOT", "SNAPSHOT DIR HTML /nowhere", "HTML", "Db20"],
    "objects": ["DIR pods -A", "DIR pods,svc -A", "S6", "DIR nonsense"],
    "events": ["DIR -A", "DIR --for pod/keepr", "DIR -n nowhere", "S6"],
    "tree": ["DIR deployment/web -n demo", "DIR node/minikube", "DIR pod/none", "DIR pods"],
    "audit": ["S4", "RARE", "DIR --target 1.25", "ENCRYPTED", "ENCRYPTED --encryption-config CONFIG"],
    "export": ["DIR --output OUT", "DIR --apply-ready --output OUT"],
    "when": ["DIR 2", "DIR x"],
    "search": ["DIR nginx", "S4 odd", "DIR 10.96 --decoded --limit 3", "DIR nowhere-to-be-found", "DIR --regex (", "S6 k00 --keys --limit 3", "DIR k8s --limit 3 --values"],
    "timeline": ["DIR --since 2700 --fields", "S4", "S6 --limit 5", "DIR secrets -n none", "DIR --since yesterday"],
    "blame": ["DIR pod/keepr", "DIR secret/doomed -n demo", "DIR /registry/secrets/demo/sec", "DIR /none", "S6 /registry/k005"],
    "rev-at": ["DIR 2020-01-01T00:00:00Z", "DIR yesterday"],
    "help": ["", "info", "wal", "nonsense"],
    "explain": ["--list", "JOURNAL", "WAL-CRC-MISMATCH", "tocommit is out of range"],
    "db page": ["DIR 0", "DIR BRANCH", "Dc00 59", "DIR 1", "DIR 2 --hex", "DIR 5 --hide-secrets --hex", "DIR 30", "Db08 10"],
    "db pages": ["Db20", "DIR --use leaf", "DIR --use unreachable"],
    "db tree": ["DIR members", "DIR none"],
    "db buckets": ["S4", "Db20"],
    "db dump": ["DIR key", "S4 authUsers", "S4 members", "DIR none"],
    "db stat": ["S4"],
    "db freelist": ["S4", "Dc02", "Dc00"],
    "db meta": ["S4", "Db01", "Db03"],
    "db check": ["DIR", "Db20"],
    "db compact": ["DIR OUT", "Db20 OUT --salvage"],
}


def words_of(line):
    """A command line's words. What is to be written does not exist yet, as before the run with another format."""
    out = root / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.unlink(missing_ok=True)
    line = re.sub(r" -o \S+", "", line)  # each format is given by its own turn
    words = shlex.split(line)
    written = ["OUT", "new.db"] + [after for word, after in zip(words, words[1:]) if word in ("--output", "--data-dir", "--all-members", "--snapshot") and after not in PLACES]
    return [str(out if word in written else PLACES.get(word, word)) for word in words]


help_text = medic.run("help", "-o", "json")
assert help_text[0] == 0, help_text
commands = parse(help_text[1])
validate(commands)
assert len(commands["commands"]) > 38
runs = refused = 0
for command in commands["commands"]:
    name, own = command["command"], command["formats"]
    lines = [re.sub(r" ?-o \S+", "", " ".join(example["arguments"].split()[len(name.split()):])) for example in command["examples"]] + CASES.get(name, [])
    assert lines or own == ["table"], f"no example and no case for {name}"
    for form in FORMATS:
        if form in own:
            continue
        code, out, err = medic.run(*name.split(), *words_of(lines[0] if lines else ""), "-o", form)
        assert code == 16 and f"{name} has no -o {form}; it has {', '.join(own)}".encode() in err, (name, form, code, err)
        refused += 1
    for line in lines:
        answers, codes = {}, {}
        for form in own:
            if form.endswith("="):
                continue
            codes[form], answers[form], err = medic.run(*name.split(), *words_of(line), "-o", form)
            runs += 1
            assert codes[form] & ~0x1D == 0, (name, line, form, codes[form], err)
        if len({code for form, code in codes.items() if form in FORMATS}) > 1:
            raise AssertionError(f"{name} {line}: the exit code depends on the format: {codes}")
        try:
            if "json" in own:
                check_documents(answers, codes["json"] & 8)
            if "name" in own:
                names = answers["name"].decode().splitlines()
                assert all(each and each[0] not in "{[" for each in names), names
        except Exception as failure:
            raise AssertionError(f"{name} {line}: {getattr(failure, 'message', failure)}") from failure

# What only a lasting change prints: a repair in place, its undo, and one that cannot be taken back.
copy = root / "copy"
for form in ("yaml", "json", "ndjson"):
    answers = {}
    for verb in (["repair", "--apply"], ["undo"]):
        if verb[0] == "repair":
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(PLACES["Wf01"], copy)
        code, out, err = medic.run(verb[0], copy, *verb[1:], "-o", form)
        assert code in (0, 1), (verb, form, code, err)
        if form != "yaml":
            assert validate(parse(out)) == verb[0]

# What salvage leaves beside what it makes.
lost = root / "with-lost-records"
assert medic.run("salvage", data, "--as-of", "2700", "--output", lost)[0] in (0, 4)
left_over = [parse(line) for line in (lost / "lost+found.ndjson").read_bytes().splitlines()]
assert left_over and {validate(line) for line in left_over} == {"lost-and-found"}

# What says that a member is running: etcd holds a lock on its db.
with open(data / "member/snap/db") as db:
    fcntl.flock(db, fcntl.LOCK_EX)
    assert validate(parse(medic.run("info", data, "-o", "json")[1])) == "info"

unseen = set(schemas) - seen_schemas - {"fields", "parts"}
assert not unseen, f"nothing prints {sorted(unseen)}"
never = {name for name in shapes if name != "schema" and name not in seen_fields and f"{name.removesuffix('_base64')}" not in seen_fields}
assert not never - {"owner"}, f"no case prints {sorted(never)}"
print(f"{runs} runs of {len(commands['commands'])} commands, {refused} formats refused, {len(seen_schemas)} schemas, {len(seen_fields)} names")
