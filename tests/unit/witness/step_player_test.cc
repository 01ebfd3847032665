// SPDX-License-Identifier: Apache-2.0
#include "witness/step_player.h"

#include <gtest/gtest.h>

#include "support/story.h"

namespace etcdmedic::witness {
namespace {

using support::KeySpace;
using support::Story;

// Plays a story entry by entry; what the last one did is in `last`.
class Played {
 public:
  explicit Played(Story& story, bool empty = true) : wal_(story.log().bytes()), player(empty) {
    raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal_)}}, 1, &steps_);
    for (const LogStep& step : steps_.of(0).steps) Take(step);
  }
  const KeyState* Of(std::string_view key) const { return player.keys().Find(mvcc::HashOfKey(key)); }

 private:
  void Take(const LogStep& step) {
    if (step.kind == StepKind::kLeaseGrant) return player.Grant(step.number, true);
    branches = player.BranchesOf(steps_.of(0), step);
    last = player.Play(steps_.of(0), step, branches.front(), revision + 1);
    player.Commit();
    if (step.kind == StepKind::kLeaseRevoke) player.Revoked(step.number, true);
    if (last.happens == Tri::kYes) ++revision;
  }
  std::string wal_;
  LogSteps steps_;

 public:
  StepPlayer player;
  Outcome last;
  std::vector<Branch> branches;
  int64_t revision = 1;
};

TEST(StepPlayer, CountsAKeysHistory) {
  Story story;
  const Played played(story.Put("a", "1").Put("a", "2").Delete("a").Put("a", "3"));
  EXPECT_EQ(played.revision, story.revision());
  ASSERT_EQ(played.last.effects.size(), 1U);
  EXPECT_EQ(played.last.effects[0].create_revision, 5);
  EXPECT_EQ(played.last.effects[0].version, 1);
  EXPECT_EQ(AsText(played.Of("a")->value), "3");
}

TEST(StepPlayer, DoesNothingForAKeyThatIsNotThere) {
  Story story;
  const Played played(story.Put("a", "1").Delete("x", "", {}));
  EXPECT_EQ(played.last.happens, Tri::kNo);
  EXPECT_TRUE(played.last.effects.empty());
  EXPECT_EQ(played.revision, 2);
}

TEST(StepPlayer, RefusesAPutOfALeaseThatDoesNotExist) {
  Story story;
  const Played played(story.Put("a", "1").RefusedPut("a", "2", 9));
  EXPECT_EQ(played.last.happens, Tri::kNo);
  EXPECT_EQ(AsText(played.Of("a")->value), "1") << "and takes it back";
}

TEST(StepPlayer, DeletesWhatIsAttachedToALeaseInTheOrderOfKeys) {
  Story story;
  const Played played(story.Grant(7).Put("b", "1", 7).Put("a", "1", 7).Put("c", "1").Revoke(7, {"a", "b"}));
  ASSERT_EQ(played.last.effects.size(), 2U);
  EXPECT_EQ(AsText(played.last.effects[0].key), "a");
  EXPECT_TRUE(played.last.effects[0].tombstone);
  EXPECT_EQ(played.Of("c")->live, Tri::kYes);
  EXPECT_EQ(played.Of("b")->live, Tri::kNo);
}

TEST(StepPlayer, ChoosesTheBranchThatTheComparesChoose) {
  Story put;
  EXPECT_EQ(Played(put.Put("a", "1").Update("a", 2, "2", true)).branches, std::vector{Branch::kSuccess});
  Story stale;
  EXPECT_EQ(Played(stale.Put("a", "1").Update("a", 9, "2", false)).branches, std::vector{Branch::kFailure});
  Story create;
  EXPECT_EQ(Played(create.Update("a", 0, "1", true)).branches, std::vector{Branch::kSuccess})
      << "a key that does not exist has a mod_revision of 0";
}

TEST(StepPlayer, LeavesOpenWhatItCannotKnow) {
  Story update;
  const Played unknown(update.Update("a", 5, "2", true), false);
  EXPECT_EQ(unknown.branches, (std::vector{Branch::kSuccess, Branch::kFailure}));
  Story deletion;
  const Played deleted(deletion.Delete("a", "", {}), false);
  EXPECT_EQ(deleted.last.happens, Tri::kMaybe);
  ASSERT_EQ(deleted.last.effects.size(), 1U);
  EXPECT_FALSE(deleted.last.effects[0].sure);
  Story range;
  const Played ranged(range.Put("b", "1").Delete("a", "c", {"b"}), false);
  EXPECT_TRUE(ranged.last.open_deletes) << "there may be others in the range";
  EXPECT_EQ(ranged.last.happens, Tri::kYes);
  Story first;
  EXPECT_EQ(Played(first.Put("a", "1"), false).last.effects[0].version, 0) << "not known";
}

TEST(StepPlayer, KnowsNothingOfTaintedKeys) {
  Story story;
  Played played(story.Put("a", "1"));
  LogSteps steps;
  Story more;
  const std::string wal = more.Put("a", "2").log().bytes();
  raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(wal)}}, 1, &steps);
  played.player.Taint(steps.of(0), steps.of(0).steps[0]);
  EXPECT_EQ(played.Of("a")->live, Tri::kMaybe);
  EXPECT_FALSE(played.Of("a")->value_known);
}

TEST(StepPlayer, TakesHistoryFromTheBackendWhereItHadNone) {
  Story story;
  Played played(story.Put("a", "1"), false);
  ASSERT_EQ(played.Of("a")->version, 0);
  played.player.Adopt(played.last.effects[0], 3, 4);
  EXPECT_EQ(played.Of("a")->create_revision, 3);
  EXPECT_EQ(played.Of("a")->version, 4);
  played.player.Forget();
  played.player.Adopt(played.last.effects[0], 8, 9);
  EXPECT_EQ(played.Of("a"), nullptr) << "not of a key of which nothing is known";
}

// Every target and result of a compare, on a key with value "m", version 2, create 2, mod 3, lease 7.
TEST(StepPlayer, ComparesAsEtcdDoes) {
  enum { kEqual, kGreater, kLess, kNotEqual };
  const auto holds = [](int result, int target, const std::string& key, const std::string& operand) {
    const std::string compare =
        KeySpace::Number(1, result) + KeySpace::Number(2, target) + KeySpace::Text(3, key) + operand;
    const std::string put = KeySpace::Text(2, KeySpace::Text(1, "z"));
    Story story;
    story.Grant(7).Put("k", "a").Put("k", "m", 7);
    story.log().Entry(2, story.index() + 1,
                      KeySpace::Text(6, KeySpace::Text(1, compare) + KeySpace::Text(2, put)));
    return Played(story).branches == std::vector{Branch::kSuccess};
  };
  for (const auto& [target, field, value] : {std::tuple(0, 4, 2), {1, 5, 2}, {2, 6, 3}, {4, 8, 7}}) {
    for (const int number : {value - 1, value, value + 1}) {
      const std::string operand = KeySpace::Number(field, number);
      EXPECT_EQ(holds(kEqual, target, "k", operand), value == number) << target;
      EXPECT_EQ(holds(kNotEqual, target, "k", operand), value != number) << target;
      EXPECT_EQ(holds(kGreater, target, "k", operand), value > number) << target;
      EXPECT_EQ(holds(kLess, target, "k", operand), value < number) << target;
    }
    EXPECT_TRUE(holds(kEqual, target, "absent", "")) << "zeros where there is no key";
    EXPECT_FALSE(holds(kEqual, target, "absent", KeySpace::Number(field, 1)));
  }
  EXPECT_TRUE(holds(kEqual, 3, "k", KeySpace::Text(7, "m")));
  EXPECT_TRUE(holds(kGreater, 3, "k", KeySpace::Text(7, "l")));
  EXPECT_FALSE(holds(kEqual, 3, "absent", "")) << "there is no value to compare";
}

}  // namespace
}  // namespace etcdmedic::witness
