// SPDX-License-Identifier: Apache-2.0
#include "diag/naming_sink.h"

#include <gtest/gtest.h>

namespace etcdmedic::diag {
namespace {

TEST(NamingSink, PutsTheNameBeforeTheMessage) {
  FindingList list;
  NamingSink(list, "/registry/pods/a").Add({Code::kWalCrcMismatch, {"f", 7}, 4, "it is odd"});
  ASSERT_EQ(list.items.size(), 1U);
  EXPECT_EQ(list.items[0].message, "/registry/pods/a: it is odd");
  EXPECT_EQ(list.items[0].where.offset, 7U);
  EXPECT_EQ(list.items[0].length, 4U);
}

TEST(NamingSink, CutsANameWithoutEnd) {
  FindingList list;
  const std::string name(100000, 'k');
  NamingSink(list, name).Add({Code::kWalCrcMismatch, {"f", 0}, 0, "it is odd"});
  EXPECT_TRUE(list.items[0].message.starts_with("kkkk"));
  EXPECT_TRUE(list.items[0].message.ends_with("k…: it is odd"));
  EXPECT_LT(list.items[0].message.size(), 1000U);
}

}  // namespace
}  // namespace etcdmedic::diag
