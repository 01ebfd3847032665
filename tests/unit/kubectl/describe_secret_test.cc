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

TEST(DescribeSecret, GivesSizesAndNoValues) {
  const char* secret =
      R"({"metadata":{"name":"s","namespace":"n"},"type":"Opaque","data":{"b":"aGVsbG8=","a":"","token":"YWI="}})";
  EXPECT_THAT(
      Described("secrets", secret, {{"secrets", {secret}}}),
      HasSubstr("\nType:  Opaque\n\nData\n====\na:      0 bytes\nb:      5 bytes\ntoken:  2 bytes\n"));
}

TEST(DescribeSecret, PrintsTheTokenOfAnAccount) {
  const char* secret =
      R"({"metadata":{"name":"s","namespace":"n"},"type":"kubernetes.io/service-account-token","data":{"token":"YWI="}})";
  EXPECT_THAT(Described("secrets", secret, {{"secrets", {secret}}}), HasSubstr("token:  ab\n"));
  const char* hidden =
      R"({"metadata":{"name":"s","namespace":"n"},"type":"kubernetes.io/service-account-token","data":{"token":"***"}})";
  EXPECT_THAT(Described("secrets", hidden, {{"secrets", {secret}}}), HasSubstr("token:  ***\n"));
}

}  // namespace
}  // namespace etcdmedic::kubectl
