// SPDX-License-Identifier: Apache-2.0
#include "views/object_view.h"

namespace etcdmedic::tool {
namespace {

k8s::TextFormat TextFormatOf(render::Format format) {
  if (format == render::Format::kJson) return k8s::TextFormat::kJsonIndented;
  return format == render::Format::kNdjson ? k8s::TextFormat::kJson : k8s::TextFormat::kYaml;
}

}  // namespace

ObjectView::ObjectView(const Context& context, encryption::Decryptor open, diag::FindingSink& sink)
    : stored_(std::move(open)), sink_(sink) {
  options_.format = TextFormatOf(context.format);
  options_.mask_secrets = context.hides_values();
}

std::optional<std::string_view> ObjectView::Text(Bytes key, Bytes value, std::optional<int64_t> revision,
                                                 const Where& where) {
  const objects::StoredObjects::Value object = stored_.Open(AsText(key), value);
  if (!object.is_object()) return std::nullopt;
  options_.resource_version = revision;
  text_.clear();
  diag::FindingList found;
  const k8s::DecodeResult decoded =
      objects::DecodeStored(AsText(key), object.bytes, options_, text_, where, found);
  // JSON of somebody else's, or what only begins like it: whatever it is, it is not damaged.
  if (decoded.encoding == k8s::Encoding::kJson && decoded.kind.empty()) return std::nullopt;
  for (diag::Finding& finding : found.items) sink_.Add(std::move(finding));
  if (!decoded.complete) ++damaged_;
  while (text_.ends_with('\n')) text_.pop_back();
  return text_;
}

}  // namespace etcdmedic::tool
