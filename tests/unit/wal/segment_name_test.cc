// SPDX-License-Identifier: Apache-2.0
#include "wal/segment_name.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::wal {
namespace {

TEST(SegmentName, ReadsWhatItWrites) {
  for (const SegmentName name :
       {SegmentName{0, 0}, SegmentName{5, 0x389}, SegmentName{UINT64_MAX, UINT64_MAX}})
    EXPECT_EQ(ParseSegmentName(FormatSegmentName(name)), name);
  EXPECT_EQ(FormatSegmentName({5, 0x389}), "0000000000000005-0000000000000389.wal");
}

TEST(SegmentName, TakesCompressedSegmentsAndShortNumbersAsEtcdDoes) {
  EXPECT_EQ(ParseSegmentName("0000000000000001-00000000000000dd.wal.zst"), (SegmentName{1, 0xdd}));
  EXPECT_EQ(ParseSegmentName("0000000000000001-00000000000000dd.wal.gz"), (SegmentName{1, 0xdd}));
  EXPECT_EQ(ParseSegmentName("1-A.wal"), (SegmentName{1, 10}));
}

TEST(SegmentName, RefusesEverythingElse) {
  for (const char* name : {"", ".wal", "-.wal", "1-.wal", "-1.wal", "1.wal", "1-2", "1-2.wal.broken",
                           "1-2.snap", "x-2.wal", "1-2x.wal", "1--2.wal", "+1-2.wal", "0x1-2.wal",
                           "10000000000000000-0.wal", "1-2-3.wal", " 1-2.wal", "notes.txt"})
    EXPECT_EQ(ParseSegmentName(name), std::nullopt) << name;
}

TEST(SegmentName, IsNothingAtAnyCut) {
  const std::string whole = "0000000000000005-0000000000000389.wal";
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    EXPECT_EQ(ParseSegmentName(AsText(prefix)).has_value(), prefix.size() == whole.size()) << prefix.size();
  });
}

}  // namespace
}  // namespace etcdmedic::wal
