// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "support/wal_builder.h"
#include "wal/heal.h"

namespace etcdmedic::wal {
namespace {

using support::WalBuilder;

// The last record of `log`, its type replaced.
bool Heal(const WalBuilder& log, char type, std::string& bytes, Damage& damage) {
  bytes = log.bytes();
  const uint64_t offset = log.placed().back().offset;
  bytes[offset + 9] = type;
  Frame frame;
  Record record;
  EXPECT_EQ(ReadFrame(AsBytes(bytes), offset, frame), FrameFault::kNone);
  EXPECT_TRUE(ParseRecord(frame, record));
  return HealType(AsBytes(bytes), record, damage);
}

TEST(HealType, FindsTheOnlyTypeThatFits) {
  const WalBuilder entry = WalBuilder().Entry(1, 1, "data");
  for (const char wrong : {'\3', '\6', '\x42'}) {
    std::string bytes;
    Damage damage;
    ASSERT_TRUE(Heal(entry, wrong, bytes, damage)) << static_cast<int>(wrong);
    ASSERT_EQ(damage.healings.size(), 1U);
    EXPECT_TRUE(damage.healings[0].single_bit);
    bytes.replace(damage.healings[0].offset, 1, damage.healings[0].bytes);
    EXPECT_EQ(bytes, entry.bytes());
    EXPECT_EQ(damage.record->type, RecordType::kEntry);
    EXPECT_EQ(damage.record->data.size(), entry.placed().back().data_size);
  }
}

// A vote is too large to be a term, and a state has a term.
TEST(HealType, TellsAStateFromAnEntryWithoutData) {
  const WalBuilder state = WalBuilder().State(2, 0xb71f9e6d2c5a80f4, 47),
                   entry = WalBuilder().Entry(3, 48, "");
  for (const auto& [log, wrong, right] :
       {std::tuple(&state, '\2', RecordType::kState), std::tuple(&entry, '\3', RecordType::kEntry)}) {
    std::string bytes;
    Damage damage;
    ASSERT_TRUE(Heal(*log, wrong, bytes, damage));
    ASSERT_NE(bytes, log->bytes());
    EXPECT_EQ(damage.record->type, right);
    bytes.replace(damage.healings[0].offset, 1, damage.healings[0].bytes);
    EXPECT_EQ(bytes, log->bytes());
  }
}

TEST(HealType, LeavesSoundRecordsAlone) {
  std::string bytes;
  Damage damage;
  EXPECT_FALSE(Heal(WalBuilder().Entry(1, 1, "data"), '\2', bytes, damage));
  EXPECT_FALSE(Heal(WalBuilder().State(1, 1, 1), '\3', bytes, damage));
  EXPECT_FALSE(Heal(WalBuilder().Snapshot(1, 1), '\5', bytes, damage));
  EXPECT_TRUE(damage.healings.empty());
}

TEST(HealType, ProvesNothingWhereMoreThanOneBitDiffers) {
  std::string bytes;
  Damage damage;
  EXPECT_FALSE(Heal(WalBuilder().Entry(1, 1, "data"), '\5', bytes, damage)) << "2 and 5 differ in three bits";
  EXPECT_TRUE(damage.healings.empty());
}

}  // namespace
}  // namespace etcdmedic::wal
