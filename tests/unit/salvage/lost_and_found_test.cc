// SPDX-License-Identifier: Apache-2.0
#include "salvage/lost_and_found.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/salvage_case.h"

namespace etcdmedic::salvage {
namespace {

using support::Backend;
using support::Puts;
using support::SalvageCase;

TEST(LostAndFound, WritesWhatItDidNotTakeAsLines) {
  const SalvageCase made({Backend(Puts(100))}, {}, {.as_of = 99});
  std::string lines;
  ASSERT_TRUE(WriteLostAndFound(*made.result, made.sources, [&](std::string_view more) -> Result<void> {
    lines += more;
    return {};
  }));
  EXPECT_THAT(lines, testing::HasSubstr("\"lost_and_found_reason\":\"excluded\""));
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2);
}

}  // namespace
}  // namespace etcdmedic::salvage
