// SPDX-License-Identifier: Apache-2.0
#include "text/suggest.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

TEST(Suggest, NamesTheNearest) {
  EXPECT_EQ(Suggest("vrify", {"info", "verify", "undo"}), "; did you mean verify?");
  EXPECT_EQ(Suggest("verify", {"info", "verify"}), "; did you mean verify?");
  EXPECT_EQ(Suggest("deploymnets", {"deployments", "daemonsets"}), "; did you mean deployments?");
  EXPECT_EQ(Suggest("db chek", {"db check", "db pages"}), "; did you mean db check?");
}

TEST(Suggest, SaysNothingWhereNothingIsClose) {
  EXPECT_EQ(Suggest("frobnicate", {"info", "verify"}), "");
  EXPECT_EQ(Suggest("x", {}), "");
  EXPECT_EQ(Suggest("", {"info"}), "") << "four letters from nothing";
  EXPECT_EQ(Suggest("", {"db"}), "; did you mean db?") << "two are the most for a short word";
}

}  // namespace
}  // namespace etcdmedic::text
