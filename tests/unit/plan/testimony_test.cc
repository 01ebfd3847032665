// SPDX-License-Identifier: Apache-2.0
#include "plan/testimony.h"

#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::PurgedMember;

// The store of a member, and what its log says of it.
struct Told {
  explicit Told(PurgedMember& member) {
    member.Fill();
    state = member.Load();
    store = *mvcc::Store::Open(state.db_map->bytes(), "db", found);
    known = Testify(state, *store, *state.backend->consistent_index);
  }
  diag::FindingList found;
  member::MemberState state;
  std::optional<mvcc::Store> store;
  std::optional<witness::Corrections> known;
};

TEST(Testimony, SaysWhatARecordMustBe) {
  PurgedMember member;
  const size_t key = member.db->find(PurgedMember::New(33));
  (*member.db)[member.db->find(PurgedMember::Value(33), key) + 1] ^= 4;
  const Told told(member);
  ASSERT_TRUE(told.known);
  ASSERT_EQ(told.known->records.size(), 1U);
  EXPECT_EQ(told.known->records[0].entry, 134U);
  EXPECT_EQ(told.known->records[0].id.revision, (mvcc::Revision{95, 0}));
  EXPECT_EQ(AsText(told.known->records[0].value), PurgedMember::Value(33));
  EXPECT_EQ(told.known->last->index, 161U);
}

TEST(Testimony, IsNothingOfPagesThatAreDamaged) {
  PurgedMember member;
  member.Zero(member.LeafOf(100));
  EXPECT_FALSE(Told(member).known);
}

}  // namespace
}  // namespace etcdmedic::plan
