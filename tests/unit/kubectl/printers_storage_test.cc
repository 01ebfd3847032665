// SPDX-License-Identifier: Apache-2.0
// Columns of configuration, volumes and storage classes.
#include "support/table_cells.h"

namespace etcdmedic::kubectl {
namespace {

using test::TableCase;

// What kubectl prints after NAME.
constexpr TableCase kCases[] = {
    {"persistentvolumes", false,
     R"({"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],
      "persistentVolumeReclaimPolicy":"Retain","claimRef":{"namespace":"d","name":"c"},"storageClassName":"fast"},"status":{"phase":"Bound"}})",
     "1Gi|RWO,RWX|Retain|Bound|d/c|fast|<unset>||<unknown>"},
    {"persistentvolumeclaims", false,
     R"({"spec":{"storageClassName":"s"},"status":{"phase":"Pending","capacity":{"storage":"1Gi"}}})",
     "Pending||||s|<unset>|<unknown>"},
    {"secrets", false, R"({"type":"Opaque","data":{"a":"","b":""}})", "Opaque|2|<unknown>"},
    {"configmaps", false, R"({"data":{"a":""},"binaryData":{"b":""}})", "2|<unknown>"},
    {"persistentvolumes", false, R"({"metadata":{"deletionTimestamp":"2026-01-01T00:00:00Z",
      "annotations":{"volume.beta.kubernetes.io/storage-class":"old"}},"spec":{"storageClassName":"new"}})",
     "0|||Terminating||old|<unset>||<unknown>"},
    {"persistentvolumeclaims", true,
     R"({"spec":{"volumeName":"v","volumeMode":"Block"},"status":{"phase":"Bound",
      "capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOncePod","ReadOnlyMany"]}})",
     "Bound|v|1Gi|ROX,RWOP||<unset>|<unknown>|Block"},
    {"persistentvolumeclaims", false, R"({"spec":{"volumeName":"v"}})", "Pending|v|0|||<unset>|<unknown>"},
    {"storageclasses", false, R"({"provisioner":"p","allowVolumeExpansion":true})",
     "p|Delete|Immediate|true|<unknown>"},
    {"volumeattributesclasses", false, R"({"driverName":"d"})", "d|<unknown>"},
    {"volumeattachments", false,
     R"({"spec":{"attacher":"a","nodeName":"n","source":{"persistentVolumeName":"v"}},
      "status":{"attached":true}})",
     "a|v|n|true|<unknown>"},
    {"csinodes", false, R"({"spec":{"drivers":[{},{}]}})", "2|<unknown>"},
    {"csidrivers", false,
     R"({"spec":{"attachRequired":false,"podInfoOnMount":true,"tokenRequests":[{"audience":"a"},{"audience":"b"}],
      "volumeLifecycleModes":["Persistent","Ephemeral"]}})",
     "false|true|false|a,b|false|Persistent,Ephemeral|<unknown>"},
    {"csidrivers", false, R"({})", "true|false|false|<unset>|false|<none>|<unknown>"},
    {"csistoragecapacities", false, R"({"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"}})",
     "2026-01-01T00:00:00Z"},
};

TEST(PrintersStorage, PrintWhatKubectlPrints) { test::ExpectCells(kCases); }

TEST(PrintersStorage, MarkTheDefaultStorageClass) {
  const ResourceTable table;
  text::ObjectTree tree;
  ASSERT_FALSE(text::ReadJson(
      R"({"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}})", tree));
  const TablePrinter printer(*table.Resolve("sc").front(), "", {});
  EXPECT_EQ(printer.Row(tree.root(), "std").front(), "std (default)");
}

}  // namespace
}  // namespace etcdmedic::kubectl
