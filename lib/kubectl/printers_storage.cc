// SPDX-License-Identifier: Apache-2.0
// Columns of configuration, volumes and storage classes.
#include <fmt/format.h>

#include <algorithm>

#include "kubectl/printers.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

std::string ConfigEntries(text::ObjectView config, const CellContext&) {
  return fmt::format("{}", config["data"].size() + config["binaryData"].size());
}

std::string AccessModes(text::ObjectView modes) {
  static constexpr std::pair<std::string_view, std::string_view> kShort[] = {{"ReadWriteOnce", "RWO"},
                                                                             {"ReadOnlyMany", "ROX"},
                                                                             {"ReadWriteMany", "RWX"},
                                                                             {"ReadWriteOncePod", "RWOP"}};
  std::string text;
  for (const auto& [name, letters] : kShort) {
    const bool there =
        std::any_of(modes.begin(), modes.end(), [&](text::ObjectView mode) { return mode.text() == name; });
    if (there) (text += text.empty() ? "" : ",") += letters;
  }
  return text;
}

std::string StorageClass(text::ObjectView object, const CellContext&) {
  const text::ObjectView beta = object.At("metadata.annotations")["volume.beta.kubernetes.io/storage-class"];
  return std::string(beta ? beta.text() : object.At("spec.storageClassName").TextOr(""));
}

// The phase, or that it is being deleted.
std::string Phase(text::ObjectView object, const CellContext&) {
  const bool going = !object.At("metadata.deletionTimestamp").TextOr("").empty();
  return going ? "Terminating" : std::string(object.At("status.phase").TextOr("Pending"));
}

std::string VolumeModes(text::ObjectView volume, const CellContext&) {
  return AccessModes(volume.At("spec.accessModes"));
}

std::string VolumeClaim(text::ObjectView volume, const CellContext&) {
  const text::ObjectView claim = volume.At("spec.claimRef");
  return claim.is_map() ? fmt::format("{}/{}", claim["namespace"].text(), claim["name"].text()) : "";
}

// A claim shows what it got, once it is bound.
std::string ClaimCapacity(text::ObjectView claim, const CellContext&) {
  if (claim.At("spec.volumeName").TextOr("").empty()) return "";
  return std::string(claim.At("status.capacity.storage").TextOr("0"));
}
std::string ClaimModes(text::ObjectView claim, const CellContext&) {
  return claim.At("spec.volumeName").TextOr("").empty() ? "" : AccessModes(claim.At("status.accessModes"));
}

std::string BoolText(text::ObjectView value, bool fallback) {
  return (value ? value.is_true() : fallback) ? "true" : "false";
}
std::string AllowsExpansion(text::ObjectView object, const CellContext&) {
  return BoolText(object["allowVolumeExpansion"], false);
}
std::string AttachRequired(text::ObjectView driver, const CellContext&) {
  return BoolText(driver.At("spec.attachRequired"), true);
}
std::string PodInfoOnMount(text::ObjectView driver, const CellContext&) {
  return BoolText(driver.At("spec.podInfoOnMount"), false);
}
std::string StorageCapacity(text::ObjectView driver, const CellContext&) {
  return BoolText(driver.At("spec.storageCapacity"), false);
}
std::string Republish(text::ObjectView driver, const CellContext&) {
  return BoolText(driver.At("spec.requiresRepublish"), false);
}
std::string Attached(text::ObjectView attachment, const CellContext&) {
  return BoolText(attachment.At("status.attached"), false);
}

template <class Each>
std::string JoinedOr(text::ObjectView list, std::string_view none, Each each) {
  std::string text;
  for (const text::ObjectView item : list) (text += text.empty() ? "" : ",") += each(item);
  return text.empty() ? std::string(none) : text;
}
std::string TokenRequests(text::ObjectView driver, const CellContext&) {
  return JoinedOr(driver.At("spec.tokenRequests"), "<unset>",
                  [](text::ObjectView item) { return item["audience"].text(); });
}
std::string LifecycleModes(text::ObjectView driver, const CellContext&) {
  return JoinedOr(driver.At("spec.volumeLifecycleModes"), "<none>",
                  [](text::ObjectView item) { return item.text(); });
}

// clang-format off
constexpr ColumnRow kVolumeMode = {"VOLUMEMODE", Form::kText, "spec.volumeMode", "<unset>", nullptr, true};
constexpr ColumnRow kClass = {"STORAGECLASS", Form::kFunction, "", "", StorageClass};
constexpr ColumnRow kAttributesClass =
    {"VOLUMEATTRIBUTESCLASS", Form::kText, "spec.volumeAttributesClassName", "<unset>"};

constexpr ColumnRow kConfigMaps[] = {{"DATA", Form::kFunction, "", "", ConfigEntries}, kAge};
constexpr ColumnRow kSecrets[] = {{"TYPE", Form::kText, "type"}, {"DATA", Form::kCount, "data"}, kAge};
constexpr ColumnRow kVolumes[] = {
    {"CAPACITY", Form::kText, "spec.capacity.storage", "0"}, {"ACCESS MODES", Form::kFunction, "", "", VolumeModes},
    {"RECLAIM POLICY", Form::kText, "spec.persistentVolumeReclaimPolicy"}, {"STATUS", Form::kFunction, "", "", Phase},
    {"CLAIM", Form::kFunction, "", "", VolumeClaim}, kClass, kAttributesClass,
    {"REASON", Form::kText, "status.reason"}, kAge, kVolumeMode};
constexpr ColumnRow kClaims[] = {
    {"STATUS", Form::kFunction, "", "", Phase}, {"VOLUME", Form::kText, "spec.volumeName"},
    {"CAPACITY", Form::kFunction, "", "", ClaimCapacity}, {"ACCESS MODES", Form::kFunction, "", "", ClaimModes},
    kClass, kAttributesClass, kAge, kVolumeMode};
constexpr ColumnRow kStorageClasses[] = {
    {"PROVISIONER", Form::kText, "provisioner"}, {"RECLAIMPOLICY", Form::kText, "reclaimPolicy", "Delete"},
    {"VOLUMEBINDINGMODE", Form::kText, "volumeBindingMode", "Immediate"},
    {"ALLOWVOLUMEEXPANSION", Form::kFunction, "", "", AllowsExpansion}, kAge};
constexpr ColumnRow kAttributesClasses[] = {{"DRIVERNAME", Form::kText, "driverName"}, kAge};
constexpr ColumnRow kAttachments[] = {
    {"ATTACHER", Form::kText, "spec.attacher"}, {"PV", Form::kText, "spec.source.persistentVolumeName"},
    {"NODE", Form::kText, "spec.nodeName"}, {"ATTACHED", Form::kFunction, "", "", Attached}, kAge};
constexpr ColumnRow kCsiNodes[] = {{"DRIVERS", Form::kCount, "spec.drivers"}, kAge};
constexpr ColumnRow kCsiDrivers[] = {
    {"ATTACHREQUIRED", Form::kFunction, "", "", AttachRequired},
    {"PODINFOONMOUNT", Form::kFunction, "", "", PodInfoOnMount},
    {"STORAGECAPACITY", Form::kFunction, "", "", StorageCapacity},
    {"TOKENREQUESTS", Form::kFunction, "", "", TokenRequests},
    {"REQUIRESREPUBLISH", Form::kFunction, "", "", Republish}, {"MODES", Form::kFunction, "", "", LifecycleModes}, kAge};
constexpr ColumnRow kCapacities[] = {{"CREATED AT", Form::kText, "metadata.creationTimestamp"}};
constexpr PrinterRow kPrinters[] = {
    {"configmaps", kConfigMaps}, {"secrets", kSecrets}, {"persistentvolumes", kVolumes},
    {"persistentvolumeclaims", kClaims}, {"storageclasses", kStorageClasses},
    {"volumeattributesclasses", kAttributesClasses}, {"volumeattachments", kAttachments}, {"csinodes", kCsiNodes},
    {"csidrivers", kCsiDrivers}, {"csistoragecapacities", kCapacities}};
// clang-format on

}  // namespace

std::span<const PrinterRow> StoragePrinters() { return kPrinters; }

}  // namespace etcdmedic::kubectl
