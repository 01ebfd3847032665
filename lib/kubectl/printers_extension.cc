// SPDX-License-Identifier: Apache-2.0
// Columns of what extends an API server: definitions, admission policies, certificates, stored versions.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "kubectl/age.h"
#include "kubectl/printers.h"
#include "kubectl/selector.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

// "v1(storage),v1beta1": the versions that are served.
std::string ServedVersions(text::ObjectView definition, const CellContext&) {
  std::string text;
  for (const text::ObjectView version : definition.At("spec.versions")) {
    if (!version["served"].is_true() && !version["storage"].is_true()) continue;
    (text += text.empty() ? "" : ",") += version["name"].text();
    if (version["storage"].is_true()) text += "(storage)";
  }
  return text;
}

std::string ShortNames(text::ObjectView definition, const CellContext&) {
  std::string text;
  for (const text::ObjectView name : definition.At("spec.names.shortNames"))
    (text += text.empty() ? "" : ",") += name.text();
  return text;
}

std::string Established(text::ObjectView definition, const CellContext&) {
  return ConditionOf(definition, "Established")["status"].text() == "True" ? "true" : "false";
}

std::string ParamKind(text::ObjectView policy, const CellContext&) {
  const text::ObjectView kind = policy.At("spec.paramKind");
  return kind.is_map() ? fmt::format("{}/{}", kind["apiVersion"].TextOr(""), kind["kind"].TextOr(""))
                       : "<unset>";
}

// A selector as Go's generated String() prints it.
std::string GoText(text::ObjectView selector) {
  std::map<std::string_view, std::string_view> labels;
  for (const text::ObjectView label : selector["matchLabels"]) labels[label.key()] = label.text();
  std::string text = "&LabelSelector{MatchLabels:map[string]string{";
  for (const auto& [key, value] : labels) text += fmt::format("{}: {},", key, value);
  text += "},MatchExpressions:[]LabelSelectorRequirement{";
  for (const text::ObjectView each : selector["matchExpressions"]) {
    std::string values;
    for (const text::ObjectView value : each["values"]) (values += values.empty() ? "" : " ") += value.text();
    text += fmt::format("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},",
                        each["key"].TextOr(""), each["operator"].TextOr(""), values);
  }
  return text + "},}";
}

std::string ParamRef(text::ObjectView binding, const CellContext&) {
  const text::ObjectView param = binding.At("spec.paramRef");
  const std::string_view name = param["name"].TextOr(""), space = param["namespace"].TextOr("");
  if (!name.empty()) return fmt::format("{}/{}", space.empty() ? "*" : space, name);
  return param["selector"].is_map() ? GoText(param["selector"]) : "<unset>";
}

// The last of the states that exclude each other, whatever its status.
std::string CertificateState(text::ObjectView request, const CellContext&) {
  std::string_view state = "Pending";
  for (const text::ObjectView condition : request.At("status.conditions")) {
    const std::string_view type = condition["type"].text();
    if (type == "Issued" || type == "Denied" || type == "Failed") state = type;
  }
  return std::string(state);
}

std::string UserAnnotations(text::ObjectView request, const CellContext&) {
  return LabelsText(request.At("spec.unverifiedUserAnnotations"));
}

std::string MigratedResource(text::ObjectView migration, const CellContext&) {
  const text::ObjectView resource = migration.At("spec.resource");
  const std::string_view group = resource["group"].TextOr("");
  return fmt::format("{}{}{}", resource["resource"].TextOr(""), group.empty() ? "" : ".", group);
}

std::string MigrationStatus(text::ObjectView migration, const CellContext&) {
  std::string_view status = "Unknown";
  for (const text::ObjectView condition : migration.At("status.conditions")) {
    const std::string_view type = condition["type"].text();
    const bool known = type == "Running" || type == "Failed" || type == "Succeeded";
    if (known && condition["status"].text() == "True") status = type;
  }
  return std::string(status);
}

std::string ServerVersions(text::ObjectView object, const CellContext&) {
  std::vector<std::string> shown;
  const text::ObjectView versions = object.At("status.storageVersions");
  for (const text::ObjectView version : versions) {
    if (shown.size() == 3) break;
    shown.push_back(
        fmt::format("{}={}", version["apiServerID"].TextOr(""), version["encodingVersion"].TextOr("")));
  }
  return MoreText(shown, versions.size(), "<unset>");
}

// clang-format off
constexpr ColumnRow kDefinitions[] = {
    {"SCOPE", Form::kText, "spec.scope"}, {"VERSIONS", Form::kFunction, "", "", ServedVersions},
    {"CREATED AT", Form::kText, "metadata.creationTimestamp"}, {"GROUP", Form::kText, "spec.group", "", nullptr, true},
    {"KIND", Form::kText, "spec.names.kind", "", nullptr, true},
    {"SHORTNAMES", Form::kFunction, "", "", ShortNames, true},
    {"ESTABLISHED", Form::kFunction, "", "", Established, true}};
constexpr ColumnRow kParamKind = {"PARAMKIND", Form::kFunction, "", "", ParamKind};
constexpr ColumnRow kValidating[] = {{"VALIDATIONS", Form::kCount, "spec.validations"}, kParamKind, kAge};
constexpr ColumnRow kMutating[] = {{"MUTATIONS", Form::kCount, "spec.mutations"}, kParamKind, kAge};
constexpr ColumnRow kBindings[] = {
    {"POLICYNAME", Form::kText, "spec.policyName"}, {"PARAMREF", Form::kFunction, "", "", ParamRef}, kAge};
constexpr ColumnRow kCandidates[] = {
    {"LEASENAME", Form::kText, "spec.leaseName"}, {"BINARYVERSION", Form::kText, "spec.binaryVersion"},
    {"EMULATIONVERSION", Form::kText, "spec.emulationVersion"}, kAge};
constexpr ColumnRow kBundles[] = {{"SIGNERNAME", Form::kText, "spec.signerName", "<none>"}};
constexpr ColumnRow kCertificates[] = {
    {"PODNAME", Form::kText, "spec.podName"}, {"SERVICEACCOUNTNAME", Form::kText, "spec.serviceAccountName"},
    {"NODENAME", Form::kText, "spec.nodeName"}, {"SIGNERNAME", Form::kText, "spec.signerName"},
    {"STATE", Form::kFunction, "", "", CertificateState},
    {"UNVERIFIEDUSERANNOTATIONS", Form::kFunction, "", "", UserAnnotations}};
constexpr ColumnRow kMigrations[] = {
    {"RESOURCE", Form::kFunction, "", "", MigratedResource}, {"STATUS", Form::kFunction, "", "", MigrationStatus}};
constexpr ColumnRow kStorageVersions[] = {
    {"COMMONENCODINGVERSION", Form::kText, "status.commonEncodingVersion", "<unset>"},
    {"STORAGEVERSIONS", Form::kFunction, "", "", ServerVersions}, kAge};
constexpr PrinterRow kPrinters[] = {
    {"customresourcedefinitions", kDefinitions}, {"validatingadmissionpolicies", kValidating},
    {"mutatingadmissionpolicies", kMutating}, {"validatingadmissionpolicybindings", kBindings},
    {"mutatingadmissionpolicybindings", kBindings}, {"leasecandidates", kCandidates},
    {"clustertrustbundles", kBundles}, {"podcertificaterequests", kCertificates},
    {"storageversionmigrations", kMigrations}, {"storageversions", kStorageVersions}};
// clang-format on

}  // namespace

std::span<const PrinterRow> ExtensionPrinters() { return kPrinters; }

}  // namespace etcdmedic::kubectl
