// SPDX-License-Identifier: Apache-2.0
#include "base/try.h"

#include <gtest/gtest.h>

namespace etcdmedic {
namespace {

Result<void> Step(bool works) {
  if (!works) return Fail(Errc::kIo, "f", "no");
  return {};
}

Result<int> Count(std::initializer_list<bool> steps) {
  int done = 0;
  for (const bool works : steps) {
    RETURN_IF_ERROR(Step(works));
    ++done;
  }
  return done;
}

TEST(Try, ReturnsTheFirstErrorAndElseGoesOn) {
  EXPECT_EQ(Count({true, true}).value(), 2);
  EXPECT_EQ(Count({true, false, true}).error().what, "no");
  EXPECT_EQ(Count({}).value(), 0);
}

TEST(Try, EvaluatesItsArgumentOnce) {
  int calls = 0;
  const auto call = [&]() -> Result<void> {
    RETURN_IF_ERROR((++calls, Step(true)));
    return {};
  };
  EXPECT_TRUE(call());
  EXPECT_EQ(calls, 1);
}

TEST(Try, HandsAnErrorOnToAnotherType) {
  const Result<int> failed = Fail(Errc::kDenied, "f", "no", 3);
  const auto other = [&]() -> Result<std::string> { return Propagate(failed); }();
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kDenied);
  EXPECT_EQ(other.error().where.offset, 3U);
  Result<int> moved = Fail(Errc::kDenied, "f", "long enough not to be kept in place");
  EXPECT_EQ([&]() -> Result<void> { return Propagate(moved); }().error().what,
            "long enough not to be kept in place");
}

}  // namespace
}  // namespace etcdmedic
