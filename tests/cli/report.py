#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`report`: the page is one file that loads nothing, holds text of any bytes as text, is bounded, and says what verify, top, leases,
members, elections and db pages say; the file belongs to the owner of what was read and replaces nothing."""
import collections
import html.parser
import json
import os
import pathlib
import shutil
import sys

tests = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(tests / "damage"), str(tests / "support")]
import make_member
from make_member import field, key_value, revision
from medic import Medic, picture

medic = Medic(sys.argv)
root = medic.scratch
MEGABYTE = 1 << 20
ALLOWED = set("html head meta link title style body header nav main section article div p h1 h2 h3 h4 ul ol li dl dt dd table caption thead tr th td "
              "code bdi small span a details summary svg path desc".split())
ATTRIBUTES = set("lang charset http-equiv content name rel href class id role tabindex aria-label aria-labelledby aria-hidden scope viewbox "
                 "preserveaspectratio d".split())
VOID = {"meta", "link"}


class Page(html.parser.HTMLParser):
    """What is on a page; fails where it has what none of ours has."""

    def __init__(self, data):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.classes, self.links, self.ids = [], [], collections.Counter(), [], set()
        self.metas = {}
        self.feed(data.decode("utf-8", "strict"))
        self.close()
        assert not self.open, f"never closed: {self.open}"
        assert not set(self.links) - {f"#{name}" for name in self.ids} - {"data:,"}, (self.links, self.ids)

    def handle_starttag(self, tag, attributes):
        assert tag in ALLOWED, f"<{tag}>"
        names = [name for name, _ in attributes]
        assert set(names) <= ATTRIBUTES and len(set(names)) == len(names), (tag, names)
        values = dict(attributes)
        if "id" in values:
            assert values["id"] not in self.ids, f"{values['id']} twice"
            self.ids.add(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag == "meta":
            self.metas[values.get("http-equiv", values.get("name", ""))] = values.get("content")
        for each in (values.get("class") or "").split():
            self.classes[each] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> where {self.open} are open"

    def handle_data(self, data):
        self.text.append(data)

    def says(self, text):
        return text in "".join(self.text)


def page_of(*paths, code=None):
    got, out, err = medic.run("report", *paths, "--output", "-")
    assert code is None or got == code, (paths, got, err)
    assert out.startswith(b"<!DOCTYPE html>\n<html lang=\"en\">"), out[:80]
    assert len(out) < MEGABYTE, f"{paths}: {len(out)} bytes"
    page = Page(out)
    assert page.metas["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    for word in (b"@import", b"url(", b"http-equiv=\"refresh"):
        assert word not in out.split(b"</style>")[0], word
    return page


def document_of(*paths):
    got, out, err = medic.run("report", *paths, "-o", "json")
    return got, json.loads(out)


def same(*command):
    code, out, err = medic.run(*command, "-o", "json")
    assert code in (0, 1, 4), (command, code, err)
    return json.loads(out)


# --- the same facts as other commands ---------------------------------------------------------------------------------
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
data = root / "minikube-like"
before = picture(data)
code, document = document_of(data)
assert code == 0 and document["sound"] is True and len(document["reports"]) == 1
report = document["reports"][0]
for name, by in (("resources", "kind"), ("namespaces", "namespace")):
    assert report[name] == same("top", data, "--by", by)["groups"][:20], name
assert report["key_count"] == same("info", data, "--count-keys")["key_count"]
top = same("top", data, "--by", "key", "--limit", "0")["groups"]
assert report["history_size"] == sum(row["history_size"] for row in top)
rewritten = sorted((row for row in top if row["revision_count"] > 1), key=lambda row: -row["history_size"])[:20]
assert [row["history_size"] for row in report["rewritten_keys"]] == [row["history_size"] for row in rewritten]
keys = sorted(same("keys", data)["keys"], key=lambda row: -row["value_size"])
assert [row["value_size"] for row in report["largest_keys"]] == [row["value_size"] for row in keys[:20]]
counts = {name: sum(bar[name] for bar in report["revision_bars"]) for name in ("live_count", "history_count", "deleted_count")}
assert counts["live_count"] == report["key_count"] and sum(counts.values()) == report["revision_count"], counts
leases = {row["lease_id"]: len(row["attached_keys"]) for row in same("leases", data)["leases"]}
assert {row["lease_id"]: row["key_count"] for row in report["leases"]} == leases and leases
assert report["members"] == same("members", data)["members"]
assert report["terms"] == same("elections", data)["terms"] and report["terms"]
pages = same("db", "pages", data)["pages"]
free = sum(group["page_count"] for group in report["page_groups"] if group["page_state"] in ("free", "pending"))
assert free == sum(page["use"] == "free" for page in pages), free
of_key = [group for group in report["page_groups"] if group.get("bucket") == "key"]
assert of_key[0]["page_count"] == sum(page.get("bucket") == "key" for page in pages)
ends = [run["last_page"] + 1 for run in report["page_runs"]]
assert [run["first_page"] for run in report["page_runs"]] == [0] + ends[:-1] and ends[-1] == len(pages), "runs cover the pages"
page = page_of(data, code=0)
for text in ("Sound", "etcd 3.6 starts", "/registry/pods/demo/rich", report["member_id"], "customresourcedefinitions"):
    assert page.says(text), text
for name in ("findings", "segments", "pages", "space", "kinds", "namespaces", "revisions", "largest", "rewritten", "leases", "members", "elections"):
    assert name in page.ids, name
assert "prefixes" not in page.ids, "resources say more of Kubernetes keys"

# --- any path ---------------------------------------------------------------------------------------------------------
only_log = page_of(data / "member/wal", code=0)
assert "segments" in only_log.ids and not {"pages", "space"} & only_log.ids
only_db = page_of(data / "member/snap/db", code=0)
assert {"pages", "space", "leases"} <= only_db.ids and not {"segments", "elections"} & only_db.ids

# --- damage -----------------------------------------------------------------------------------------------------------
damaged = 0
for corpus in ("wal-corrupt", "db-corrupt"):
    for case in sorted(path for path in medic.corpus(corpus).iterdir() if path.is_dir()):
        path = case / "data"
        told = medic.run("verify", path, "-o", "json", "--etcd-version", "all")
        verified = json.loads(told[1])
        code, document = document_of(path)
        report = document["reports"][0]
        assert code == told[0], (case, code, told[0])
        for name in ("sound", "prediction", "findings", "next_steps"):
            assert report[name] == verified[name], (case, name)
        assert report["predictions"] in ([], verified["predictions"]), case
        page = page_of(path, code=code)
        assert page.classes["place"] == len(verified["findings"]), case
        assert page.says("Sound") or not verified["sound"], case
        damaged += code == 4
assert damaged > 40, damaged
zeroed = document_of(root / "db-corrupt/b19-zeroed-leaf/data")[1]["reports"][0]
shown = [run for run in zeroed["page_runs"] if run["page_state"] == "damaged"]
where = [finding["offset"] // 4096 for finding in zeroed["findings"] if finding["code"] == "DB-PAGE-ZEROED"]
assert [run["first_page"] for run in shown] == where and len(where) == 1, (shown, where)
segments = document_of(root / "wal-corrupt/f01-bitflip-data/data")[1]["reports"][0]["segments"] if (root / "wal-corrupt/f01-bitflip-data").exists() else [{"damage_count": 1}]
assert sum(segment["damage_count"] for segment in segments) >= 1

# --- several members --------------------------------------------------------------------------------------------------
medic.unpack(medic.source / "testdata/corpora/cluster-3.tar.zst")
members = [root / f"cluster-3/m{n}" for n in (1, 2, 3)]
code, document = document_of(*members)
verified = json.loads(medic.run("verify", *members, "-o", "json")[1])
for name in ("sound", "same_cluster", "cluster_id", "voters", "commit", "start_from", "findings", "next_steps"):
    assert document.get(name) == verified.get(name), name
assert [report["role"] for report in document["reports"]] == [member["role"] for member in verified["members"]]
page = page_of(*members, code=code)
code, said, _ = medic.run("report", *members, "--output", root / "members.html")
assert said.decode().splitlines()[3:] == ["Together: no contradiction", *(f"Next: {line}" for line in verified["next_steps"])], said
code, said, _ = medic.run("report", data, data, "--output", root / "twice.html")
assert code == 4 and b"\nTogether: 1 error\nNext: start from minikube" in said, (code, said)
assert {"compared", "m1-findings", "m3-pages"} <= page.ids and page.says(verified["cluster_id"])

# --- hostile bytes ----------------------------------------------------------------------------------------------------
KEYS = [b"<script>alert(1)</script>", b"\"><img src=x onerror=alert(1)>", b"' onload='alert(1)", b"</style></title></svg><script>", b"&lt;script&gt;",
        b"\xff\xfe\x80invalid", b"\x00\x1b]0;title\x07\r\n", "\u202egnp.exe".encode(), "مفتاح/שלום".encode(), b"/" + b"k" * 10240, b"<!--", b"]]>", b"javascript:alert(1)",
        b"/registry/<b>/ns/name", b"/registry/pods/<i>ns</i>/name", b"{{constructor}}", b"`code`"]
kv = {}
for main, key in enumerate(KEYS * 3, 2):
    kv[revision(main)] = key_value(key, b"v" * (main % 7), main, main, 1, lease=7)
name = b"<script>alert('member')</script>"
hostile = root / "hostile<b>\"'"
make_member.write(hostile, {
    b"key": kv, b"meta": {b"consistent_index": (1).to_bytes(8, "big")}, b"lease": {(7).to_bytes(8, "big"): field(1, 7) + field(2, 60)},
    b"members": {b"1111": json.dumps({"id": 4369, "peerURLs": ["http://<script>"], "name": name.decode()}).encode()},
    b"cluster": {b"clusterVersion": b"<script>alert('version')</script>"}, b"<script>bucket</script>": {b"x" * 3000: b"y" * 9000}, b"\xff\xfe": {},
    b"members_removed": {}, b"alarm": {}, b"auth": {}, b"authUsers": {}, b"authRoles": {}}, [None])
page = page_of(hostile)
for text in ("<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\\xff\\xfe\\x80invalid", "\\u{202e}gnp.exe", "مفتاح/שלום", "&lt;script&gt;",
             "</style></title></svg><script>", "\\x00\\x1b]0;title\\x07", "10,241 bytes in all", name.decode(), "bucket <script>bucket</script>", "hostile<b>\"'"):
    assert page.says(text), text
assert document_of(hostile)[1]["reports"][0]["key_count"] == len(KEYS)

# --- bounded ----------------------------------------------------------------------------------------------------------
many = {}
for main in range(2, 6002):
    key = b"/%06d/<&>\"'" % main + b"\xff" * 2000
    many[revision(main)] = key_value(key, b"k8s\0\xff" if main % 2 else b"", main, main, 1, lease=main)
crowded = root / "crowded"
make_member.write(crowded, {b"key": many, b"meta": {b"consistent_index": (1).to_bytes(8, "big")}, b"lease": {}, b"members": {}, b"members_removed": {}, b"cluster": {},
                            b"alarm": {}, b"auth": {}, b"authUsers": {}, b"authRoles": {}}, [None])
page = page_of(crowded)
assert page.says("6,000 leases") and page.classes["place"] > 0

# --- the file ---------------------------------------------------------------------------------------------------------
output = root / "report.html"
code, out, err = medic.run("report", data, "--output", output)
assert code == 0 and b"sound" in out and not err, (code, out, err)
stat, owner = output.stat(), (data / "member/snap/db").stat()
assert stat.st_mode & 0o7777 == 0o600 and (stat.st_uid, stat.st_gid) == (owner.st_uid, owner.st_gid)
assert output.read_bytes() == medic.run("report", data, "--output", "-")[1], "the same every time"
code, out, err = medic.run("report", data, "--output", output)
assert code == 8 and b"exists and is not overwritten" in err, (code, err)
for inside in (data / "report.html", data / "member/snap/report.html"):
    code, out, err = medic.run("report", data, "--output", inside)
    assert code == 8 and not inside.exists(), (code, err)
assert medic.run("report", data, "--output", root / "none/report.html")[0] == 8
code, out, err = medic.run("report", data)
assert code == 0 and b"nothing was written; --output FILE writes the page" in err
assert medic.run("report", data, "--output", "-", "-o", "json")[0] == 16
assert medic.run("report", *members, "--wal-dir", data, "--output", "-")[0] == 16
assert picture(data) == before, "what is read stays as it is"
if os.geteuid() == 0:
    theirs = root / "theirs"
    shutil.copytree(data, theirs)
    for folder, _, names in os.walk(theirs):
        for each in [folder, *(os.path.join(folder, name) for name in names)]:
            os.chown(each, 65534, 65534)
    assert medic.run("report", theirs, "--output", root / "theirs.html")[0] == 0
    assert (root / "theirs.html").stat().st_uid == 65534
print(f"{damaged} damaged directories, {len(KEYS)} hostile keys; the largest pages are below {MEGABYTE} bytes")
