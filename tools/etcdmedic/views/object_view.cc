// SPDX-License-Identifier: Apache-2.0
#include "views/object_view.h"

#include "diag/naming_sink.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

k8s::TextFormat TextFormatOf(render::Format format) {
  if (format == render::Format::kJson) return k8s::TextFormat::kJsonIndented;
  return format == render::Format::kNdjson ? k8s::TextFormat::kJson : k8s::TextFormat::kYaml;
}

bool HoldsObject(k8s::Encoding encoding) {
  return encoding == k8s::Encoding::kProtobuf || encoding == k8s::Encoding::kJson ||
         encoding == k8s::Encoding::kCbor;
}

}  // namespace

ObjectView::ObjectView(const Context& context, encryption::OpenSealed open, diag::FindingSink& sink)
    : open_(std::move(open)), sink_(sink) {
  options_.format = TextFormatOf(context.format);
  options_.mask_secrets = context.hides_values();
}

std::optional<Bytes> ObjectView::Open(Bytes key, Bytes value) {
  k8s::Encoding encoding = k8s::EncodingOf(value);
  if (encoding == k8s::Encoding::kEncrypted && open_) {
    auto opened = open_(AsText(key), value);
    if (!opened) return std::nullopt;
    plain_ = std::move(*opened);
    value = AsBytes(plain_);
    encoding = k8s::EncodingOf(value);
  }
  return HoldsObject(encoding) ? std::optional(value) : std::nullopt;
}

bool ObjectView::IsObject(Bytes key, Bytes value) {
  const auto object = Open(key, value);
  return object && !k8s::Peek(*object).kind.empty();
}

std::optional<std::string_view> ObjectView::Text(Bytes key, Bytes value, std::optional<int64_t> revision,
                                                 const Where& where) {
  const auto object = Open(key, value);
  if (!object) return std::nullopt;
  options_.resource_version = revision;
  options_.key = AsText(key);
  text_.clear();
  diag::FindingList found;
  const k8s::Decoded decoded = k8s::Decode(*object, options_, text_, where, found);
  // JSON of somebody else's, or what only begins like it: whatever it is, it is not damaged.
  if (decoded.encoding == k8s::Encoding::kJson && decoded.kind.empty()) return std::nullopt;
  diag::NamingSink named(sink_, AsText(key));
  for (diag::Finding& finding : found.items) named.Add(std::move(finding));
  if (!decoded.complete) ++damaged_;
  while (text_.ends_with('\n')) text_.pop_back();
  return text_;
}

void NoteFindings(Context& context, std::vector<diag::Finding> findings) {
  if (findings.empty()) return;
  context.out.Flush();
  for (const diag::Finding& finding : diag::FoldRepeats(std::move(findings))) {
    context.err.Print("etcdmedic: {} {} at {}: {}\n", InfoOf(finding.code).name,
                      render::Printable(finding.where.file), finding.where.offset,
                      render::Printable(finding.message));
  }
}

}  // namespace etcdmedic::tool
