// SPDX-License-Identifier: Apache-2.0
#include "views/value_objects.h"

#include "base/secret_mask.h"
#include "inputs/kubernetes_args.h"
#include "k8s/secrets.h"
#include "render/line_diff.h"

namespace etcdmedic::tool {
namespace {

std::string Ended(std::string_view text) { return text.empty() ? std::string() : std::string(text) + "\n"; }

}  // namespace

void WriteRevisions(render::Document& document, const mvcc::KeyValue& kv) {
  document.Field("create_revision", kv.create_revision);
  document.Field("mod_revision", kv.mod_revision);
  document.Field("version", kv.version);
  document.Id("lease_id", static_cast<uint64_t>(kv.lease));
  document.Field("value_size", kv.value.size());
}

Result<ValueObjects> ValueObjects::Of(const Context& context, const Args& args, OpenedStore& opened) {
  auto encryption = EncryptionOf(args);
  if (!encryption) return tl::make_unexpected(encryption.error());
  return ValueObjects(ObjectView(context, std::move(encryption->open), opened.found), *opened.store,
                      args.Has("--raw"), context.hides_values());
}

std::optional<std::string_view> ValueObjects::Text(const mvcc::KeyValue& kv,
                                                   std::optional<int64_t> revision) {
  if (raw_) return std::nullopt;
  return view_.Text(AsBytes(kv.key), AsBytes(kv.value), revision,
                    {store_->file(), store_->OffsetOf(AsBytes(kv.value))});
}

std::string_view ValueObjects::Shown(const mvcc::KeyValue& kv) const {
  return hides_ && k8s::HoldsSecret(kv.key, AsBytes(kv.value)) ? kSecretMask : std::string_view(kv.value);
}

void ValueObjects::Write(render::Document& document, const mvcc::KeyValue& kv,
                         std::optional<int64_t> revision) {
  const auto object = Text(kv, revision);
  document.Field("value", Shown(kv));
  if (!object) return;
  document.Key("object");
  document.Embed(*object);
}

void AppendObjectDiff(const Context& context, std::string& out, std::string_view before,
                      std::string_view after) {
  const size_t size = out.size();
  render::AppendLineDiff(out, Ended(before), Ended(after), {.color = context.color});
  if (out.size() == size) out += "(what is shown of the object is the same)\n";
}

}  // namespace etcdmedic::tool
