// SPDX-License-Identifier: Apache-2.0
#include "replay/lessor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::replay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Lessor, AKeyBelongsToOneLeaseAtATime) {
  Lessor leases;
  leases.Grant(1, 60);
  leases.Grant(2, 60);
  leases.Attach("b", 1);
  leases.Attach("a", 1);
  EXPECT_THAT(leases.Find(1)->keys, ElementsAre("a", "b"));
  leases.Attach("a", 2);
  EXPECT_THAT(leases.Find(1)->keys, ElementsAre("b"));
  EXPECT_THAT(leases.Find(2)->keys, ElementsAre("a"));
  leases.Attach("a", 0);
  EXPECT_THAT(leases.Find(2)->keys, IsEmpty());
}

TEST(Lessor, AnUnknownLeaseTakesNoKey) {
  Lessor leases;
  leases.Grant(1, 60);
  leases.Attach("a", 1);
  leases.Attach("a", 9);
  EXPECT_THAT(leases.Find(1)->keys, IsEmpty());
  EXPECT_EQ(leases.Find(9), nullptr);
  leases.Detach("never seen");
}

TEST(Lessor, MayAssumeLeasesThatItWasNotTold) {
  Lessor leases;
  leases.AssumeAll();
  EXPECT_TRUE(leases.Holds(5));
  EXPECT_FALSE(leases.Holds(0));
  EXPECT_EQ(leases.Find(5), nullptr);
  leases.Attach("a", 5);
  EXPECT_THAT(leases.Find(5)->keys, ElementsAre("a"));
  leases.Revoke(5);
  EXPECT_FALSE(leases.Holds(5));
  leases.Attach("a", 5);
  EXPECT_EQ(leases.Find(5), nullptr);
}

TEST(Lessor, ARevokedLeaseIsGone) {
  Lessor leases;
  leases.Grant(1, 60);
  leases.Attach("a", 1);
  leases.Checkpoint(1, 20);
  EXPECT_EQ(leases.Find(1)->remaining_ttl, 20);
  leases.Revoke(1);
  EXPECT_FALSE(leases.Holds(1));
  leases.Detach("a");
  leases.Grant(1, 5);
  EXPECT_THAT(leases.Find(1)->keys, IsEmpty());
}

}  // namespace
}  // namespace etcdmedic::replay
