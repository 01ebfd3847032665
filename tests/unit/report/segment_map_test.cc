// SPDX-License-Identifier: Apache-2.0
#include "report/segment_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/wal_builder.h"

namespace etcdmedic::report {
namespace {

using support::WalBuilder;

constexpr const char* kName = "0000000000000000-0000000000000000.wal";

std::vector<SegmentMap> Map(const std::string& bytes) {
  return MapSegments(raft::ReadLog({{kName, AsBytes(bytes)}}, 1));
}
auto CellsOf(const SegmentMap& map, ByteState state) { return std::ranges::count(map.cells, state); }

WalBuilder Log() {
  WalBuilder log;
  log.Snapshot(0, 0);
  for (uint64_t index = 1; index <= 200; ++index) log.Put(2, index, "/key", std::string(300, 'v'));
  return log;
}

TEST(SegmentMap, TellsRecordsFromWhatIsSetAside) {
  WalBuilder log = Log();
  const size_t used = log.bytes().size();
  const auto maps = Map(log.Zeros(used).bytes());
  ASSERT_EQ(maps.size(), 1U);
  EXPECT_EQ(maps[0].size, 2 * used);
  EXPECT_EQ(maps[0].first_index, 1U);
  EXPECT_EQ(maps[0].last_index, 200U);
  EXPECT_EQ(maps[0].unused_size, used);
  EXPECT_EQ(maps[0].damages, 0U);
  EXPECT_NEAR(static_cast<double>(CellsOf(maps[0], ByteState::kUnused)), SegmentMap::kCells / 2, 2);
  EXPECT_EQ(CellsOf(maps[0], ByteState::kRecords) + CellsOf(maps[0], ByteState::kUnused), SegmentMap::kCells);
}

TEST(SegmentMap, ShowsRecordsHoweverFew) {
  WalBuilder log;
  log.Snapshot(0, 0).Put(2, 1, "/key", "v").Zeros(1 << 20);
  EXPECT_EQ(CellsOf(Map(log.bytes())[0], ByteState::kRecords), 1);
}

TEST(SegmentMap, ShowsDamageHoweverSmall) {
  const WalBuilder log = Log();
  std::string bytes = log.bytes();
  const auto& placed = log.placed()[100];
  bytes[placed.data_offset + 20] = static_cast<char>(bytes[placed.data_offset + 20] ^ 0x55);
  bytes[placed.data_offset + 21] = static_cast<char>(bytes[placed.data_offset + 21] ^ 0x0F);
  ASSERT_NE(bytes, log.bytes());
  const auto maps = Map(bytes);
  ASSERT_EQ(maps.size(), 1U);
  EXPECT_EQ(maps[0].damages, 1U);
  EXPECT_GT(maps[0].damaged_size, 0U);
  const size_t cell = placed.data_offset * SegmentMap::kCells / bytes.size();
  EXPECT_EQ(maps[0].cells[cell], ByteState::kDamaged);
  EXPECT_LE(CellsOf(maps[0], ByteState::kDamaged), 3);
}

TEST(SegmentMap, ShowsEntriesThatLaterOnesReplace) {
  WalBuilder log = Log();
  log.Put(3, 101, "/key", "new");
  const auto maps = Map(log.bytes());
  EXPECT_NEAR(static_cast<double>(CellsOf(maps[0], ByteState::kOverwritten)), SegmentMap::kCells / 2, 3);
  EXPECT_EQ(maps[0].cells.front(), ByteState::kRecords);
}

TEST(SegmentMap, HoldsForAnEmptySegment) {
  const auto maps = Map("");
  ASSERT_EQ(maps.size(), 1U);
  EXPECT_EQ(maps[0].size, 0U);
  EXPECT_EQ(maps[0].first_index, 0U);
}

}  // namespace
}  // namespace etcdmedic::report
