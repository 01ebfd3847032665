// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubectl/describe.h"
#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using support::Squeezed;
using testing::HasSubstr;
using testing::Not;

TEST(DescribeVolumes, KnowsEveryKind) {
  const std::pair<const char*, const char*> rows[] = {
      {R"("hostPath":{"path":"/p"})", "Path:          /p\n    HostPathType:  <none>\n"},
      {R"("emptyDir":{"sizeLimit":"0"})", "SizeLimit:  <unset>\n"},
      {R"("secret":{"secretName":"s"})", "SecretName:  s\n    Optional:    false\n"},
      {R"("iscsi":{"portals":["a"]})",
       "ISCSIInterface     \n    FSType:            \n    ReadOnly:          false\n    Portals:           "
       "[a]\n"},
      {R"("fc":{"targetWWNs":["a","b"]})", "TargetWWNs:  a, b\n    LUN:         <none>\n"},
      {R"("downwardAPI":{"items":[{"path":"l","fieldRef":{"fieldPath":"f"}},{"path":"r","resourceFieldRef":{"resource":"c"}}]})",
       "Items:\n      f -> l\n      c -> r\n"},
      {R"("projected":{"sources":[{"secret":{"name":"s"}},{"downwardAPI":{}},{"configMap":{"name":"m"}},{"serviceAccountToken":{"expirationSeconds":7}}]})",
       "SecretName:              s\n    Optional:                false\n    DownwardAPI:             true\n  "
       "  ConfigMapName:           m\n    Optional:                false\n    TokenExpirationSeconds:  7\n"},
      {R"("csi":{"driver":"d","volumeAttributes":{"k":"v"}})",
       "Driver:            d\n    FSType:            \n    ReadOnly:          false\n    VolumeAttributes:   "
       "   k=v\n"},
      {R"("ephemeral":{"volumeClaimTemplate":{"spec":{"volumeMode":"Filesystem"}}})",
       "VolumeMode:    Filesystem\n"},
      {R"("later":{})", "  v:\n  <unknown>\n"}};
  for (const auto& [volume, text] : rows)
    EXPECT_THAT(Squeezed(Described("pods", std::string(R"({"metadata":{},"spec":{"volumes":[{"name":"v",)") +
                                               volume + "}]}}")),
                HasSubstr(Squeezed(text)));
}

}  // namespace
}  // namespace etcdmedic::kubectl
