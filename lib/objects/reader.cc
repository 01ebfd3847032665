// SPDX-License-Identifier: Apache-2.0
#include "objects/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "encryption/encryption.h"
#include "k8s/schema.h"
#include "keyspace/object_rules.h"
#include "text/write_tree.h"

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
  k8s::DecodeOptions options = OptionsFor(object);
  options.format = format;
  options.list_item = in_list;
  options.hide_managed_fields = options_.hide_managed_fields;
  if (FormOf(object.key.resource) != nullptr) {
    k8s::AppendObject(Tree(object), options, out);
    return true;
  }
  DecodeStored(object.kv.key, value.bytes, options, out, WhereOf(object), sink_);
  return true;
}

bool ObjectReader::AppendTo(text::TreeWriter& writer, const StoredObject& object) {
  const StoredObjects::Value value = stored_.Open(object.kv.key, AsBytes(object.kv.value));
  if (!value.is_object()) return Refuse(object, value), false;
  if (FormOf(object.key.resource) != nullptr)
    text::WriteTree(Tree(object), {.order = text::KeyOrder::kStored, .keep_numbers = true}, writer);
  else
    DecodeStored(object.kv.key, value.bytes, OptionsFor(object), writer, WhereOf(object), sink_);
  return true;
}

text::ObjectView ObjectReader::Tree(const StoredObject& object) {
  const StoredObjects::Value value = stored_.Open(object.kv.key, AsBytes(object.kv.value));
  if (!value.is_object()) return Refuse(object, value), text::ObjectView();
  DecodeStored(object.kv.key, value.bytes, OptionsFor(object), tree_, WhereOf(object), sink_);
  const ServedForm* form = FormOf(object.key.resource);
  if (form == nullptr) return tree_.root();
  form->Write(tree_.root(), served_);
  return served_.root();
}

void ObjectReader::Ask(const kubectl::Resource& resource, const kubectl::AskedVersion& asked) {
  const uint8_t release = k8s::ParseRelease(options_.release).value_or(k8s::tables::kNewestRelease);
  forms_.try_emplace(&resource, std::make_shared<const ServedForm>(resource, asked, release));
}

void ObjectReader::TakeOver(ObjectReader& other, diag::FindingList& found) {
  for (diag::Finding& finding : found.items) sink_.Add(std::move(finding));
  found.items.clear();
  closed_ += std::exchange(other.closed_, 0);
  const size_t room = kMostRemarks - remarks_.size();
  for (std::string& remark : std::span(other.remarks_).first(std::min(room, other.remarks_.size())))
    remarks_.push_back(std::move(remark));
  other.remarks_.clear();
}

std::string_view ObjectReader::GroupOf(const kubectl::Resource& resource) {
  const ServedForm* const form = FormOf(&resource);
  return form == nullptr ? resource.group : form->group();
}

const ServedForm* ObjectReader::FormOf(const kubectl::Resource* resource) {
  if (!options_.served || resource == nullptr) return nullptr;
  if (!forms_.contains(resource)) Ask(*resource, {});
  const ServedForm& form = *forms_.at(resource);
  return form.changes() ? &form : nullptr;
}

k8s::DecodeOptions ObjectReader::OptionsFor(const StoredObject& object) const {
  return {.release = options_.release,
          .resource_version = object.kv.mod_revision,
          .mask_secrets = options_.mask_secrets};
}

}  // namespace etcdmedic::objects
