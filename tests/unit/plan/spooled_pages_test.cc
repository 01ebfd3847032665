// SPDX-License-Identifier: Apache-2.0
#include "plan/spooled_pages.h"

#include <gtest/gtest.h>

#include "base/try.h"

namespace etcdmedic::plan {
namespace {

TEST(SpoolPages, KeepsPagesInAnyOrder) {
  const auto file = SpoolPages([](bolt::PageSink& sink) -> Result<void> {
    RETURN_IF_ERROR(sink.Write(8, AsBytes("cc")));
    RETURN_IF_ERROR(sink.Write(10, AsBytes("dd")));
    RETURN_IF_ERROR(sink.Write(0, AsBytes("aaaabbbb")));
    return sink.Write(2, AsBytes("X"));
  });
  ASSERT_TRUE(file);
  EXPECT_EQ(AsText((*file)->bytes()), "aaXabbbbccdd");
}

// More than is gathered before it is written.
TEST(SpoolPages, KeepsMoreThanAMegabyte) {
  const std::string page(4096, 'p');
  const auto file = SpoolPages([&](bolt::PageSink& sink) -> Result<void> {
    for (uint64_t at = 0; at < 1000; ++at) RETURN_IF_ERROR(sink.Write(at * page.size(), AsBytes(page)));
    return {};
  });
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->bytes().size(), 1000 * page.size());
  EXPECT_EQ(AsText((*file)->bytes()).find_first_not_of('p'), std::string_view::npos);
}

TEST(SpoolPages, GivesTheErrorOfWhoFills) {
  const auto file =
      SpoolPages([](bolt::PageSink&) -> Result<void> { return Fail(Errc::kRefused, "db", "holds nothing"); });
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().what, "holds nothing");
}

}  // namespace
}  // namespace etcdmedic::plan
