// SPDX-License-Identifier: Apache-2.0
#include "k8s/owners.h"

#include "k8s/parts.h"
#include "proto/wire.h"
#include "text/cbor.h"
#include "text/json_text.h"

namespace etcdmedic::k8s {
namespace {

// metav1.ObjectMeta and metav1.OwnerReference: docs/format/k8s.md, "Metadata".
constexpr uint64_t kOwnerReferences = 13;
constexpr uint64_t kKind = 1, kName = 3, kUid = 4, kApiVersion = 5, kController = 6;

Owner ReadOwner(Bytes message) {
  Owner owner;
  proto::WireReader reader(message);
  proto::WireField field;
  while (reader.Next(field) == proto::WireStep::kField) {
    const bool text = field.wire_type == proto::kDelimited;
    if (text && field.number == kKind) owner.kind = AsText(field.bytes);
    if (text && field.number == kName) owner.name = AsText(field.bytes);
    if (text && field.number == kUid) owner.uid = AsText(field.bytes);
    if (text && field.number == kApiVersion) owner.api_version = AsText(field.bytes);
    if (field.wire_type == proto::kVarint && field.number == kController) owner.controller = field.value != 0;
  }
  return owner;
}

void ForEachInProtobuf(Bytes value, const std::function<void(const Owner&)>& each) {
  const Envelope envelope = ReadEnvelope(value);
  ForEachPart(envelope.raw, MetadataNumber(envelope), [&](Bytes metadata) {
    ForEachPart(metadata, kOwnerReferences, [&](Bytes owner) { each(ReadOwner(owner)); });
  });
}

void ForEachInTree(const text::ObjectTree& tree, const std::function<void(const Owner&)>& each) {
  const text::ObjectView owners = tree.root()["metadata"]["ownerReferences"];
  if (!owners.is_list()) return;
  for (const text::ObjectView owner : owners) {
    const auto text = [&](std::string_view key) { return std::string(owner.StringAt(key)); };
    if (owner.is_map())
      each({text("apiVersion"), text("kind"), text("name"), text("uid"), owner["controller"].is_true()});
  }
}

}  // namespace

void ForEachOwner(Bytes value, const std::function<void(const Owner&)>& each) {
  const Encoding encoding = EncodingOf(value);
  if (encoding == Encoding::kProtobuf) return ForEachInProtobuf(value, each);
  text::ObjectTree tree;
  const bool has_owners = AsText(value).find("ownerReferences") != std::string_view::npos;
  if (encoding == Encoding::kJson && has_owners) text::ReadJsonHead(AsText(value), tree);
  if (encoding == Encoding::kCbor) text::ReadCbor(value, tree);
  ForEachInTree(tree, each);
}

}  // namespace etcdmedic::k8s
