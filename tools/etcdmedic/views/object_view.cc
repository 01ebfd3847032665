// SPDX-License-Identifier: Apache-2.0
#include "views/object_view.h"

#include "diag/naming_sink.h"
#include "proto/walk.h"
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

// Collects key and value of each PutRequest, whatever their order in it.
class PutVisitor final : public proto::MessageVisitor {
 public:
  PutVisitor(const proto::MessageInfo& info, const std::function<void(Bytes, Bytes)>& each) : each_(each) {
    Enter(info);
  }

  void OnNumber(const proto::FieldInfo&, uint64_t) override {}
  void OnBytes(const proto::FieldInfo& field, Bytes value) override {
    if (field.role == proto::FieldRole::kKey) open_.back().key = value;
    if (field.role == proto::FieldRole::kValue) open_.back().value = value;
  }
  void OnBegin(const proto::FieldInfo& field) override { Enter(*field.message); }
  void OnEnd(const proto::FieldInfo&) override { Leave(); }
  void OnUnknown(uint32_t, bool, uint64_t, Bytes) override {}

  void Leave() {
    const Level level = open_.back();
    open_.pop_back();
    if (level.is_put && !level.key.empty()) each_(level.key, level.value);
  }

 private:
  struct Level {
    bool is_put = false;
    Bytes key, value;
  };
  void Enter(const proto::MessageInfo& info) { open_.push_back({info.name == "PutRequest", {}, {}}); }

  const std::function<void(Bytes, Bytes)>& each_;
  std::vector<Level> open_;
};

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

void ForEachPut(const raft::Request& request, const std::function<void(Bytes, Bytes)>& each) {
  if (request.info == nullptr) return;
  PutVisitor visitor(*request.info, each);
  proto::WalkMessage(*request.info, request.body, visitor);
  visitor.Leave();
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
