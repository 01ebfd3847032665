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

std::string Slice(const char* endpoints, const char* ports) {
  return std::string(
             R"({"metadata":{"namespace":"n","labels":{"kubernetes.io/service-name":"s"}},"endpoints":)") +
         endpoints + R"(,"ports":)" + ports + "}";
}
constexpr const char* kService =
    R"({"metadata":{"name":"s","namespace":"n"},"spec":{"type":"ClusterIP","ports":[
    {"name":"http","port":80,"protocol":"TCP","targetPort":"web","nodePort":30080},{"port":53,"protocol":"UDP","targetPort":53}]},
    "status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4","ipMode":"VIP"},{"hostname":"h"}]}}})";

TEST(DescribeService, ShowsThreeEndpointsOfEachPort) {
  const std::string text = Described(
      "svc", kService,
      {{"endpointslices.discovery.k8s.io",
        {Slice(
             R"([{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"],"conditions":{"ready":false}},{"addresses":["fd00::1"]}])",
             R"([{"name":"http","port":8080}])"),
         Slice(R"([{"addresses":["10.0.0.4"]},{"addresses":["10.0.0.5"]}])",
               R"([{"name":"http","port":8080}])")}}});
  EXPECT_THAT(text, HasSubstr("10.0.0.1:8080,[fd00::1]:8080,10.0.0.4:8080 + 1 more...\n"));
  EXPECT_THAT(text, HasSubstr("Port:                  http  80/TCP\nTargetPort:            "
                              "web/TCP\nNodePort:              http  30080/TCP\n"));
  EXPECT_THAT(text, HasSubstr("Port:                  <unset>  53/UDP\nTargetPort:            "
                              "53/UDP\nEndpoints:             \n"));
  EXPECT_THAT(text, HasSubstr("LoadBalancer Ingress:  1.2.3.4 (VIP), h\n"));
}

TEST(DescribeService, WithoutSlicesThereAreNone) {
  EXPECT_THAT(Described("svc", kService), HasSubstr("Endpoints:             <none>\nSession Affinity:"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
