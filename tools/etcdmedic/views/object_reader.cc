// SPDX-License-Identifier: Apache-2.0
#include "views/object_reader.h"

#include <fmt/format.h>

#include "encryption/encryption.h"

namespace etcdmedic::tool {
namespace {

bool HoldsObject(k8s::Encoding encoding) {
  return encoding == k8s::Encoding::kProtobuf || encoding == k8s::Encoding::kJson ||
         encoding == k8s::Encoding::kCbor;
}

}  // namespace

std::optional<Bytes> ObjectReader::Open(const mvcc::KeyValue& kv) {
  Bytes value = AsBytes(kv.value);
  why_.clear();
  if (options_.open && k8s::EncodingOf(value) == k8s::Encoding::kEncrypted) {
    auto plain = options_.open(kv.key, value);
    if (!plain) {
      why_ = plain.error().what;
      return std::nullopt;
    }
    plain_ = std::move(*plain);
    value = AsBytes(plain_);
  }
  return HoldsObject(k8s::EncodingOf(value)) ? std::optional(value) : std::nullopt;
}

void ObjectReader::Refuse(const StoredObject& object) {
  const Bytes value = AsBytes(object.kv.value);
  const k8s::Encoding encoding = k8s::EncodingOf(value);
  if (encoding != k8s::Encoding::kEncrypted) {
    sink_.Add(
        {diag::Code::kK8sValueMalformed,
         {options_.file, object.offset},
         value.size(),
         fmt::format("{} holds no object but {} bytes ({})", object.kv.key, value.size(), NameOf(encoding))});
    return;
  }
  if (closed_++ >= kMostRemarks) return;
  const std::string how =
      fmt::format("{} is encrypted with {}", object.kv.key, encryption::DescribeKey(value));
  remarks_.push_back(
      how + (why_.empty() ? "; --encryption-config names the API server's configuration" : ": " + why_));
}

bool ObjectReader::AppendText(const StoredObject& object, k8s::TextFormat format, bool in_list,
                              std::string& out) {
  const auto value = Open(object.kv);
  if (!value) {
    Refuse(object);
    return false;
  }
  const k8s::DecodeOptions options{.format = format,
                                   .release = options_.release,
                                   .resource_version = object.kv.mod_revision,
                                   .mask_secrets = options_.mask_secrets,
                                   .key = object.kv.key,
                                   .list_item = in_list};
  k8s::Decode(*value, options, out, {options_.file, object.offset}, sink_);
  return true;
}

text::JsonValue ObjectReader::Tree(const StoredObject& object) {
  json_.clear();
  if (!AppendText(object, k8s::TextFormat::kJson, false, json_) || !tree_.Parse(json_)) return {};
  return tree_.root();
}

}  // namespace etcdmedic::tool
