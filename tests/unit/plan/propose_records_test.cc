// SPDX-License-Identifier: Apache-2.0
// Records that the log has otherwise, in a member whose log has lost its beginning.
#include <gtest/gtest.h>

#include "support/purged_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PurgedMember;
using support::Titles;

// The first byte of the value that an entry of the log wrote.
size_t ValueOf(const PurgedMember& member, int i) {
  return member.db->find(PurgedMember::Value(i), member.db->find(PurgedMember::New(i)));
}

TEST(PlanRecords, PutsAValueRight) {
  PurgedMember member;
  (*member.db)[ValueOf(member, 33) + 5] ^= 4;
  ExpectMended(member, "safe: put the record of revision 95 of db right, as entry 134 of the log has it");
}

TEST(PlanRecords, PutsAKeyRight) {
  PurgedMember member;
  (*member.db)[member.db->find(PurgedMember::New(33), member.db->find(PurgedMember::Value(32))) + 2] ^= 1;
  member.Fill();
  const Plan plan = member.MakePlan();
  EXPECT_FALSE(plan.steps.empty());
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_TRUE(member.Verify().sound());
}

TEST(PlanRecords, PutsARecordRightThatDoesNotParse) {
  PurgedMember member;
  (*member.db)[ValueOf(member, 40) - 1] ^= 0x40;  // the length of the value
  ExpectMended(member, "safe: put the record of revision 102 of db right");
}

TEST(PlanRecords, PutsSeveralRightAtOnce) {
  PurgedMember member;
  for (const int i : {30, 41, 52}) (*member.db)[ValueOf(member, i) + 9] ^= 2;
  ExpectMended(member, "safe: put 3 records of db right, as the log has them");
}

}  // namespace
}  // namespace etcdmedic::plan
