// SPDX-License-Identifier: Apache-2.0
#include "bolt/tree_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bolt_pages.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::BoltPages;
using support::LittleEndian;

// A walk over page 3 of BoltPages: a branch with the leaves 2 and 4.
struct Walked {
  explicit Walked(const BoltPages& made, uint64_t root = 3) : pages(made.pages()) {
    Subtree tree;
    tree.page = root;
    TreeWalk(context, 0, verdict).Run(tree, 1);
  }
  std::vector<Code> Codes() const {
    std::vector<Code> codes;
    for (const PageVerdict* part : {&verdict.shape, &verdict.content}) {
      for (const diag::Finding& finding : part->findings) codes.push_back(finding.code);
    }
    return codes;
  }
  Pages pages;
  std::string file = "db", bucket = "key";
  VisitedPages visited{6};
  std::vector<PageInfo> infos{6};
  TreeContext context{pages, file, bucket, 7, visited, infos, nullptr};
  TreeVerdict verdict;
};

TEST(TreeWalk, ClaimsThePagesOfATree) {
  const Walked walked{BoltPages()};
  EXPECT_TRUE(walked.Codes().empty());
  EXPECT_EQ(walked.verdict.content.entries, 4U);
  EXPECT_EQ(walked.verdict.depth, 2U);
  EXPECT_EQ(walked.verdict.leaf_level, 2U);
  EXPECT_EQ(walked.verdict.leaves.nodes, 2U);
  EXPECT_EQ(walked.verdict.branches.nodes, 1U);
  EXPECT_EQ(walked.infos[3].use, PageUse::kBranch);
  EXPECT_EQ(walked.infos[2].use, PageUse::kLeaf);
  EXPECT_EQ(walked.infos[2].count, 3U);
  EXPECT_EQ(walked.infos[2].bucket, 7U);
  EXPECT_FALSE(walked.visited.Has(1));
}

TEST(TreeWalk, FindsAPageThatTwoReferencesLeadTo) {
  BoltPages file;
  file.Branch(3, {{"aa", 2}, {"mm", 2}});
  EXPECT_THAT(Walked(file).Codes(), testing::Contains(Code::kDbPageShared));
}

TEST(TreeWalk, EndsInACircle) {
  BoltPages file;
  file.Branch(3, {{"aa", 3}, {"mm", 4}});
  const Walked walked(file);
  EXPECT_THAT(walked.Codes(), testing::ElementsAre(Code::kDbPageCycle));
  EXPECT_EQ(walked.verdict.content.entries, 1U) << "of the other leaf";
}

TEST(TreeWalk, FindsALeafOnALevelOfItsOwn) {
  BoltPages file;
  file.bytes.resize(6 * BoltPages::kPage);
  file.high_water = 6;
  file.Leaf(5, {{"mm", "x"}});
  file.Put(4 * BoltPages::kPage, std::string(BoltPages::kPage, '\0'));
  file.Branch(4, {{"mm", 5}});
  EXPECT_THAT(Walked(file).Codes(), testing::ElementsAre(Code::kDbTreeDamaged));
}

TEST(TreeWalk, FindsABranchWithoutChildren) {
  BoltPages file;
  file.Branch(3, {});
  EXPECT_THAT(Walked(file).Codes(), testing::Contains(Code::kDbPageCount));
}

// Two threads and one see the same, and a tree that is not sound is left to one.
TEST(TreeWalk, InParallelGivesTheSameOrNothing) {
  BoltPages file;
  Subtree root;
  root.page = 3;
  Walked one(file);
  Walked several(file, 1);  // page 1 is no page: nothing is claimed
  several.verdict = {};
  EXPECT_TRUE(WalkInParallel(several.context, root, 2, several.verdict));
  EXPECT_EQ(several.verdict.content.entries, one.verdict.content.entries);
  EXPECT_EQ(several.verdict.leaves.pages, one.verdict.leaves.pages);
  file.Branch(3, {{"aa", 2}, {"mm", 2}});
  Walked damaged(file, 1);
  TreeVerdict verdict;
  EXPECT_FALSE(WalkInParallel(damaged.context, root, 2, verdict));
  for (uint64_t page = 0; page < 5; ++page) EXPECT_FALSE(damaged.visited.Has(page)) << page;
  EXPECT_EQ(damaged.infos[2].use, PageUse::kFree);
}

}  // namespace
}  // namespace etcdmedic::bolt
