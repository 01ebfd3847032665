# SPDX-License-Identifier: Apache-2.0
"""etcdmedic-VERSION-oci.tar: an image from scratch with the binary and nothing else, for every architecture that was staged, as an OCI
image layout. `podman load`, `skopeo copy oci-archive:` and containerd take it."""
import json

from common import DESCRIPTION, SUMMARY, TIME, VERSION, pack, sha256, tar

CREATED = TIME.strftime("%Y-%m-%dT%H:%M:%SZ")
LABELS = {"org.opencontainers.image.title": "etcdmedic", "org.opencontainers.image.version": VERSION, "org.opencontainers.image.created": CREATED,
          "org.opencontainers.image.description": SUMMARY, "org.opencontainers.image.licenses": "Apache-2.0"}


class Layout:
    def __init__(self):
        self.files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}

    def add(self, kind, data, **more):
        """Stores a blob, gives its descriptor."""
        self.files[f"blobs/sha256/{sha256(data)}"] = data
        return {"mediaType": f"application/vnd.oci.image.{kind}", "digest": f"sha256:{sha256(data)}", "size": len(data), **more}

    def document(self, kind, content, **more):
        return self.add(kind, json.dumps(content, sort_keys=True, separators=(",", ":")).encode(), **more)


def add_image(layout, stage):
    # etcdmedic unpacks to TMPDIR, which has to exist.
    content = tar([("etcdmedic", 0o755, stage.binary.read_bytes()), ("tmp/", 0o1777, None)])
    layer = layout.add("layer.v1.tar+gzip", pack(content))
    config = layout.document("config.v1+json", {
        "architecture": stage.arch, "os": "linux", "created": CREATED,
        "config": {"Entrypoint": ["/etcdmedic"], "Env": ["PATH=/"], "WorkingDir": "/", "Labels": LABELS},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(content)}"]},
        "history": [{"created": CREATED, "created_by": "packaging/oci.py", "comment": DESCRIPTION}]})
    return layout.document("manifest.v1+json", {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config,
                                                "layers": [layer], "annotations": LABELS},
                           platform={"architecture": stage.arch, "os": "linux"})


def make(stages, dist):
    layout = Layout()
    manifests = [add_image(layout, stage) for stage in stages]
    index = layout.document("index.v1+json", {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": manifests},
                            annotations={"org.opencontainers.image.ref.name": VERSION})
    layout.files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [index]}, sort_keys=True, separators=(",", ":")).encode()
    files = [(name, 0o644, data) for name, data in sorted(layout.files.items())]
    (dist / f"etcdmedic-{VERSION}-oci.tar").write_bytes(tar(files))
