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

std::string WithContainer(const std::string& container, const std::string& status = "") {
  return Described("pods", R"({"metadata":{"name":"p"},"spec":{"containers":[)" + container +
                               R"(]},"status":{"containerStatuses":[)" + status + "]}}");
}

TEST(DescribeContainers, PrintsProbesAsKubectl) {
  const std::pair<const char*, const char*> rows[] = {
      {R"({"exec":{"command":["a","b"]},"periodSeconds":3})", "exec [a b] delay=0s timeout=0s period=3s"},
      {R"({"httpGet":{"scheme":"HTTPS","host":"::1","port":80,"path":"a b?"}})",
       "http-get https://[::1]:80/a%20b%3F delay"},
      {R"({"httpGet":{"port":"web"}})", "http-get //:web delay"},
      {R"({"tcpSocket":{"host":"h","port":1}})", "tcp-socket h:1 delay"},
      {R"({"grpc":{"port":9,"service":"s"}})", "grpc <pod>:9 s delay"},
      {R"({})", "unknown delay"}};
  for (const auto& [probe, text] : rows)
    EXPECT_THAT(WithContainer(std::string(R"({"name":"c","livenessProbe":)") + probe + "}"), HasSubstr(text));
}

TEST(DescribeContainers, PrintsWhereVariablesComeFrom) {
  const std::string text =
      WithContainer(R"({"name":"c","resources":{"limits":{"cpu":"1500m"}},"env":[{"name":"A","value":"1\n2"},
      {"name":"N","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},{"name":"C","valueFrom":{"resourceFieldRef":{"resource":"limits.cpu","divisor":"1m"}}},
      {"name":"M","valueFrom":{"resourceFieldRef":{"resource":"limits.memory"}}},{"name":"X","valueFrom":{"resourceFieldRef":{"resource":"else"}}},
      {"name":"S","valueFrom":{"secretKeyRef":{"name":"s","key":"k","optional":true}}}],"envFrom":[{"prefix":"P","configMapRef":{"name":"m"}},{"secretRef":{"name":"s"}}]})");
  EXPECT_THAT(
      Squeezed(text),
      HasSubstr(Squeezed("      A:  1\n          2\n      N:  p (v1:metadata.name)\n      C:  1500 "
                         "(limits.cpu)\n      M:  node allocatable (limits.memory)\n      X:   (else)\n"
                         "      S:  <set to the key 'k' in secret 's'>  Optional: true\n")));
  EXPECT_THAT(
      Squeezed(text),
      HasSubstr(Squeezed("      m  ConfigMap with prefix 'P'  Optional: false\n      s  Secret          "
                         "           Optional: false\n")));
}

TEST(DescribeContainers, PrintsStatesMountsAndPorts) {
  const std::string text = WithContainer(
      R"({"name":"c","image":"i","args":["a\nb"],"ports":[{"containerPort":80,"protocol":"TCP","name":"w"},{"containerPort":1,"protocol":"UDP"}],
      "volumeMounts":[{"name":"v","mountPath":"/b"},{"name":"v","mountPath":"/a","readOnly":true,"subPath":"x\"y"}],"volumeDevices":[{"name":"d","devicePath":"/dev/x"}]})",
      R"({"name":"c","ready":true,"restartCount":2,"state":{"terminated":{"reason":"Error","exitCode":1,"signal":9}},"lastState":{"terminated":{}}})");
  EXPECT_THAT(text, HasSubstr("Ports:         80/TCP (w), 1/UDP\n    Host Ports:    0/TCP (w), 0/UDP\n    "
                              "Args:\n      a\n      b\n    State:          Terminated\n"
                              "      Reason:       Error\n      Exit Code:    1\n      Signal:       9\n     "
                              " Started:      Mon, 01 Jan 0001 00:00:00 +0000\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "      /a from v (ro,path=\"x\\\"y\")\n      /b from v (rw)\n    Devices:\n      /dev/x from d\n"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
