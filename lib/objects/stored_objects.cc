// SPDX-License-Identifier: Apache-2.0
#include "objects/stored_objects.h"

#include "diag/naming_sink.h"

namespace etcdmedic::objects {

StoredObjects::Value StoredObjects::Open(std::string_view key, Bytes stored) {
  const Value closed{stored, k8s::EncodingOf(stored)};
  problem_.clear();
  if (!closed.closed()) return closed;
  problem_ = "no key is given";
  if (!open_) return closed;
  auto plain = open_(key, stored);
  problem_ = plain ? std::string() : std::move(plain.error().what);
  if (!plain) return closed;
  plain_ = std::move(*plain);
  return {AsBytes(plain_), k8s::EncodingOf(AsBytes(plain_))};
}

k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               std::string& out, const Where& where, diag::FindingSink& sink) {
  options.key = key;
  diag::NamingSink named(sink, key);
  return k8s::Decode(value, options, out, where, named);
}

k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               text::ObjectTree& tree, const Where& where, diag::FindingSink& sink) {
  options.key = key;
  diag::NamingSink named(sink, key);
  return k8s::DecodeTree(value, options, tree, where, named);
}

k8s::DecodeResult DecodeStored(std::string_view key, Bytes value, k8s::DecodeOptions options,
                               text::TreeWriter& writer, const Where& where, diag::FindingSink& sink) {
  options.key = key;
  diag::NamingSink named(sink, key);
  return k8s::DecodeTree(value, options, writer, where, named);
}

}  // namespace etcdmedic::objects
