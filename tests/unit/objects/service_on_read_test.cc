// SPDX-License-Identifier: Apache-2.0
#include "objects/service_on_read.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::objects {
namespace {

std::string OnRead(std::string_view json, uint8_t release = 37) {
  text::ObjectTree stored, served;
  EXPECT_FALSE(text::ReadJson(json, stored));
  WriteServiceOnRead(stored.root(), release, served);
  std::string out;
  served.root().AppendJson(out);
  return out;
}

std::string SpecOnRead(const std::string& spec, uint8_t release = 37) {
  return OnRead(R"({"kind":"Service","spec":)" + spec + "}", release);
}

TEST(ServiceOnRead, GetsWhatCameLater) {
  constexpr const char* kOld = R"({"clusterIP":"10.0.0.1","type":"ClusterIP"})";
  EXPECT_EQ(SpecOnRead(kOld), R"({"kind":"Service","spec":{"clusterIP":"10.0.0.1","type":"ClusterIP",)"
                              R"("clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],)"
                              R"("ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"}})");
  EXPECT_EQ(SpecOnRead(kOld, 21),
            R"({"kind":"Service","spec":{"clusterIP":"10.0.0.1","type":"ClusterIP",)"
            R"("clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack"}})");
  EXPECT_EQ(SpecOnRead(kOld, 20), std::string(R"({"kind":"Service","spec":)") + kOld + "}");
}

TEST(ServiceOnRead, TakesFamiliesFromAddresses) {
  EXPECT_EQ(SpecOnRead(R"({"clusterIP":"fd00::1","clusterIPs":["fd00::1","10.0.0.1"],"ipFamilies":[]})", 21),
            R"({"kind":"Service","spec":{"clusterIP":"fd00::1","clusterIPs":["fd00::1","10.0.0.1"],)"
            R"("ipFamilies":["IPv6","IPv4"],"ipFamilyPolicy":"RequireDualStack"}})");
  EXPECT_EQ(SpecOnRead(R"({"clusterIP":"None"})", 21),
            R"({"kind":"Service","spec":{"clusterIP":"None","clusterIPs":["None"]}})");
  constexpr const char* kNew = R"({"clusterIP":"10.0.0.1","clusterIPs":["10.0.0.1"],"ipFamilies":["IPv4"],)"
                               R"("ipFamilyPolicy":"PreferDualStack","internalTrafficPolicy":"Local"})";
  EXPECT_EQ(SpecOnRead(kNew), std::string(R"({"kind":"Service","spec":)") + kNew + "}");
}

TEST(ServiceOnRead, DropsThePolicyOfExternalNames) {
  EXPECT_EQ(SpecOnRead(R"({"type":"ExternalName","externalName":"a","internalTrafficPolicy":"Cluster"})"),
            R"({"kind":"Service","spec":{"type":"ExternalName","externalName":"a"}})");
}

TEST(ServiceOnRead, SaysHowBalancersUseTheirAddresses) {
  constexpr const char* kStatus =
      R"("status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"},{"hostname":"a"},{"ip":"1.2.3.5","ipMode":"Proxy"}]}})";
  const auto service = [&](const char* type) {
    return std::string(R"({"spec":{"type":")") + type + R"("},)" + kStatus + "}";
  };
  EXPECT_EQ(
      OnRead(service("LoadBalancer")),
      R"({"spec":{"type":"LoadBalancer","internalTrafficPolicy":"Cluster","allocateLoadBalancerNodePorts":true},)"
      R"("status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4","ipMode":"VIP"},{"hostname":"a"},)"
      R"({"ip":"1.2.3.5","ipMode":"Proxy"}]}}})");
  EXPECT_EQ(OnRead(service("LoadBalancer"), 21), service("LoadBalancer"));
  EXPECT_EQ(OnRead(service("ClusterIP"), 21), service("ClusterIP"));
}

TEST(ServiceOnRead, LeavesWhatHasAnotherShape) {
  for (const char* odd : {R"({"spec":1})", R"({"spec":null,"status":[]})", "[]",
                          R"({"status":{"loadBalancer":{"ingress":"x"}}})"})
    EXPECT_EQ(OnRead(odd), odd);
}

}  // namespace
}  // namespace etcdmedic::objects
