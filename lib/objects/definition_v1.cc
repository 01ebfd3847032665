// SPDX-License-Identifier: Apache-2.0
#include "objects/definition_v1.h"

#include <algorithm>
#include <span>

#include "text/tree_writer.h"
#include "text/write_tree.h"

namespace etcdmedic::objects {
namespace {

using text::ObjectView;

// What v1beta1 may say for all versions and v1 says in each; as it is.
constexpr std::string_view kOfAllVersions[] = {"subresources", "additionalPrinterColumns",
                                               "selectableFields"};
// What v1 has not, or in another form.
constexpr std::string_view kConverted[] = {"validation", "version", "preserveUnknownFields", "versions",
                                           "conversion"};

class DefinitionWriter {
 public:
  DefinitionWriter(ObjectView spec, text::TreeWriter& writer) : spec_(spec), writer_(writer) {
    // Absent means true in v1beta1; v1 has only false, and says the rest in the schema.
    keeps_unknown_fields_ = spec["preserveUnknownFields"].kind() != text::NodeKind::kFalse;
  }

  void Spec() {
    writer_.BeginMap();
    for (const ObjectView member : spec_) {
      if (!IsIn(kConverted, member.key()) && !IsIn(kOfAllVersions, member.key()))
        Member(member.key(), member);
    }
    writer_.Key("versions");
    writer_.BeginList();
    Versions();
    writer_.EndList();
    if (const ObjectView conversion = spec_["conversion"]) Conversion(conversion);
    writer_.EndMap();
  }

 private:
  static bool IsIn(std::span<const std::string_view> names, std::string_view name) {
    return std::ranges::count(names, name) > 0;
  }
  void Value(ObjectView value) {
    text::WriteTree(value, {.order = text::KeyOrder::kStored, .keep_numbers = true}, writer_);
  }
  void Member(std::string_view key, ObjectView value) {
    writer_.Key(key);
    Value(value);
  }

  void Versions() {
    const ObjectView versions = spec_["versions"];
    for (const ObjectView version : versions) version.is_map() ? Version(version) : Value(version);
    const ObjectView name = spec_["version"];
    if (versions.is_list() || !name.is_string()) return;
    writer_.BeginMap();
    Member("name", name);
    writer_.Key("served");
    writer_.Bool(true);
    writer_.Key("storage");
    writer_.Bool(true);
    Versioned({});
    writer_.EndMap();
  }

  void Version(ObjectView version) {
    writer_.BeginMap();
    for (const ObjectView member : version) {
      if (member.key() != "schema" && !IsIn(kOfAllVersions, member.key())) Member(member.key(), member);
    }
    Versioned(version);
    writer_.EndMap();
  }

  // What the version says itself, else what is said for all.
  void Versioned(ObjectView version) {
    Schema(version["schema"] ? version["schema"] : spec_["validation"]);
    for (const std::string_view name : kOfAllVersions) {
      const ObjectView own = version[name], value = own ? own : spec_[name];
      if (!own && (!value || value.is_null())) continue;
      writer_.Key(name);
      name == "additionalPrinterColumns" && value.is_list() ? Columns(value) : Value(value);
    }
  }

  void Columns(ObjectView columns) {
    writer_.BeginList();
    for (const ObjectView column : columns) {
      if (!column.is_map()) {
        Value(column);
        continue;
      }
      writer_.BeginMap();
      for (const ObjectView member : column)
        Member(member.key() == "JSONPath" ? "jsonPath" : member.key(), member);
      writer_.EndMap();
    }
    writer_.EndList();
  }

  // A version of v1 must have a schema; one that allows everything says so.
  void Schema(ObjectView schema) {
    constexpr std::string_view kSchema = "openAPIV3Schema", kKeeps = "x-kubernetes-preserve-unknown-fields";
    const ObjectView root = schema[kSchema];
    writer_.Key("schema");
    writer_.BeginMap();
    for (const ObjectView member : schema) {
      if (schema.is_map() && member.key() != kSchema) Member(member.key(), member);
    }
    writer_.Key(kSchema);
    writer_.BeginMap();
    if (root.is_map()) {
      for (const ObjectView member : root) Member(member.key(), member);
    } else {
      writer_.Key("type");
      writer_.String("object");
    }
    if (!root.is_map() || keeps_unknown_fields_) {
      writer_.Key(kKeeps);
      writer_.Bool(true);
    }
    writer_.EndMap();
    writer_.EndMap();
  }

  void Conversion(ObjectView conversion) {
    const ObjectView client = conversion["webhookClientConfig"];
    const ObjectView versions = conversion["conversionReviewVersions"];
    if (!conversion.is_map()) return Member("conversion", conversion);
    writer_.Key("conversion");
    writer_.BeginMap();
    for (const ObjectView member : conversion) {
      const bool moves = member.key() == "webhookClientConfig" || member.key() == "conversionReviewVersions";
      if (!moves) Member(member.key(), member);
    }
    if (client && !client.is_null()) Webhook(client, versions);
    writer_.EndMap();
  }

  void Webhook(ObjectView client, ObjectView versions) {
    writer_.Key("webhook");
    writer_.BeginMap();
    Member("clientConfig", client);
    writer_.Key("conversionReviewVersions");
    if (versions && !versions.is_null()) {
      Value(versions);
    } else {
      writer_.BeginList();
      writer_.String("v1beta1");
      writer_.EndList();
    }
    writer_.EndMap();
  }

  const ObjectView spec_;
  text::TreeWriter& writer_;
  bool keeps_unknown_fields_;
};

}  // namespace

bool IsDefinitionV1beta1(ObjectView object) {
  return object.StringAt("apiVersion") == "apiextensions.k8s.io/v1beta1" &&
         object.StringAt("kind") == "CustomResourceDefinition" && object["spec"].is_map();
}

void WriteDefinitionV1(ObjectView definition, text::ObjectTree& v1) {
  text::TreeWriter writer(v1, {});
  writer.BeginMap();
  for (const ObjectView member : definition) {
    writer.Key(member.key());
    if (member.key() == "apiVersion")
      writer.String("apiextensions.k8s.io/v1");
    else if (member.key() == "spec")
      DefinitionWriter(member, writer).Spec();
    else
      text::WriteTree(member, {.order = text::KeyOrder::kStored, .keep_numbers = true}, writer);
  }
  writer.EndMap();
}

}  // namespace etcdmedic::objects
