// SPDX-License-Identifier: Apache-2.0
#include "bolt/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bolt_pages.h"
#include "support/page_end.h"

namespace etcdmedic::bolt {
namespace {

using support::LittleEndian;
using testing::HasSubstr;

using File = support::BoltPages;

constexpr uint32_t kPage = File::kPage;

TEST(Node, ReadsLeavesAndBranches) {
  const File file;
  const NodeRead leaf = file.Read(2);
  EXPECT_EQ(leaf.fault, NodeFault::kNone) << leaf.what;
  EXPECT_TRUE(leaf.node.leaf);
  ASSERT_EQ(leaf.node.count, 3U);
  Element element;
  ASSERT_TRUE(ReadElement(leaf.node, 2, element));
  EXPECT_EQ(AsText(element.key), "cc");
  EXPECT_EQ(AsText(element.value), "333");
  EXPECT_FALSE(element.is_bucket);
  EXPECT_FALSE(ReadElement(leaf.node, 1000, element));
  const NodeRead branch = file.Read(3);
  EXPECT_FALSE(branch.node.leaf);
  ASSERT_TRUE(ReadElement(branch.node, 1, element));
  EXPECT_EQ(AsText(element.key), "mm");
  EXPECT_EQ(element.child, 4U);
}

TEST(Node, NamesWhatIsWrong) {
  struct Row {
    const char* name;
    void (*damage)(File&);
    uint64_t page;
    NodeFault fault;
    bool usable;
  };
  const Row rows[] = {
      {"beyond the file", [](File& f) { f.bytes.resize(4 * kPage); }, 4, NodeFault::kOutsideFile, false},
      {"beyond the high water mark",
       [](File& f) {
         f.bytes.resize(6 * kPage), f.Leaf(5, {{"aa", "1"}});
       },
       5, NodeFault::kBeyondHighWater, true},
      {"zeros", [](File& f) { f.Put(2 * kPage, std::string(kPage, '\0')); }, 2, NodeFault::kZeroed, false},
      {"another id", [](File& f) { f.Put(2 * kPage, LittleEndian(3, 8)); }, 2, NodeFault::kId, true},
      {"another type", [](File& f) { f.Put(2 * kPage + 8, LittleEndian(0x40, 2)); }, 2, NodeFault::kType,
       false},
      {"too many", [](File& f) { f.Put(2 * kPage + 10, LittleEndian(600, 2)); }, 2, NodeFault::kCount, true},
      {"overflow", [](File& f) { f.Put(2 * kPage + 12, LittleEndian(99, 4)); }, 2, NodeFault::kOverflow,
       true},
  };
  for (const Row& row : rows) {
    File file;
    row.damage(file);
    const NodeRead read = file.Read(row.page);
    EXPECT_EQ(read.fault, row.fault) << row.name << ": " << read.what;
    EXPECT_EQ(read.usable, row.usable) << row.name;
    EXPECT_FALSE(read.what.empty()) << row.name;
    if (!read.usable) continue;
    Element element;
    ASSERT_TRUE(ReadElement(read.node, 0, element)) << row.name;
    EXPECT_EQ(AsText(element.key), "aa") << row.name;
  }
}

// Every page at every length of the file, its end at the end of memory.
TEST(Node, NeverReadsPastTheEnd) {
  const File file;
  support::ForEachPrefix(file.bytes, [&](Bytes prefix) {
    for (uint64_t page = 2; page < 5; ++page) {
      const NodeRead read = Pages{prefix, kPage, 5}.Read(page);
      EXPECT_EQ(read.fault == NodeFault::kNone, prefix.size() >= (page + 1) * kPage)
          << page << " of " << prefix.size();
      Element element;
      for (uint32_t i = 0; read.usable && i < read.node.count; ++i) ReadElement(read.node, i, element);
    }
  });
}

TEST(InlineBucket, IsALeafInAValue) {
  File file;
  const std::string header = LittleEndian(0, 8) + LittleEndian(7, 8);  // root 0: inline; sequence 7
  const std::string value = header + LittleEndian(0, 8) + LittleEndian(kLeafPage, 2) + LittleEndian(1, 2) +
                            LittleEndian(0, 4) + LittleEndian(0, 4) + LittleEndian(16, 4) +
                            LittleEndian(1, 4) + LittleEndian(2, 4) + "kvv";
  const NodeRead read = ReadInline(9, AsBytes(value));
  EXPECT_EQ(read.fault, NodeFault::kNone) << read.what;
  EXPECT_TRUE(read.node.inlined);
  Element element;
  ASSERT_TRUE(ReadElement(read.node, 0, element));
  EXPECT_EQ(AsText(element.key), "k");
  EXPECT_EQ(AsText(element.value), "vv");
  support::ForEachPrefix(value, [&](Bytes prefix) {
    const NodeRead cut = ReadInline(9, prefix);
    if (prefix.size() < 32) {
      EXPECT_EQ(cut.fault, NodeFault::kTruncated);
    }
    Element one;
    const bool whole = cut.usable && cut.node.count > 0 && ReadElement(cut.node, 0, one);
    EXPECT_EQ(whole, prefix.size() == value.size()) << prefix.size();
  });
}

TEST(LowerBound, FindsTheFirstThatIsNotLess) {
  const File file;
  const Node node = file.Read(2).node;
  EXPECT_EQ(LowerBound(node, ""), 0U);
  EXPECT_EQ(LowerBound(node, "aa"), 0U);
  EXPECT_EQ(LowerBound(node, "ab"), 1U);
  EXPECT_EQ(LowerBound(node, "cc"), 2U);
  EXPECT_EQ(LowerBound(node, "cd"), 3U);
}

TEST(Less, IsTheOrderOfBytes) {
  const std::string texts[] = {"",         "a", "a\xFF",       "aaaaaaaa", "aaaaaaaaa",
                               "aaaaaaab", "b", "\x80zzzzzzz", "\xFF"};
  for (const std::string& a : texts) {
    for (const std::string& b : texts) EXPECT_EQ(Less(AsBytes(a), AsBytes(b)), a < b) << a << " " << b;
  }
}

TEST(PagesNeeded, CountsWhatTheElementsReach) {
  Node node;
  node.leaf = true;
  node.count = 1;
  node.pages = 5;
  std::string bytes(5 * kPage, '\0');
  bytes.replace(kHeaderSize + 4, 12, LittleEndian(16, 4) + LittleEndian(1, 4) + LittleEndian(1500, 4));
  node.bytes = AsBytes(bytes);
  EXPECT_EQ(PagesNeeded(node, kPage), 2U);
  node.pages = 1;
  EXPECT_EQ(PagesNeeded(node, kPage), 1U);
}

}  // namespace
}  // namespace etcdmedic::bolt
