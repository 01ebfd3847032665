// SPDX-License-Identifier: Apache-2.0
#include "objects/served_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "k8s/api_lifecycle.h"
#include "objects/definition_v1.h"
#include "objects/service_on_read.h"
#include "text/json_text.h"
#include "text/write_tree.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;

// What API servers change in kinds of their own: the version that they serve while they store another one,
// and defaults, as a schema of OpenAPI says them.
struct BuiltinForm {
  std::string_view group, plural, version, schema;
};
constexpr std::string_view kPending =
    R"({"properties":{"status":{"default":{},"properties":{"phase":{"default":"Pending"}}}}})";
constexpr BuiltinForm kBuiltin[] = {
    {"certificates.k8s.io", "clustertrustbundles", "v1", ""},
    {"resource.k8s.io", "devicetaintrules", "v1", ""},
    {"storagemigration.k8s.io", "storageversionmigrations", "v1", ""},
    {"", "persistentvolumeclaims", "", kPending},
    {"", "persistentvolumes", "", kPending},
    {"apps", "statefulsets", "",
     R"({"properties":{"spec":{"properties":{"volumeClaimTemplates":{"items":{"properties":
{"apiVersion":{"default":"v1"},"kind":{"default":"PersistentVolumeClaim"}}}}}}}})"}};

// Fields of an Event of the core group that events.k8s.io names otherwise.
constexpr std::pair<std::string_view, std::string_view> kEventFields[] = {
    {"count", "deprecatedCount"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"source", "deprecatedSource"},
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"reportingComponent", "reportingController"}};
constexpr std::string_view kEventsV1 = "events.k8s.io/v1";
constexpr std::string_view kNameLabel = "kubernetes.io/metadata.name";

void Copy(ObjectView value, text::TreeWriter& writer) {
  text::WriteTree(value, {.order = text::KeyOrder::kStored, .keep_numbers = true}, writer);
}

ObjectView SchemaOf(ObjectView schema, std::string_view key) {
  const ObjectView own = schema["properties"][key];
  return own ? own : schema["additionalProperties"];
}

// `value` with the defaults of its schema.
void Defaulted(ObjectView value, ObjectView schema, text::TreeWriter& writer) {
  if (!schema.is_map() || !(value.is_map() || value.is_list())) return Copy(value, writer);
  if (value.is_list()) {
    writer.BeginList();
    for (const ObjectView item : value) Defaulted(item, schema["items"], writer);
    return writer.EndList();
  }
  writer.BeginMap();
  for (const ObjectView member : value) {
    const ObjectView own = SchemaOf(schema, member.key());
    writer.Key(member.key());
    const bool replaced = member.is_null() && own["default"] && !own["nullable"].is_true();
    Defaulted(replaced ? own["default"] : member, own, writer);
  }
  for (const ObjectView property : schema["properties"]) {
    if (!property["default"] || value[property.key()]) continue;
    writer.Key(property.key());
    Defaulted(property["default"], property, writer);
  }
  writer.EndMap();
}

// The metadata of a namespace, whose name is a label too.
void NamespaceMetadata(ObjectView metadata, text::TreeWriter& writer) {
  writer.BeginMap();
  for (const ObjectView member : metadata) {
    if (member.key() == "labels") continue;
    writer.Key(member.key());
    Copy(member, writer);
  }
  writer.Key("labels");
  writer.BeginMap();
  for (const ObjectView label : metadata["labels"]) {
    if (label.key() == kNameLabel) continue;
    writer.Key(label.key());
    Copy(label, writer);
  }
  writer.Key(kNameLabel);
  writer.String(metadata["name"].text());
  writer.EndMap();
  writer.EndMap();
}

}  // namespace

ServedForm::ServedForm(const kubectl::Resource& resource, const kubectl::AskedVersion& asked, uint8_t release)
    : resource_(resource), release_(release) {
  is_definition_ =
      resource.path == "customresourcedefinitions" || resource.kind == "CustomResourceDefinition";
  is_service_ = resource.group.empty() && resource.plural == "services";
  is_namespace_ = resource.group.empty() && resource.plural == "namespaces";
  is_new_event_ = !resource.custom && resource.plural == "events" && asked.group == "events.k8s.io";
  if (resource.custom) {
    const kubectl::CustomVersion* version = resource.VersionOrPreferred(asked.version);
    if (version == nullptr || (resource.has_webhook && resource.versions.size() > 1)) return;
    api_version_ = fmt::format("{}/{}", resource.group, version->name);
    for (const kubectl::CustomVersion& each : resource.versions) {
      if (!each.schema.empty()) text::ReadJson(each.schema, schemas_[each.name]);
    }
  }
  for (const BuiltinForm& row : kBuiltin) {
    if (resource.custom || row.group != resource.group || row.plural != resource.plural) continue;
    if (!row.schema.empty()) text::ReadJson(row.schema, schemas_[""]);
    const std::string served = fmt::format("{}/{}", row.group, row.version);
    const bool there = !row.version.empty() &&
                       k8s::LifetimeOf(served, resource.kind, release).status == k8s::SupportStatus::kServed;
    if (there) api_version_ = served;
  }
}

bool ServedForm::changes() const {
  const bool one_version = resource_.custom && resource_.versions.size() < 2;
  return is_definition_ || is_namespace_ || is_new_event_ || is_service_ || !schemas_.empty() ||
         (!api_version_.empty() && !one_version);
}

std::string_view ServedForm::group() const {
  return is_new_event_ ? kEventsV1.substr(0, kEventsV1.find('/')) : resource_.group;
}

void ServedForm::Write(ObjectView stored, text::ObjectTree& served) const {
  served.Clear();
  if (is_definition_ && IsDefinitionV1beta1(stored)) return WriteDefinitionV1(stored, served);
  if (is_service_) return WriteServiceOnRead(stored, release_, served);
  text::TreeWriter writer(served, {});
  Root(stored, writer);
}

std::string ServedForm::ApiVersion(ObjectView stored) const {
  if (is_new_event_) return std::string(kEventsV1);
  return api_version_.empty() ? std::string(stored["apiVersion"].text()) : api_version_;
}

ObjectView ServedForm::SchemaFor(ObjectView stored) const {
  const auto found = schemas_.find(resource_.custom ? kubectl::VersionOf(stored["apiVersion"].text()) : "");
  return found == schemas_.end() ? ObjectView() : found->second.root();
}

void ServedForm::Root(ObjectView stored, text::TreeWriter& writer) const {
  if (!stored.is_map()) return Copy(stored, writer);
  const ObjectView schema = SchemaFor(stored);
  writer.BeginMap();
  for (const ObjectView member : stored) {
    const auto* renamed =
        std::ranges::find(kEventFields, member.key(), &std::pair<std::string_view, std::string_view>::first);
    if (is_new_event_ && member.key().starts_with("reporting") && member.text().empty()) continue;
    writer.Key(is_new_event_ && renamed != std::end(kEventFields) ? renamed->second : member.key());
    if (member.key() == "apiVersion")
      writer.String(ApiVersion(stored));
    else if (is_namespace_ && member.key() == "metadata")
      NamespaceMetadata(member, writer);
    else
      Defaulted(member, schema["properties"][member.key()], writer);
  }
  for (const ObjectView property : schema["properties"]) {
    if (!property["default"] || stored[property.key()]) continue;
    writer.Key(property.key());
    Defaulted(property["default"], property, writer);
  }
  writer.EndMap();
}

}  // namespace etcdmedic::objects
