// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gtest/gtest.h>

namespace etcdmedic {
namespace {

TEST(Result, CarriesTheErrorWithItsPlace) {
  const auto fail = [](bool really) -> Result<int> {
    if (really) return Fail(Errc::kMalformed, "db", "it is cut", 77);
    return 5;
  };
  EXPECT_EQ(*fail(false), 5);
  const Result<int> failed = fail(true);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::kMalformed);
  EXPECT_EQ(failed.error().where.file, "db");
  EXPECT_EQ(failed.error().where.offset, 77U);
  EXPECT_EQ(failed.error().what, "it is cut");
}

}  // namespace
}  // namespace etcdmedic
