// SPDX-License-Identifier: Apache-2.0
#include "k8s/owners.h"

#include <nlohmann/json.hpp>

#include "diag/naming_sink.h"
#include "k8s/envelope.h"
#include "k8s/schema.h"
#include "proto/wire.h"

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

// The number of ObjectMeta in objects of that kind: 1 in nearly all, and in those that no table knows.
uint64_t MetadataNumber(const Envelope& envelope) {
  const Kind* kind = FindKind(envelope.api_version, envelope.kind);
  if (kind == nullptr) return 1;
  for (const Field& field : FieldsOf(MessageAt(kind->message))) {
    if (JsonName(field) == "metadata") return field.number;
  }
  return 1;
}

// Calls `each` for every delimited field of that number.
template <class Each>
void ForEachPart(Bytes message, uint64_t number, Each each) {
  proto::WireReader reader(message);
  proto::WireField field;
  while (reader.Next(field) == proto::WireStep::kField) {
    if (field.number == number && field.wire_type == proto::kDelimited) each(field.bytes);
  }
}

void ForEachInProtobuf(Bytes value, const std::function<void(const Owner&)>& each) {
  const Envelope envelope = ReadEnvelope(value);
  ForEachPart(envelope.raw, MetadataNumber(envelope), [&](Bytes metadata) {
    ForEachPart(metadata, kOwnerReferences, [&](Bytes owner) { each(ReadOwner(owner)); });
  });
}

using Json = nlohmann::json;

std::string TextOf(const Json& owner, const char* key) {
  const auto found = owner.find(key);
  return found != owner.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Of the document only metadata.ownerReferences is kept, however much else there is.
void ForEachInJson(std::string_view text, const std::function<void(const Owner&)>& each) {
  if (text.find("ownerReferences") == std::string_view::npos) return;
  const auto keep = [](int depth, Json::parse_event_t event, Json& parsed) {
    if (event != Json::parse_event_t::key) return depth < 16;
    if (depth == 1) return parsed == "metadata";
    return depth != 2 || parsed == "ownerReferences";
  };
  const Json object = Json::parse(text, keep, false);
  const auto pointer = Json::json_pointer("/metadata/ownerReferences");
  if (!object.is_object() || !object.contains(pointer) || !object.at(pointer).is_array()) return;
  for (const Json& owner : object.at(pointer)) {
    if (!owner.is_object()) continue;
    each({TextOf(owner, "apiVersion"), TextOf(owner, "kind"), TextOf(owner, "name"), TextOf(owner, "uid"),
          owner.value("controller", Json()) == true});
  }
}

}  // namespace

void ForEachOwner(Bytes value, const std::function<void(const Owner&)>& each) {
  const Encoding encoding = EncodingOf(value);
  if (encoding == Encoding::kProtobuf) return ForEachInProtobuf(value, each);
  if (encoding == Encoding::kJson) return ForEachInJson(AsText(value), each);
  if (encoding != Encoding::kCbor) return;
  std::string json;
  diag::NoSink ignored;
  DecodeOptions options;
  options.format = TextFormat::kJson;
  Decode(value, options, json, {}, ignored);
  ForEachInJson(json, each);
}

}  // namespace etcdmedic::k8s
