// SPDX-License-Identifier: Apache-2.0
#include "check/snap_db_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace etcdmedic::check {
namespace {

using diag::Code;
using testing::HasSubstr;

// A backend at 155, a .snap of 303, and a .snap.db of that name at `consistent_index`.
struct Member {
  explicit Member(std::optional<uint64_t> consistent_index, std::string fault = "", uint64_t applied = 155) {
    state.has_db = true;
    state.layout.snap_dir = "d/member/snap";
    state.layout.db.push_back({"d/member/snap/db", "member/snap/db", 4096, 0600});
    state.backend.emplace().consistent_index = applied;
    state.snap_dbs.push_back(
        {"member/snap/000000000000012f.snap.db", 303, 4096, std::move(fault), consistent_index});
    member::SnapFile file;
    file.content.emplace().index = 303;
    state.snapshots.push_back(file);
  }
  diag::Finding Only() const {
    diag::FindingList found;
    CheckSnapDbs(state, found);
    EXPECT_EQ(found.items.size(), 1U);
    return found.items.empty() ? diag::Finding{} : found.items.front();
  }
  member::MemberState state;
};

TEST(SnapDbRules, NameAFileThatIsNotWhatItsNameSays) {
  const diag::Finding older = Member(155).Only();
  EXPECT_EQ(older.code, Code::kSnapDbMismatch);
  EXPECT_THAT(older.message, HasSubstr("its consistent_index is 155, its name says 303"));
  EXPECT_EQ(Member(std::nullopt).Only().code, Code::kSnapDbMismatch);
}

TEST(SnapDbRules, NameAFileThatDoesNotOpen) {
  const diag::Finding closed = Member(305, "permission denied").Only();
  EXPECT_EQ(closed.code, Code::kSnapDbMismatch);
  EXPECT_THAT(closed.message, HasSubstr("permission denied"));
}

TEST(SnapDbRules, SayWhatEtcdDoesWithTheOthers) {
  const diag::Finding wanted = Member(305).Only();
  EXPECT_EQ(wanted.code, Code::kSnapDbLeft);
  EXPECT_THAT(wanted.message, HasSubstr("consistent_index 305 instead of 155"));
  EXPECT_THAT(Member(305, "", 303).Only().message, HasSubstr("does not use it")) << "the db is new enough";
  Member nameless(305);
  nameless.state.snap_dbs[0].index.reset();
  EXPECT_THAT(nameless.Only().message, HasSubstr("does not use it"));
  Member unknown(305);
  unknown.state.snapshots.clear();
  EXPECT_THAT(unknown.Only().message, HasSubstr("does not use it")) << "no .snap of that index";
}

}  // namespace
}  // namespace etcdmedic::check
