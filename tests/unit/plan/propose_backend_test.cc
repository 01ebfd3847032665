// SPDX-License-Identifier: Apache-2.0
// Ways to a sound backend, each on a directory on the disk: planned, applied, verified, and taken back.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "support/mended_member.h"

namespace etcdmedic::plan {
namespace {

using support::ExpectMended;
using support::PageOf;
using support::StoryMember;
using support::Titles;

void FlipBit(std::string& bytes, size_t offset, int bit = 3) {
  bytes[offset] = static_cast<char>(bytes[offset] ^ (1 << bit));
}

TEST(PlanBackend, LeavesASoundOneAlone) {
  StoryMember member;
  member.Fill();
  EXPECT_TRUE(member.Verify().sound());
  EXPECT_EQ(Titles(member.MakePlan()), "");
}

TEST(PlanBackend, PutsHeadersRight) {
  for (const size_t offset : {0, 8, 10}) {
    StoryMember member;
    FlipBit(*member.db, PageOf(*member.db, bolt::PageUse::kLeaf) * 4096 + offset);
    ExpectMended(member, "safe: put header and elements of page");
  }
}

TEST(PlanBackend, PutsElementsRight) {
  StoryMember member;
  FlipBit(*member.db, PageOf(*member.db, bolt::PageUse::kLeaf) * 4096 + 16 + 3 * 16 + 4, 4);
  ExpectMended(member, "safe: put header and elements of page");
}

TEST(PlanBackend, FlipsABitOfBothMetaPagesBack) {
  StoryMember member;
  FlipBit(*member.db, 16 + 33);
  FlipBit(*member.db, 4096 + 16 + 48);
  ExpectMended(member, "safe: flip one bit back at 49 and 4160 of db, in a meta page");
}

TEST(PlanBackend, WritesAMetaPageFromTheOther) {
  StoryMember member;
  member.db->replace(0, 4096, 4096, '\0');
  ExpectMended(member, "safe: write meta page 0 of db again, from page 1");
}

TEST(PlanBackend, FindsTheDirectoryOfBuckets) {
  StoryMember member;
  member.db->replace(0, 8192, 8192, '\0');
  ExpectMended(member, "safe: write both meta pages of db again");
}

TEST(PlanBackend, FlipsABitOfABucketsNameBack) {
  StoryMember member;
  FlipBit(*member.db, member.db->rfind("meta"), 1);
  ExpectMended(member, "safe: flip one bit back in the name of bucket meta");
}

TEST(PlanBackend, WritesEntriesInOrder) {
  StoryMember member;
  // Two keys of one leaf change places; their sizes are equal.
  const uint64_t leaf = PageOf(*member.db, bolt::PageUse::kLeaf) * 4096;
  std::swap_ranges(member.db->begin() + static_cast<std::ptrdiff_t>(leaf) + 32,
                   member.db->begin() + static_cast<std::ptrdiff_t>(leaf) + 48,
                   member.db->begin() + static_cast<std::ptrdiff_t>(leaf) + 64);
  member.Fill();
  EXPECT_FALSE(member.MakePlan().steps.empty());
}

TEST(PlanRebuild, MakesALogFromTheBackendOfASingleMember) {
  StoryMember member;
  member.has_log = false;
  member.Fill();
  const auto before = member.Files();
  const Plan plan = member.MakePlan();
  EXPECT_EQ(Titles(plan), "lossy: make a log that begins after index 62, which is the backend's\n");
  ASSERT_TRUE(ApplyInPlace(plan, {member.journal(), {}}));
  EXPECT_TRUE(member.Verify().sound());
  const auto state = member.Load();
  ASSERT_TRUE(state.log.metadata);
  EXPECT_EQ(state.log.metadata->node_id, 1U);
  EXPECT_EQ(state.log.metadata->cluster_id, 0xCB473678976F425DU);  // SHA-1 of the one member
  ASSERT_TRUE(Undo(member.journal()));
  EXPECT_TRUE(member.Files() == before);
}

// Runs `work` in a child that is killed at its n-th write; true where it got through before that.
bool RunsThrough(int n, const std::function<bool(const std::function<void()>&)>& work) {
  const pid_t child = fork();
  if (child == 0) {
    int left = n;
    const bool done = work([&left] {
      if (left-- == 0) raise(SIGKILL);
    });
    _exit(done ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "write " << n;
  return WIFEXITED(status);
}

// What each way plans, interrupted at each of its writes and of those of its undo.
TEST(PlanBackend, IsTakenBackAfterAKillAtAnyWrite) {
  const std::function<void(StoryMember&)> damages[] = {
      [](StoryMember& member) { FlipBit(*member.db, PageOf(*member.db, bolt::PageUse::kLeaf) * 4096); },
      [](StoryMember& member) { member.db->replace(0, 8192, 8192, '\0'); },
      [](StoryMember& member) {
        member.db->replace(PageOf(*member.db, bolt::PageUse::kLeaf) * 4096, 4096, 4096, '\0');
      },
      [](StoryMember& member) { member.has_log = false; }};
  for (const auto& damage : damages) {
    StoryMember member;
    damage(member);
    member.Fill();
    const auto before = member.Files();
    int writes = 0;
    for (bool through = false; !through; ++writes) {
      ASSERT_LT(writes, 100);
      const Plan plan = member.MakePlan();
      ASSERT_FALSE(plan.steps.empty());
      std::filesystem::remove(member.journal());
      through = RunsThrough(writes, [&](const auto& hook) {
        return ApplyInPlace(plan, {member.journal(), hook}).has_value();
      });
      RunsThrough(writes, [&](const auto& hook) {
        Undo(member.journal(), {.before_write = hook});
        return true;
      });
      if (member.Files() != before) Undo(member.journal());
      ASSERT_TRUE(member.Files() == before) << "killed at write " << writes;
    }
    EXPECT_GT(writes, 3);
  }
}

// A file that may not grow is what a full disk looks like.
TEST(PlanBackend, IsTakenBackWhereTheDiskIsFull) {
  StoryMember member;
  std::ranges::fill(member.db->begin(), member.db->begin() + 8192, '\0');
  member.has_log = false;
  StoryMember other;
  other.db->replace(PageOf(*other.db, bolt::PageUse::kLeaf) * 4096 + 8, 1, "\x07");
  for (StoryMember* each : {&member, &other}) {
    each->Fill();
    const auto before = each->Files();
    const Plan plan = each->MakePlan({.clear_alarms = true});
    for (const rlim_t most : {100U, 3000U, 9000U, 20000U}) {
      std::filesystem::remove(each->journal());
      const pid_t child = fork();
      if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{most, most};
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit(ApplyInPlace(plan, {each->journal(), {}}) ? 0 : 1);
      }
      int status = 0;
      waitpid(child, &status, 0);
      ASSERT_TRUE(WIFEXITED(status));
      if (WEXITSTATUS(status) == 0) {
        ASSERT_TRUE(Undo(each->journal()));
      } else if (std::filesystem::exists(each->journal())) {
        Undo(each->journal());
      }
      EXPECT_TRUE(each->Files() == before) << "at " << most << " bytes";
    }
  }
}

}  // namespace
}  // namespace etcdmedic::plan
