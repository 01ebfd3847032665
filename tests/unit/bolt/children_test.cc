// SPDX-License-Identifier: Apache-2.0
#include "bolt/children.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/db_builder.h"

namespace etcdmedic::bolt {
namespace {

using support::LittleEndian;
using testing::ElementsAre;

// A branch whose children are on pages 10, 11, …
struct Branch {
  explicit Branch(const std::vector<std::string>& keys) {
    std::string elements, data;
    for (size_t i = 0; i < keys.size(); ++i) {
      elements += LittleEndian(16 * (keys.size() - i) + data.size(), 4) + LittleEndian(keys[i].size(), 4) +
                  LittleEndian(10 + i, 8);
      data += keys[i];
    }
    bytes = std::string(kHeaderSize, '\0') + elements + data;
    node.count = static_cast<uint32_t>(keys.size());
    node.bytes = AsBytes(bytes);
  }
  // "page [low, high)" of each.
  std::vector<std::string> Ranges(const std::string& low, const std::string& high) const {
    std::vector<std::string> out;
    Children children(node, AsBytes(low), AsBytes(high));
    for (Subtree tree; children.Next(tree);)
      out.push_back(std::to_string(tree.page) + " [" + std::string(AsText(tree.low)) + "," +
                    std::string(AsText(tree.high)) + ")");
    return out;
  }
  std::string bytes;
  Node node;
};

TEST(Children, AreBoundByTheirSeparators) {
  EXPECT_THAT(Branch({"b", "d", "f"}).Ranges("", ""), ElementsAre("10 [,d)", "11 [d,f)", "12 [f,)"));
  EXPECT_THAT(Branch({"b", "d", "f"}).Ranges("b", "h"), ElementsAre("10 [b,d)", "11 [d,f)", "12 [f,h)"));
}

TEST(Children, NameTheSeparatorThatLeadsToEach) {
  const Branch branch({"b", "d", "f"});
  std::string names;
  Children children(branch.node, {}, {});
  for (Subtree tree; children.Next(tree);) names += std::string(AsText(tree.separator)) + " ";
  EXPECT_EQ(names, "b d f ");
  const Branch damaged({"z", "d", "f"});
  EXPECT_TRUE(ChildOf(damaged.node, 0, {}, {}).separator.empty()) << "it is out of order";
}

TEST(Children, AreNotBoundByASeparatorThatIsOutOfOrder) {
  const auto ranges = Branch({"b", "z", "f", "h"}).Ranges("a", "k");
  ASSERT_EQ(ranges.size(), 4U);
  for (const std::string& range : ranges) EXPECT_EQ(range.find('z'), std::string::npos) << range;
  EXPECT_EQ(ranges[3], "13 [h,k)");
}

TEST(Children, AreNowhereWhereTheirElementCannotBeRead) {
  Branch branch({"b", "d"});
  branch.node.count = 50;
  Children children(branch.node, {}, {});
  Subtree tree;
  uint32_t seen = 0, lost = 0;
  while (children.Next(tree)) {
    ++seen;
    lost += tree.page == ~uint64_t{0};
  }
  EXPECT_EQ(seen, 50U);
  EXPECT_GE(lost, 47U);
}

TEST(Children, LookAhead) {
  const Branch branch({"b", "d", "f"});
  const Children children(branch.node, {}, {});
  EXPECT_EQ(children.PageAhead(0), 10U);
  EXPECT_EQ(children.PageAhead(2), 12U);
  EXPECT_EQ(children.PageAhead(3), ~uint64_t{0});
}

}  // namespace
}  // namespace etcdmedic::bolt
