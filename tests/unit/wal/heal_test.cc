// SPDX-License-Identifier: Apache-2.0
// Each healing on its own; segment_test.cc has what ReadSegment makes of them.
#include "wal/heal.h"

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "support/wal_builder.h"

namespace etcdmedic::wal {
namespace {

using support::WalBuilder;

constexpr uint64_t kPlenty = uint64_t{1} << 20;

// crc, metadata, three entries, a state: frames 0 to 5.
WalBuilder Log() {
  return WalBuilder()
      .Entry(1, 1, "first entry")
      .Entry(1, 2, "second entry")
      .Entry(1, 3, "third")
      .State(1, 1, 3);
}

uint32_t RunningBefore(const std::string& bytes, uint64_t offset) {
  uint32_t crc = 0;
  Frame frame;
  Record record;
  for (uint64_t at = 0; at < offset; at = frame.end()) {
    EXPECT_EQ(ReadFrame(AsBytes(bytes), at, frame), FrameFault::kNone);
    EXPECT_TRUE(ParseRecord(frame, record));
    crc = record.crc;
  }
  return crc;
}

Record RecordAt(const std::string& bytes, uint64_t offset) {
  Frame frame;
  Record record;
  EXPECT_EQ(ReadFrame(AsBytes(bytes), offset, frame), FrameFault::kNone);
  EXPECT_TRUE(ParseRecord(frame, record));
  return record;
}

std::string Flip(std::string bytes, uint64_t offset, int bit) {
  bytes[offset] = static_cast<char>(bytes[offset] ^ (1 << bit));
  return bytes;
}

// `damaged` with the one healing of `damage` applied.
std::string Apply(std::string damaged, const Damage& damage) {
  EXPECT_EQ(damage.healings.size(), 1U);
  for (const Healing& healing : damage.healings) {
    EXPECT_FALSE(healing.proof.empty());
    damaged.replace(healing.offset, healing.bytes.size(), healing.bytes);
  }
  return damaged;
}

TEST(Budget, IsSpentOnce) {
  Budget budget(10);
  EXPECT_TRUE(budget.Spend(6));
  EXPECT_FALSE(budget.Spend(5));
  EXPECT_FALSE(budget.Spend(1)) << "who asked for too much gets nothing more";
}

TEST(LinkAt, HoldsWhereTheChainGoesOn) {
  const WalBuilder log = Log();
  const auto& third = log.placed()[3];
  const uint32_t crc = RunningBefore(log.bytes(), third.offset);
  Budget budget(kPlenty);
  EXPECT_EQ(LinkAt(AsBytes(log.bytes()), third.offset, crc, budget), Link::kHolds);
  EXPECT_EQ(LinkAt(AsBytes(log.bytes()), third.offset, crc ^ 1, budget), Link::kBroken);
  EXPECT_EQ(LinkAt(AsBytes(log.bytes()), log.bytes().size(), crc, budget), Link::kNothing);
}

TEST(HealCrcMismatch, FlipsTheOneBitBack) {
  const WalBuilder log = Log();
  const auto& second = log.placed()[3];
  for (int bit = 0; bit < 8; ++bit) {
    const std::string damaged = Flip(log.bytes(), second.data_offset + 9, bit);
    ASSERT_NE(damaged, log.bytes());
    Budget budget(kPlenty);
    Damage damage;
    HealCrcMismatch(AsBytes(damaged), RecordAt(damaged, second.offset),
                    RunningBefore(log.bytes(), second.offset), budget, damage);
    EXPECT_TRUE(damage.followed);
    EXPECT_EQ(Apply(damaged, damage), log.bytes()) << bit;
  }
}

TEST(HealCrcMismatch, ProvesNothingOnTheLastRecord) {
  const WalBuilder log = WalBuilder().Entry(1, 1, "the only entry");
  const auto& last = log.placed().back();
  const std::string damaged = Flip(log.bytes(), last.data_offset + 9, 3);
  Budget budget(kPlenty);
  Damage damage;
  HealCrcMismatch(AsBytes(damaged), RecordAt(damaged, last.offset), RunningBefore(log.bytes(), last.offset),
                  budget, damage);
  EXPECT_TRUE(damage.healings.empty());
  EXPECT_FALSE(damage.followed);
}

TEST(HealCrcRecord, PutsTheValueRight) {
  WalBuilder log(0x12345678);
  const uint32_t right = 0x12345678;
  const std::string damaged = Flip(log.bytes(), 12, 2);
  const Record record = RecordAt(damaged, 0);
  ASSERT_NE(record.crc, right);
  Damage damage;
  HealCrcRecord(AsBytes(damaged), record, right, damage);
  EXPECT_EQ(Apply(damaged, damage), log.bytes());
}

TEST(HealFrame, FindsTheLengthThatFits) {
  const WalBuilder log = Log();
  const auto& second = log.placed()[3];
  for (const uint64_t byte : {0U, 1U, 5U}) {
    const std::string damaged = Flip(log.bytes(), second.offset + byte, 6);
    Budget budget(kPlenty);
    Damage damage;
    ASSERT_TRUE(
        HealFrame(AsBytes(damaged), second.offset, RunningBefore(log.bytes(), second.offset), budget, damage))
        << byte;
    EXPECT_EQ(Apply(damaged, damage), log.bytes()) << byte;
    EXPECT_EQ(damage.length, second.end - second.offset);
    ASSERT_TRUE(damage.record);
    EXPECT_EQ(damage.record->data.size(), second.data_size);
  }
}

TEST(HealFrame, GivesUpOnBytesThatAreNoRecord) {
  std::string bytes = Log().bytes();
  const auto& second = Log().placed()[3];
  bytes.replace(second.offset, second.end - second.offset, std::string(second.end - second.offset, '\x5A'));
  Budget budget(kPlenty);
  Damage damage;
  EXPECT_FALSE(
      HealFrame(AsBytes(bytes), second.offset, RunningBefore(Log().bytes(), second.offset), budget, damage));
  EXPECT_TRUE(damage.healings.empty());
}

TEST(HealFrame, StopsWhereItsBudgetEnds) {
  const WalBuilder log = Log();
  const auto& second = log.placed()[3];
  const std::string damaged = Flip(log.bytes(), second.offset, 6);
  Budget budget(0);
  Damage damage;
  EXPECT_FALSE(
      HealFrame(AsBytes(damaged), second.offset, RunningBefore(log.bytes(), second.offset), budget, damage));
}

TEST(HealPadding, GoesByTheRecordAfterIt) {
  const WalBuilder log = Log();
  const auto& second = log.placed()[3];
  ASSERT_NE(log.bytes()[second.offset + 7], '\0') << "the frame needs padding for this test";
  std::string damaged = log.bytes();
  const uint64_t told = static_cast<unsigned char>(damaged[second.offset + 7]) & 7U;
  damaged[second.offset + 7] = static_cast<char>(0x80 | (told ^ 1));
  Frame frame;
  ASSERT_EQ(ReadFrame(AsBytes(damaged), second.offset, frame), FrameFault::kNone);
  Record record;
  ASSERT_TRUE(ParseRecord(frame, record));
  Budget budget(kPlenty);
  Damage damage;
  ASSERT_TRUE(HealPadding(AsBytes(damaged), frame, record, budget, damage));
  EXPECT_EQ(Apply(damaged, damage), log.bytes());
  Damage none;
  ASSERT_EQ(ReadFrame(AsBytes(log.bytes()), second.offset, frame), FrameFault::kNone);
  ASSERT_TRUE(ParseRecord(frame, record));
  EXPECT_FALSE(HealPadding(AsBytes(log.bytes()), frame, record, budget, none)) << "nothing is wrong there";
}

TEST(HealCutPadding, AddsWhatTheFileLacks) {
  const WalBuilder log = WalBuilder().Entry(1, 1, "padding");
  const auto& last = log.placed().back();
  const uint32_t running = RunningBefore(log.bytes(), last.offset);
  const uint64_t padding = last.end - last.data_offset - last.data_size;
  ASSERT_GT(padding, 0U);
  for (uint64_t left = 0; left < padding; ++left) {
    const std::string cut = log.bytes().substr(0, log.bytes().size() - padding + left);
    Budget budget(kPlenty);
    Damage damage;
    ASSERT_TRUE(HealCutPadding(AsBytes(cut), last.offset, running, budget, damage)) << left;
    ASSERT_EQ(damage.healings.size(), 1U);
    std::string healed = cut;
    healed.resize(std::max(healed.size(), damage.healings[0].offset + damage.healings[0].bytes.size()));
    EXPECT_EQ(Apply(healed, damage), log.bytes());
  }
  const std::string shorter = log.bytes().substr(0, last.data_offset + last.data_size - 1);
  Budget budget(kPlenty);
  Damage damage;
  EXPECT_FALSE(HealCutPadding(AsBytes(shorter), last.offset, running, budget, damage))
      << "data is missing too";
}

}  // namespace
}  // namespace etcdmedic::wal
