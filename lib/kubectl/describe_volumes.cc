// SPDX-License-Identifier: Apache-2.0
// Volumes as `kubectl describe` prints them.
#include <fmt/format.h>

#include <algorithm>

#include "kubectl/describers.h"
#include "kubectl/quantity.h"

namespace etcdmedic::kubectl {
namespace {

using Form = DescribedField::Form;

// What is printed of one kind of volume: its member in the volume, what kubectl calls it, and its fields.
struct VolumeRow {
  std::string_view member, type;
  std::span<const DescribedField> fields = {};
  void (*more)(Description& out, text::ObjectView source) = nullptr;  // after the fields
};

// clang-format off
constexpr DescribedField kReadOnly = {"ReadOnly", "readOnly", Form::kTrue};
constexpr DescribedField kFsType = {"FSType", "fsType"};
constexpr DescribedField kSecretName = {"SecretName", "secretName"};
constexpr DescribedField kOptional = {"Optional", "optional", Form::kTrue};
constexpr DescribedField kPartition = {"Partition", "partition", Form::kText, "0"};

constexpr DescribedField kSecretRef = {"SecretRef", "secretRef", Form::kReference};

constexpr DescribedField kHostPath[] = {{"Path", "path"}, {"HostPathType", "type", Form::kSet, "<none>"}};
constexpr DescribedField kEmptyDir[] = {{"Medium", "medium"}};
constexpr DescribedField kGoogleDisk[] = {{"PDName", "pdName"}, kFsType, kPartition, kReadOnly};
constexpr DescribedField kAmazonDisk[] = {{"VolumeID", "volumeID"}, kFsType, kPartition, kReadOnly};
constexpr DescribedField kGitRepo[] = {{"Repository", "repository"}, {"Revision", "revision"}};
constexpr DescribedField kSecret[] = {kSecretName, kOptional};
constexpr DescribedField kConfigMap[] = {{"Name", "name"}, kOptional};
constexpr DescribedField kNfs[] = {{"Server", "server"}, {"Path", "path"}, kReadOnly};
constexpr DescribedField kGluster[] = {{"EndpointsName", "endpoints"}, {"Path", "path"}, kReadOnly};
constexpr DescribedField kClaim[] = {{"ClaimName", "claimName"}, kReadOnly};
constexpr DescribedField kQuobyte[] = {{"Registry", "registry"}, {"Volume", "volume"}, kReadOnly};
constexpr DescribedField kAzureDisk[] = {{"DiskName", "diskName"}, {"DiskURI", "diskURI"}, {"Kind", "kind"}, kFsType,
                                         {"CachingMode", "cachingMode"}, kReadOnly};
constexpr DescribedField kVsphere[] = {{"VolumePath", "volumePath"}, kFsType, {"StoragePolicyName", "storagePolicyName"}};
constexpr DescribedField kCinder[] = {{"VolumeID", "volumeID"}, kFsType, kReadOnly, kSecretRef};
constexpr DescribedField kPhoton[] = {{"PdID", "pdID"}, kFsType};
constexpr DescribedField kPortworx[] = {{"VolumeID", "volumeID"}};
constexpr DescribedField kScaleIo[] = {{"Gateway", "gateway"}, {"System", "system"}, {"Protection Domain", "protectionDomain"},
                                       {"Storage Pool", "storagePool"}, {"Storage Mode", "storageMode"},
                                       {"VolumeName", "volumeName"}, kFsType, kReadOnly};
constexpr DescribedField kStorageOs[] = {{"VolumeName", "volumeName"}, {"VolumeNamespace", "volumeNamespace"}, kFsType, kReadOnly};
constexpr DescribedField kAzureFile[] = {kSecretName, {"ShareName", "shareName"}, kReadOnly};
constexpr DescribedField kFlocker[] = {{"DatasetName", "datasetName"}, {"DatasetUUID", "datasetUUID"}};
constexpr DescribedField kCsi[] = {{"Driver", "driver"}, kFsType, kReadOnly};
constexpr DescribedField kFlex[] = {{"Driver", "driver"}, kFsType, kSecretRef, kReadOnly, {"Options", "options", Form::kMap}};
constexpr DescribedField kIscsi[] = {
    {"TargetPortal", "targetPortal"}, {"IQN", "iqn"}, {"Lun", "lun", Form::kText, "0"}};
constexpr DescribedField kMoreOfIscsi[] = {
    kFsType, kReadOnly, {"Portals", "portals", Form::kList}, {"DiscoveryCHAPAuth", "chapAuthDiscovery", Form::kTrue},
    {"SessionCHAPAuth", "chapAuthSession", Form::kTrue}, kSecretRef, {"InitiatorName", "initiatorName", Form::kSet, "<none>"}};
constexpr DescribedField kRbd[] = {
    {"CephMonitors", "monitors", Form::kList}, {"RBDImage", "image"}, kFsType, {"RBDPool", "pool"}, {"RadosUser", "user"},
    {"Keyring", "keyring"}, kSecretRef, kReadOnly};
constexpr DescribedField kCephFs[] = {
    {"Monitors", "monitors", Form::kList}, {"Path", "path"}, {"User", "user"}, {"SecretFile", "secretFile"}, kSecretRef,
    kReadOnly};
constexpr DescribedField kMoreOfFibre[] = {{"LUN", "lun", Form::kSet, "<none>"}, kFsType, kReadOnly};
constexpr DescribedField kImage[] = {{"Reference", "reference"}, {"PullPolicy", "pullPolicy"}};
// clang-format on

void MoreOfEmptyDir(Description& out, text::ObjectView source) {
  const auto limit = Quantity::Parse(source["sizeLimit"].text());
  out.Field(2, "SizeLimit", limit && Quantity() < *limit ? source["sizeLimit"].text() : "<unset>");
}

void MoreOfIscsi(Description& out, text::ObjectView source) {
  // kubectl has no colon here.
  out.Line(2, fmt::format("ISCSIInterface\t{}", source["iscsiInterface"].TextOr("")));
  out.Fields(2, kMoreOfIscsi, source);
}

void MoreOfFibre(Description& out, text::ObjectView source) {
  out.Field(2, "TargetWWNs", Joined(source["targetWWNs"], ", "));
  out.Fields(2, kMoreOfFibre, source);
}

void MoreOfDownward(Description& out, text::ObjectView source) {
  out.Line(2, "Items:");
  for (const text::ObjectView item : source["items"]) {
    const std::string_view path = item["path"].TextOr("");
    if (const text::ObjectView field = item["fieldRef"]; field.is_map())
      out.Line(3, fmt::format("{} -> {}", field["fieldPath"].TextOr(""), path));
    if (const text::ObjectView field = item["resourceFieldRef"]; field.is_map())
      out.Line(3, fmt::format("{} -> {}", field["resource"].TextOr(""), path));
  }
}

void MoreOfProjected(Description& out, text::ObjectView source) {
  static constexpr DescribedField kSecrets[] = {{"SecretName", "secret.name"},
                                                {"Optional", "secret.optional", Form::kTrue}};
  static constexpr DescribedField kMaps[] = {{"ConfigMapName", "configMap.name"},
                                             {"Optional", "configMap.optional", Form::kTrue}};
  static constexpr DescribedField kTokens[] = {
      {"TokenExpirationSeconds", "serviceAccountToken.expirationSeconds", Form::kText, "0"}};
  for (const text::ObjectView each : source["sources"]) {
    if (each["secret"].is_map())
      out.Fields(2, kSecrets, each);
    else if (each["downwardAPI"].is_map())
      out.Field(2, "DownwardAPI", "true");
    else if (each["configMap"].is_map())
      out.Fields(2, kMaps, each);
    else if (each["serviceAccountToken"].is_map())
      out.Fields(2, kTokens, each);
  }
}

void MoreOfEphemeral(Description& out, text::ObjectView source) {
  const text::ObjectView claim = source["volumeClaimTemplate"];
  if (!claim.is_map()) return;
  out.Nest(2);
  DescribeClaimSpec(out, claim, true, 0);
  out.Nest(0);
}

void MoreOfCsi(Description& out, text::ObjectView source) {
  std::vector<std::string> items;
  for (const text::ObjectView each : Sorted(source["volumeAttributes"]))
    items.push_back(Cut(fmt::format("{}={}", each.key(), each.text()), kLongestValue));
  out.Items(2, "VolumeAttributes", items);
}

// In the order in which kubectl looks for them; its descriptions of types are what people search for.
constexpr VolumeRow kVolumes[] = {
    {"hostPath", "HostPath (bare host directory volume)", kHostPath},
    {"emptyDir", "EmptyDir (a temporary directory that shares a pod's lifetime)", kEmptyDir, MoreOfEmptyDir},
    {"gcePersistentDisk", "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
     kGoogleDisk},
    {"awsElasticBlockStore", "AWSElasticBlockStore (a Persistent Disk resource in AWS)", kAmazonDisk},
    {"gitRepo", "GitRepo (a volume that is pulled from git when the pod is created)", kGitRepo},
    {"secret", "Secret (a volume populated by a Secret)", kSecret},
    {"configMap", "ConfigMap (a volume populated by a ConfigMap)", kConfigMap},
    {"nfs", "NFS (an NFS mount that lasts the lifetime of a pod)", kNfs},
    {"iscsi",
     "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the "
     "pod)",
     kIscsi, MoreOfIscsi},
    {"glusterfs", "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)", kGluster},
    {"persistentVolumeClaim",
     "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)", kClaim},
    {"ephemeral",
     "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
     {},
     MoreOfEphemeral},
    {"rbd", "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", kRbd},
    {"quobyte", "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)", kQuobyte},
    {"downwardAPI", "DownwardAPI (a volume populated by information about the pod)", {}, MoreOfDownward},
    {"azureDisk", "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)", kAzureDisk},
    {"vsphereVolume", "vSphereVolume (a Persistent Disk resource in vSphere)", kVsphere},
    {"cinder", "Cinder (a Persistent Disk resource in OpenStack)", kCinder},
    {"photonPersistentDisk", "PhotonPersistentDisk (a Persistent Disk resource in photon platform)", kPhoton},
    {"portworxVolume", "PortworxVolume (a Portworx Volume resource)", kPortworx},
    {"scaleIO", "ScaleIO (a persistent volume backed by a block device in ScaleIO)", kScaleIo},
    {"cephfs", "CephFS (a CephFS mount on the host that shares a pod's lifetime)", kCephFs},
    {"storageos", "StorageOS (a StorageOS Persistent Disk resource)", kStorageOs},
    {"fc", "FC (a Fibre Channel disk)", {}, MoreOfFibre},
    {"azureFile", "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
     kAzureFile},
    {"flexVolume",
     "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)", kFlex},
    {"flocker", "Flocker (a Flocker volume mounted by the Flocker agent)", kFlocker},
    {"projected",
     "Projected (a volume that contains injected data from multiple sources)",
     {},
     MoreOfProjected},
    {"csi", "CSI (a Container Storage Interface (CSI) volume source)", kCsi, MoreOfCsi},
    {"image", "Image (a container image or OCI artifact)", kImage},
};

void DescribeVolume(Description& out, text::ObjectView volume) {
  const auto* row =
      std::ranges::find_if(kVolumes, [&](const VolumeRow& each) { return volume[each.member].is_map(); });
  if (row == std::end(kVolumes)) return out.Line(1, "<unknown>");
  const text::ObjectView source = volume[row->member];
  out.Field(2, "Type", row->type);
  out.Fields(2, row->fields, source);
  if (row->more != nullptr) row->more(out, source);
}

}  // namespace

void DescribeVolumes(Description& out, text::ObjectView volumes, bool in_template) {
  const std::string_view indent = in_template ? "  " : "";
  if (volumes.size() == 0) return out.Line(0, fmt::format("{}Volumes:\t<none>", indent));
  out.Line(0, fmt::format("{}Volumes:", indent));
  for (const text::ObjectView volume : volumes) {
    out.Line(1, fmt::format("{}{}:", in_template ? " " : "", volume["name"].TextOr("")));
    DescribeVolume(out, volume);
  }
}

}  // namespace etcdmedic::kubectl
