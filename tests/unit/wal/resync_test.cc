// SPDX-License-Identifier: Apache-2.0
#include "wal/resync.h"

#include <gtest/gtest.h>

#include "support/page_end.h"
#include "support/wal_builder.h"

namespace etcdmedic::wal {
namespace {

using support::WalBuilder;
using Kind = Resync::Kind;

constexpr uint64_t kPlenty = uint64_t{1} << 20;

WalBuilder Log() {
  return WalBuilder().Entry(1, 1, "first").Entry(1, 2, "second").Entry(1, 3, "third").State(1, 1, 3);
}

Resync Find(const std::string& bytes, uint64_t from, uint32_t running, uint64_t step = 8) {
  Budget budget(kPlenty);
  return FindNextRecord(AsBytes(bytes), from, step, running, budget);
}

TEST(FindNextRecord, ContinuesAfterForeignBytes) {
  const WalBuilder before = WalBuilder().Entry(1, 1, "first");
  const WalBuilder whole = WalBuilder().Entry(1, 1, "first").Entry(1, 2, "second");
  const std::string foreign(64, '\xA5');
  const std::string bytes = before.bytes() + foreign + whole.bytes().substr(before.bytes().size());
  const Resync found = Find(bytes, before.bytes().size(), before.crc());
  EXPECT_EQ(found.kind, Kind::kContinues);
  EXPECT_EQ(found.record.offset, before.bytes().size() + foreign.size());
}

TEST(FindNextRecord, ProvesARecordAfterLostOnesByTheNext) {
  const WalBuilder log = Log();
  std::string bytes = log.bytes();
  const auto& lost = log.placed()[2];
  bytes.replace(lost.offset, lost.end - lost.offset, std::string(lost.end - lost.offset, '\x77'));
  const Resync found = Find(bytes, lost.offset, 0xDEAD);
  EXPECT_EQ(found.kind, Kind::kProven);
  EXPECT_EQ(found.record.offset, log.placed()[3].offset);
}

TEST(FindNextRecord, BelievesNoRecordThatNothingProves) {
  const WalBuilder log = WalBuilder().Entry(1, 1, "alone");
  EXPECT_EQ(Find(log.bytes(), log.placed().back().offset, 0xDEAD).kind, Kind::kNothing);
}

TEST(FindNextRecord, LooksAtEveryByteOfALogOfEtcd2) {
  WalBuilder before(0, 1, false), whole(0, 1, false);
  before.Entry(1, 1, "abc");
  whole.Entry(1, 1, "abc").Entry(1, 2, "def");
  const std::string bytes = before.bytes() + "garbage" + whole.bytes().substr(before.bytes().size());
  ASSERT_NE((before.bytes().size() + 7) % 8, 0U);
  EXPECT_EQ(Find(bytes, before.bytes().size(), before.crc(), 1).kind, Kind::kContinues);
  EXPECT_EQ(Find(bytes, before.bytes().size(), before.crc(), 8).kind, Kind::kNothing);
}

TEST(FindNextRecord, StopsWhereItsBudgetEnds) {
  const WalBuilder log = Log();
  Budget budget(0);
  EXPECT_EQ(FindNextRecord(AsBytes(log.bytes()), log.placed()[2].offset, 8, 0xDEAD, budget).kind,
            Kind::kNothing);
}

TEST(FindNextRecord, FindsNothingInNothing) {
  EXPECT_EQ(Find("", 0, 0).kind, Kind::kNothing);
  EXPECT_EQ(Find(std::string(4096, '\0'), 0, 0).kind, Kind::kNothing);
  EXPECT_EQ(Find(std::string(11, '\x08'), 0, 0).kind, Kind::kNothing);
}

TEST(FindNextRecord, ReadsNothingBeyondAnyCut) {
  const WalBuilder log = Log();
  for (const uint64_t step : {uint64_t{1}, uint64_t{8}}) {
    support::ForEachPrefix(log.bytes(), [&](Bytes prefix) {
      for (uint64_t from = 0; from <= prefix.size(); from += 8) {
        Budget budget(kPlenty);
        const Resync found = FindNextRecord(prefix, from, step, 0, budget);
        if (found.kind == Kind::kNothing) continue;
        EXPECT_GE(found.record.offset, from);
        EXPECT_LE(found.record.end(), prefix.size());
      }
    });
  }
}

}  // namespace
}  // namespace etcdmedic::wal
