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

// What is said of those of which nothing is taken, and how many are left.
std::string Choose(PurgedMember& own, std::vector<Sibling> named) {
  const auto chosen = ChooseSiblings(*Read(own).state, std::move(named));
  if (!chosen) return chosen.error().where.file + " " + chosen.error().what;
  std::string said = std::to_string(chosen->usable.size());
  for (const Error& error : chosen->refused) said += "; " + error.what;
  return said;
}

void WithoutIdentity(member::MemberState& state) {
  state.log.metadata.reset();
  state.backend.reset();
}

TEST(Siblings, ThatCannotBeUsedDoNotKeepTheOthersFromIt) {
  PurgedMember own, one, two, three;
  const Sibling sound = Read(one), unknown = Read(two, WithoutIdentity);
  const std::string why = "does not say which cluster it belongs to: nothing is taken from it";
  EXPECT_EQ(Choose(own, {sound, unknown}), "1; " + why);
  EXPECT_EQ(Choose(own, {unknown, sound}), "1; " + why);
  EXPECT_EQ(Choose(own, {unknown}), "other " + why);
  EXPECT_EQ(Choose(own, {}), "0");
}

TEST(Siblings, OfTwoHistoriesAreNotBothTaken) {
  PurgedMember own, one, two;
  const auto of_term = [](uint64_t term) {
    return [term](member::MemberState& state) {
      state.log.surviving = {{101, 161, term}};
      state.log.snapshots.clear();
    };
  };
  const Sibling third = Read(one, of_term(3)), fourth = Read(two, of_term(4));
  const auto own_state = Read(own, [](member::MemberState& state) {
                           state.log.surviving.clear();
                           state.log.snapshots.clear();
                         }).state;
  ASSERT_TRUE(CheckSibling(*own_state, third) && CheckSibling(*own_state, fourth));
  const auto chosen = ChooseSiblings(*own_state, {third, fourth});
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().what,
            "has entry 101 of term 4, other of term 3, though both say that it is committed; they have "
            "different histories: name only one of them");
}

TEST(Siblings, WithADamagedBackendGiveNone) {
  PurgedMember other;
  other.Zero(other.LeafOf(100));
  EXPECT_FALSE(Read(other).HasSoundBackend());
}

}  // namespace
}  // namespace etcdmedic::plan
