// SPDX-License-Identifier: Apache-2.0
#include "objects/definition_v1.h"

#include <nlohmann/json.hpp>
#include <string>

namespace etcdmedic::objects {
namespace {

using Json = nlohmann::ordered_json;

// Takes the member out of `object`; null where there is none.
Json Take(Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return nullptr;
  Json taken = std::move(*found);
  object.erase(name);
  return taken;
}

void RenameJsonPath(Json& columns) {
  if (!columns.is_array()) return;
  for (Json& column : columns) {
    if (!column.is_object()) continue;
    if (Json path = Take(column, "JSONPath"); !path.is_null()) column["jsonPath"] = std::move(path);
  }
}

// A version of v1 must have a schema; one that allows everything says so.
Json SchemaOrAnything(const Json& schema, bool keeps_unknown_fields) {
  Json result = schema;
  if (!result.is_object()) result = Json::object();
  Json& root = result["openAPIV3Schema"];
  if (!root.is_object()) {
    root = Json{{"type", "object"}};
    keeps_unknown_fields = true;
  }
  if (keeps_unknown_fields) root["x-kubernetes-preserve-unknown-fields"] = true;
  return result;
}

void ConvertConversion(Json& spec) {
  const auto conversion = spec.find("conversion");
  if (conversion == spec.end() || !conversion->is_object()) return;
  Json client = Take(*conversion, "webhookClientConfig");
  Json versions = Take(*conversion, "conversionReviewVersions");
  if (client.is_null()) return;
  Json& webhook = (*conversion)["webhook"] = Json::object();
  webhook["clientConfig"] = std::move(client);
  webhook["conversionReviewVersions"] = versions.is_null() ? Json::array({"v1beta1"}) : std::move(versions);
}

}  // namespace

void ConvertDefinitionToV1(Json& object) {
  if (object.value("apiVersion", Json()) != "apiextensions.k8s.io/v1beta1" ||
      object.value("kind", Json()) != "CustomResourceDefinition") {
    return;
  }
  const auto spec = object.find("spec");
  if (spec == object.end() || !spec->is_object()) return;
  object["apiVersion"] = "apiextensions.k8s.io/v1";
  Json schema = Take(*spec, "validation");
  const Json subresources = Take(*spec, "subresources");
  const Json columns = Take(*spec, "additionalPrinterColumns");
  const Json fields = Take(*spec, "selectableFields");
  const Json version = Take(*spec, "version");
  // Absent means true in v1beta1; v1 has only false, and says the rest in the schema.
  const Json keeps = Take(*spec, "preserveUnknownFields");
  const bool keeps_unknown_fields = !keeps.is_boolean() || keeps.get<bool>();
  Json& versions = (*spec)["versions"];
  if (!versions.is_array()) {
    versions = Json::array();
    if (version.is_string()) versions.push_back({{"name", version}, {"served", true}, {"storage", true}});
  }
  for (Json& each : versions) {
    if (!each.is_object()) continue;
    each["schema"] =
        SchemaOrAnything(each.contains("schema") ? each["schema"] : schema, keeps_unknown_fields);
    if (!each.contains("subresources") && !subresources.is_null()) each["subresources"] = subresources;
    if (!each.contains("additionalPrinterColumns") && !columns.is_null())
      each["additionalPrinterColumns"] = columns;
    if (!each.contains("selectableFields") && !fields.is_null()) each["selectableFields"] = fields;
    if (each.contains("additionalPrinterColumns")) RenameJsonPath(each["additionalPrinterColumns"]);
  }
  ConvertConversion(*spec);
}

}  // namespace etcdmedic::objects
