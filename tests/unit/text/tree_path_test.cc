// SPDX-License-Identifier: Apache-2.0
#include "text/tree_path.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

TEST(TreePath, SpellsKeysAndItemsAsPeopleWriteThem) {
  ObjectTree tree;
  const auto key = [&](std::string_view text) {
    tree.AddCopy(NodeKind::kString, text);
    return tree.size() - 1;
  };
  TreePath path;
  EXPECT_EQ(path.Text(tree), "") << "the root";
  path.Enter();
  EXPECT_EQ(path.Text(tree), "") << "in it, before its first key";
  path.AtKey(key("spec"));
  EXPECT_EQ(path.Text(tree), "spec");
  path.Enter();
  path.AtKey(key("containers"));
  path.Enter();
  path.AtItem(12);
  EXPECT_EQ(path.Text(tree), "spec.containers[12]");
  path.Enter();
  path.AtKey(key("a.b/c"));
  EXPECT_EQ(path.Text(tree), "spec.containers[12][\"a.b/c\"]");
  path.AtKey(key("env"));
  EXPECT_EQ(path.Text(tree), "spec.containers[12].env") << "the next key takes its place";
  EXPECT_EQ(path.depth(), 4U);
  path.Leave();
  path.Leave();
  EXPECT_EQ(path.Text(tree), "spec.containers");
}

TEST(TreePath, QuotesWhatIsNotAName) {
  const auto alone = [](std::string_view text) {
    ObjectTree tree;
    tree.AddCopy(NodeKind::kString, text);
    TreePath path;
    path.Enter();
    path.AtKey(0);
    return path.Text(tree);
  };
  EXPECT_EQ(alone("a-B_9"), "a-B_9");
  EXPECT_EQ(alone(""), "[\"\"]");
  EXPECT_EQ(alone("a\nb"), "[\"a\\nb\"]");
  EXPECT_EQ(alone("a.b"), "[\"a.b\"]");
  EXPECT_EQ(alone(std::string(64, 'k')), std::string(64, 'k'));
  EXPECT_EQ(alone(std::string(1000, 'k')), "[\"" + std::string(64, 'k') + "\"]") << "long ones are cut";
}

}  // namespace
}  // namespace etcdmedic::text
