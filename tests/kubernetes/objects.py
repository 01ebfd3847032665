#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`objects` over the data directory in testdata/, against the Go types' own text of every object and against what kubectl
printed: objects.py MEDIC SOURCE SCRATCH

Every key of the directory must be found by its kind and name, and print as the expected text with the one thing that an API
server adds: metadata.resourceVersion."""
import csv
import json
import re
import sys

from cluster import Medic, unpacked

medic = Medic(sys.argv)
medic.unpack(medic.source / "testdata/minikube-like.tar.zst")
DATA = medic.scratch / "minikube-like"


def objects(*words, code=0):
    got, out, err = medic.run("objects", DATA, *words, "--stored", "--show-managed-fields")
    assert got == code, (words, got, err)
    return out.decode()


def with_resource_version(text, revision):
    """The expected YAML with the line that an API server adds, in its place among the sorted keys of metadata."""
    lines = re.findall(r"[^\n]*\n", re.sub(r"^metadata: \{\}$", "metadata:", text, flags=re.MULTILINE))
    at = lines.index("metadata:\n") + 1
    while at < len(lines) and lines[at][0] in " \n":
        if re.match(r"  \w", lines[at]) and lines[at].strip() > "resourceVersion":
            break
        at += 1
    lines.insert(at, f'  resourceVersion: "{revision}"\n')
    return "".join(lines)


def loose(text):
    """Without what depends on the column: where long lines fold."""
    return re.sub(r"\s+", " ", re.sub(r"\\\n\s*\\?", "", text))


# Which resources there are: counts add up, and -A finds each object once.
listed = json.loads(objects("-o", "json"))
assert listed["schema"] == "etcdmedic.resources/v1", listed["schema"]
total = sum(row["object_count"] for row in listed["resources"])
names = objects("-A", "-o", "name").rstrip("\n").split("\n")
assert len(names) == total > 400, (len(names), total)

# A List, as YAML and as JSON, and a line an object: the same objects in the same order.
in_yaml = objects("-A", "-o", "yaml").removeprefix("apiVersion: v1\nitems:\n- ").split("\n- ")
tail = 'kind: List\nmetadata:\n  resourceVersion: ""\n'
assert in_yaml[-1].endswith(tail)
in_yaml[-1] = in_yaml[-1].removesuffix(tail).removesuffix("\n")
json_list = objects("-A", "-o", "json")
in_json = json.loads(json_list)
assert list(in_json) == ["apiVersion", "items", "kind", "metadata"] and in_json["metadata"] == {"resourceVersion": ""}
lines = objects("-A", "-o", "ndjson").rstrip("\n").split("\n")
assert [json.loads(line) for line in lines] == in_json["items"]
assert len(in_yaml) == len(lines) == total, (len(in_yaml), len(lines))

# Each object alone.
folder = unpacked(medic, "expected")
rows = list(csv.DictReader(open(folder / "index.tsv"), delimiter="\t"))
by_revision = {int(item["metadata"].get("resourceVersion", 0)): (item, text)
               for item, text in zip(in_json["items"], in_yaml)}
assert len(rows) == total, "the expected values are those of this directory"
exact = 0
for row in rows:
    expected = folder / row["key"].lstrip("/")
    text = with_resource_version(expected.with_name(expected.name + ".yaml").read_text(), row["mod_revision"])
    item, in_list = by_revision[int(row["mod_revision"])]
    metadata = item["metadata"]
    group = row["apiVersion"].rpartition("/")[0] if "/" in row["apiVersion"] else ""
    kind = f"{row['kind']}.{row['apiVersion'].rpartition('/')[2]}.{group}" if group else row["kind"]
    if row["key"].startswith("/registry/ranges/"):
        name, where = row["key"].rpartition("/")[2], ()
    else:
        name, where = metadata["name"], ("-n", metadata["namespace"]) if "namespace" in metadata else ()
    one = objects(kind, name, *where, "-o", "yaml")
    assert one == text, f"{row['key']}:\n{one}\nwanted:\n{text}"
    indented = in_list.replace("\n  ", "\n")
    exact += indented + "\n" == text
    assert loose(indented) == loose(text.rstrip("\n")), f"{row['key']} in a list:\n{in_list}"
    as_json = objects(kind, name, *where, "-o", "json")
    assert json.loads(as_json) == item, row["key"]
    assert "        " + as_json.rstrip("\n").replace("\n", "\n        ") in json_list, row["key"]
assert exact > 300, exact

# What kubectl printed, byte for byte but for objects that were written again afterwards, and for definitions, which are stored
# as v1beta1 and which the API server converts for kubectl.
rewritten = {"crontab_ct1.kubectl.json", "crontab_ct1.kubectl.yaml", "deployment_web.kubectl.json", "deployment_web.kubectl.yaml",
             "pod_keepr.kubectl.json"}
converted = {"crd_crontabs.stable.example.com.kubectl.json", "crd_crontabs.stable.example.com.kubectl.yaml"}
different, compared = set(), 0
for path in sorted(unpacked(medic, "kubectl-output").glob("*.kubectl.*")):
    kind, _, rest = path.name.partition("_")
    name, form = rest.split(".kubectl.")
    theirs = path.read_text()
    namespace = re.search(r'^ {2,8}"?namespace"?: "?([\w-]+)', theirs, re.M)
    where = ("-n", namespace[1]) if namespace else ()
    ours = objects(kind, name, *where, "-o", form)
    compared += 1
    if ours == theirs:
        continue
    different.add(path.name)
    if path.name in converted:
        assert "apiextensions.k8s.io/v1beta1" in ours and "apiextensions.k8s.io/v1beta1" not in theirs
        continue
    (revision, before), = zip(re.findall(r'resourceVersion"?: "(\d+)"', ours), re.findall(r'resourceVersion"?: "(\d+)"', theirs))
    assert int(revision) > int(before), f"{path.name} differs from what kubectl printed"
    top = re.compile(r'^(?:  )?(\w+):', re.M) if form == "yaml" else re.compile(r'^    "(\w+)":', re.M)
    assert top.findall(ours) == top.findall(theirs), path.name
assert compared == 18 and different == rewritten | converted, (compared, different)
same = compared - len(different)
print(f"{total} objects by kind and name, {exact} of them byte for byte in a list too; {same} of {compared} of kubectl's own")
