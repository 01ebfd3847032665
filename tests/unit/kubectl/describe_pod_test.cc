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

TEST(DescribePod, SaysWhereAndHowItRuns) {
  const std::string text = Described(
      "pods",
      R"({"metadata":{"name":"p","namespace":"n","deletionTimestamp":"2026-11-27T10:19:00Z","deletionGracePeriodSeconds":30,
      "ownerReferences":[{"kind":"Job","name":"no"},{"kind":"ReplicaSet","name":"r","controller":true}]},
      "spec":{"nodeName":"a","priority":0,"readinessGates":[{"conditionType":"x"},{"conditionType":"y"}],"securityContext":{"seccompProfile":{"type":"Localhost","localhostProfile":"f"}},
      "tolerations":[{"key":"z","value":"1","effect":"NoExecute","tolerationSeconds":5},{"operator":"Exists"}],
      "topologySpreadConstraints":[{"topologyKey":"zone","maxSkew":1,"whenUnsatisfiable":"W"}],"schedulingGroup":{"podGroupName":"g"}},
      "status":{"phase":"Running","hostIP":"1.1.1.1","podIPs":[{"ip":"2.2.2.2"}],"qosClass":"BestEffort","conditions":[{"type":"x","status":"True"}]}})");
  EXPECT_THAT(
      Squeezed(text),
      HasSubstr(Squeezed("Priority:                     0\nNode:                         a/1.1.1.1\n")));
  EXPECT_THAT(Squeezed(text),
              HasSubstr(Squeezed(
                  "Status:                       Terminating (lasts 60s)\nTermination Grace Period:    "
                  " 30s\nSeccompProfile:               Localhost\nLocalhostProfile:             f\n")));
  EXPECT_THAT(Squeezed(text), HasSubstr(Squeezed("Controlled By:  ReplicaSet/r\n")));
  EXPECT_THAT(Squeezed(text),
              HasSubstr(Squeezed("Readiness Gates:\n  Type  Status\n  x     True \n  y     <none> "
                                 "\nConditions:\n  Type  Status\n  x     True \n")));
  EXPECT_THAT(
      text,
      HasSubstr(
          "Tolerations:                  op=Exists\n                              z=1:NoExecute for 5s\n"));
  EXPECT_THAT(
      Squeezed(text),
      HasSubstr(Squeezed("zone:W when max skew 1 is exceeded\nSchedulingGroup:\n  PodGroupName:  g\n")));
}

TEST(DescribePod, FindsTheEventsOfAMirrorPodByItsOtherId) {
  const std::string text = Described(
      "pods",
      R"({"kind":"Pod","metadata":{"name":"p","uid":"u","annotations":{"kubernetes.io/config.mirror":"m"}}})",
      {{"events",
        {R"({"reason":"Mirrored","involvedObject":{"kind":"Pod","name":"p","uid":"m"}})",
         R"({"reason":"Direct","involvedObject":{"kind":"Pod","name":"p","uid":"u"}})"}}});
  EXPECT_THAT(text, HasSubstr("Mirrored"));
  EXPECT_THAT(text, Not(HasSubstr("Direct")));
}

}  // namespace
}  // namespace etcdmedic::kubectl
