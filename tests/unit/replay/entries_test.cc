// SPDX-License-Identifier: Apache-2.0
#include "replay/entries.h"

#include <gtest/gtest.h>

#include "support/replayed.h"

namespace etcdmedic::replay {
namespace {

using support::WalBuilder;

TEST(EntryList, GivesSurvivingEntriesAcrossSegments) {
  WalBuilder first;
  first.Put(1, 1, "a", "old").Put(1, 2, "b", "lost").Put(2, 2, "b", "new").State(2, 1, 2);
  WalBuilder second(first.crc());
  second.Put(2, 3, "c", "v").Zeros(600);
  const std::vector<std::string> segments{first.bytes(), second.bytes()};
  const support::Replayed log(segments);
  const auto all = log.All();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].term, 2U) << "the later leader's entry";
  EXPECT_EQ(all[2].index, 3U);
  EXPECT_EQ(log.entries.Between(log.log, 1, 2).size(), 1U);
  EXPECT_TRUE(log.entries.Between(log.log, 3, 9).empty());
}

TEST(EntryList, StopsWhereAnEntryIsMissing) {
  WalBuilder log;
  log.Put(1, 1, "a", "v").Put(1, 2, "b", "v").Put(1, 4, "d", "v").Zeros(600);
  const std::vector<std::string> segments{log.bytes()};
  const support::Replayed read(segments);
  EXPECT_EQ(read.entries.Between(read.log, 0, 4).size(), 2U);
  EXPECT_TRUE(read.entries.Between(read.log, 2, 4).empty()) << "entry 3 is not there";
}

}  // namespace
}  // namespace etcdmedic::replay
