// SPDX-License-Identifier: Apache-2.0
#include "plan/siblings.h"

#include <gtest/gtest.h>

#include <functional>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::PurgedMember;

// `change`: what it says otherwise than its files do.
Sibling Read(PurgedMember& member, const std::function<void(member::MemberState&)>& change = {}) {
  member.Fill();
  member::MemberState state = member.Load();
  if (change) change(state);
  check::Report report = check::Verify(state, startup::EtcdVersion{3, 6});
  return {"other", std::make_shared<const member::MemberState>(std::move(state)), std::move(report)};
}

std::string WhyNot(PurgedMember& own, const Sibling& other) {
  const auto checked = CheckSibling(*Read(own).state, other);
  return checked ? "" : checked.error().what;
}

TEST(Siblings, AreOfOneClusterAndOneHistory) {
  PurgedMember own, other;
  const Sibling sibling = Read(other);
  EXPECT_EQ(WhyNot(own, sibling), "");
  EXPECT_TRUE(sibling.HasSoundBackend());
  EXPECT_EQ(sibling.Committed(), 161U);
}

TEST(Siblings, AreRefusedFromAnotherCluster) {
  PurgedMember own, other;
  const Sibling foreign = Read(other, [](member::MemberState& state) { state.log.metadata->cluster_id = 3; });
  EXPECT_EQ(WhyNot(own, foreign),
            "is of cluster 3, the member to be repaired of cluster 2: nothing is taken from it");
}

TEST(Siblings, AreRefusedWhereTermsContradict) {
  PurgedMember own, other;
  const Sibling apart = Read(other, [](member::MemberState& state) {
    for (raft::Run& run : state.log.surviving) run.term = 3;
  });
  EXPECT_EQ(WhyNot(own, apart),
            "has entry 101 of term 3, the member to be repaired of term 2, though both say that it is "
            "committed; they have different histories: nothing is taken from it");
}

TEST(Siblings, WithADamagedBackendGiveNone) {
  PurgedMember other;
  other.Zero(other.LeafOf(100));
  EXPECT_FALSE(Read(other).HasSoundBackend());
}

}  // namespace
}  // namespace etcdmedic::plan
