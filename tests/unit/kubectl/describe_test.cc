// SPDX-License-Identifier: Apache-2.0
#include "kubectl/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/described.h"

namespace etcdmedic::kubectl {
namespace {

using support::Described;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kLease =
    R"({"kind":"Lease","apiVersion":"coordination.k8s.io/v1","metadata":{"name":"l","namespace":"n","uid":"u"}})";

std::string Event(const char* uid, const char* time, const char* more = "") {
  return std::string(R"({"metadata":{"namespace":"n"},"type":"Normal","reason":"R)") + time +
         R"(","message":"m","count":1,"source":{"component":"c"},"involvedObject":{"kind":"Lease","namespace":"n","name":"l","uid":")" +
         uid + "\"" + more + R"(},"firstTimestamp":"2026-11-27T10:)" + time +
         R"(:00Z","lastTimestamp":"2026-11-27T10:)" + time + R"(:00Z"})";
}

TEST(Describe, EndsInTheEventsOfTheObject) {
  const std::string text = Described(
      "leases", kLease,
      {{"events", {Event("u", "15"), Event("other", "16"), Event("u", "10", R"(,"fieldPath":"spec")")}}});
  EXPECT_THAT(
      text,
      HasSubstr("Events:\n  Type    Reason  Age   From  Message\n  ----    ------  ----  ----  -------\n"
                "  Normal  R10     10m   c     spec: m\n  Normal  R15     5m    c     m\n"));
  EXPECT_THAT(text, Not(HasSubstr("R16")));
}

TEST(Describe, SaysThatThereAreNone) { EXPECT_THAT(Described("leases", kLease), HasSubstr("Events:")); }

}  // namespace
}  // namespace etcdmedic::kubectl
