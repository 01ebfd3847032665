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

TEST(Suggest, TakesSwappedLettersForOneMistake) {
  EXPECT_EQ(Suggest("gte", {"get", "top"}), "; did you mean get?");
  EXPECT_EQ(Suggest("--limti", {"--limit"}), "; did you mean --limit?");
  EXPECT_EQ(Suggest("bd", {"db"}), "; did you mean db?");
}

TEST(Suggest, TakesABeginningThatIsOfOneNameOnly) {
  EXPECT_EQ(Suggest("--sort", {"--sort-by", "--order"}), "; did you mean --sort-by?");
  EXPECT_EQ(Suggest("--all", {"--all-namespaces", "--all-members"}), "") << "two begin so";
  EXPECT_EQ(Suggest("--so", {"--sort-by"}), "") << "too short";
}

TEST(Suggest, SaysNothingWhereNothingIsClose) {
  EXPECT_EQ(Suggest("frobnicate", {"info", "verify"}), "");
  EXPECT_EQ(Suggest("x", {}), "");
  EXPECT_EQ(Suggest("", {"info"}), "");
  EXPECT_EQ(Suggest("x", {"db"}), "");
  EXPECT_EQ(Suggest("--hex", {"--rev"}), "") << "two of three letters differ";
  EXPECT_EQ(Suggest("get", {"ep"}), "");
  EXPECT_EQ(Suggest("logs", {"docs"}), "");
  EXPECT_EQ(Suggest("--nope", {"--now"}), "");
}

}  // namespace
}  // namespace etcdmedic::text
