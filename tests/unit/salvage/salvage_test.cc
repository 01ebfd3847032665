// SPDX-License-Identifier: Apache-2.0
#include "salvage/salvage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bolt/view.h"
#include "diag/naming_sink.h"
#include "support/salvage_case.h"

namespace etcdmedic::salvage {
namespace {

using support::Backend;
using support::Entries;
using support::LiveLeaf;
using support::Puts;
using support::SalvageCase;
using testing::IsEmpty;

TEST(Salvage, GivesASoundDbBack) {
  const Entries entries = Puts(700);
  const SalvageCase made({Backend(entries)});
  EXPECT_EQ(made.Records(), entries);
  EXPECT_FALSE(made.Lost().any());
  EXPECT_EQ(made.result->CountOf(Origin::kLive), 700U);
  EXPECT_EQ(made.result->revision(), 701);
}

TEST(Salvage, FillsGapsFromAnotherMember) {
  const Entries entries = Puts(700);
  std::string image = Backend(entries);
  const std::string other = image;
  image.replace(LiveLeaf(image, 5) * 1024, 1024, 1024, '\0');
  const SalvageCase made({image, other});
  EXPECT_EQ(made.Records(), entries);
  EXPECT_THAT(made.Lost().gaps, IsEmpty());
}

TEST(Salvage, WritesADbThatTellsOfItsLosses) {
  std::string image = Backend(Puts(300));
  for (const bool damaged : {false, true}) {
    if (damaged) image.replace(LiveLeaf(image, 2) * 1024, 1024, 1024, '\0');
    const SalvageCase made({image});
    etcdmedic::support::MemoryDb out;
    ASSERT_TRUE(Write(*made.result, {{"members", {{"1", "{}"}}}}, out));
    diag::NoSink sink;
    const auto view = bolt::View::Open(AsBytes(out.image), "db", sink);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->CursorOf(kLossesBucket).has_value(), damaged);
    uint64_t count = 0;
    EXPECT_TRUE(view->ForEach("key", [&](Bytes, Bytes) { return ++count > 0; }));
    EXPECT_EQ(count, made.Records().size());
  }
}

}  // namespace
}  // namespace etcdmedic::salvage
