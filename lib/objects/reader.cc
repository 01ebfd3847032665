// SPDX-License-Identifier: Apache-2.0
#include "objects/reader.h"

#include <fmt/format.h>

#include "encryption/encryption.h"
#include "keyspace/object_rules.h"

namespace etcdmedic::objects {
void ObjectReader::Refuse(const StoredObject& object, const StoredObjects::Value& value) {
  if (!value.closed()) return keyspace::ReportNoObject(object.kv.key, value.bytes, WhereOf(object), sink_);
  if (closed_++ >= kMostRemarks) return;
  remarks_.push_back(
      fmt::format("{} is encrypted with {}{}", object.kv.key, encryption::DescribeKey(value.bytes),
                  stored_.has_key() ? ": " + stored_.problem()
                                    : "; --encryption-config names the API server's configuration"));
}

bool ObjectReader::AppendText(const StoredObject& object, k8s::TextFormat format, bool in_list,
                              std::string& out) {
  const StoredObjects::Value value = stored_.Open(object.kv.key, AsBytes(object.kv.value));
  if (!value.is_object()) return Refuse(object, value), false;
  DecodeStored(object.kv.key, value.bytes,
               {.format = format,
                .release = options_.release,
                .resource_version = object.kv.mod_revision,
                .mask_secrets = options_.mask_secrets,
                .list_item = in_list},
               out, WhereOf(object), sink_);
  return true;
}

text::JsonValue ObjectReader::Tree(const StoredObject& object) {
  json_.clear();
  if (!AppendText(object, k8s::TextFormat::kJson, false, json_) || !tree_.Parse(json_)) return {};
  return tree_.root();
}

}  // namespace etcdmedic::objects
