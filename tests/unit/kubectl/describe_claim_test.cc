// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/describe.h"
#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using testing::HasSubstr;
using testing::Not;

TEST(DescribeClaim, NamesThePodsThatUseItOrOwnIt) {
  const std::string text = Described(
      "pvc",
      R"({"metadata":{"name":"c","namespace":"n","finalizers":["f"],"ownerReferences":[{"kind":"Pod","uid":"2"},{"kind":"Pod","uid":"1"}],
      "annotations":{"volume.beta.kubernetes.io/storage-class":"old"}},
      "spec":{"volumeName":"v","volumeMode":"Block","storageClassName":"new","dataSource":{"kind":"K","name":"s"}},
      "status":{"phase":"Bound","accessModes":["ReadWriteMany","ReadWriteOnce"],"capacity":{"storage":"5Gi"}}})",
      {{"pods",
        {R"({"metadata":{"name":"z","namespace":"n","uid":"1"},"spec":{"volumes":[{"persistentVolumeClaim":{"claimName":"c"}}]}})",
         R"({"metadata":{"name":"a","namespace":"n","uid":"2"}})",
         R"({"metadata":{"name":"b","namespace":"other","uid":"2"}})"}}});
  EXPECT_THAT(text, HasSubstr("StorageClass:  old\nStatus:        Bound\nVolume:        v\n"));
  EXPECT_THAT(text, HasSubstr("Finalizers:    [f]\nCapacity:      5Gi\nAccess Modes:  RWO,RWX\nVolumeMode:   "
                              " Block\nDataSource:\n  Kind:   K\n  Name:   s\nUsed By:  a\n          z\n"));
}

TEST(DescribeClaim, AnUnboundOneHasNoCapacity) {
  EXPECT_THAT(
      Described(
          "pvc",
          R"({"metadata":{"name":"c","deletionTimestamp":"2026-11-27T10:19:00Z"},"status":{"phase":"Pending","capacity":{"storage":"1"}}})"),
      HasSubstr(
          "Status:        Terminating (lasts 60s)\nVolume:        \nLabels:        <none>\nAnnotations:   "
          "<none>\nFinalizers:    []\nCapacity:      \nAccess Modes:  \nUsed By:       <none>\n"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
