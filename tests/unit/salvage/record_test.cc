// SPDX-License-Identifier: Apache-2.0
#include "salvage/record.h"

#include <gtest/gtest.h>

#include "support/revision_db.h"

namespace etcdmedic::salvage {
namespace {

using support::Message;
using support::RevisionKey;

TEST(Record, CountsOnlyWhereKeyAndMessageAgree) {
  EXPECT_TRUE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("k", 3, 7, 2, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(8)), AsBytes(Message("k", 3, 7, 2, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("k", 9, 7, 2, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("k", 3, 7, 0, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("k", 3, 7, 60, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("", 3, 7, 2, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), {}));
  EXPECT_FALSE(Agree(AsBytes("short"), AsBytes(Message("k", 3, 7, 2, "v"))));
}

TEST(Record, TombstoneHoldsTheKeyAlone) {
  EXPECT_TRUE(Agree(AsBytes(RevisionKey(7, 0, true)), AsBytes(Message("k"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7, 0, true)), AsBytes(Message("k", 3, 7, 2, "v"))));
  EXPECT_FALSE(Agree(AsBytes(RevisionKey(7)), AsBytes(Message("k"))));
}

TEST(Record, BestCopyComesFirst) {
  const Copy live{.main = 5, .place = 9000};
  Copy freed = live, carved = live, later = live;
  freed.origin = Origin::kFreed;
  carved.unframed = true;
  later.main = 6;
  EXPECT_LT(live.Rank(), freed.Rank());
  EXPECT_LT(freed.Rank(), carved.Rank());
  EXPECT_LT(carved.Rank(), later.Rank());
  EXPECT_EQ(NameOf(freed.origin), "freed");
  EXPECT_EQ(NameOf(Confidence::kCertain), "certain");
}

}  // namespace
}  // namespace etcdmedic::salvage
