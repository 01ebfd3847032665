// SPDX-License-Identifier: Apache-2.0
#include "bolt/leaf_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bolt_pages.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::BoltPages;
using support::LittleEndian;
using testing::HasSubstr;

constexpr size_t kLeaf = 2 * BoltPages::kPage;  // entries aa, bb, cc

// What is found on the page; `tree` leads to it.
PageVerdict Check(const BoltPages& file, uint64_t page, Subtree tree = {}) {
  const std::string name = "db", bucket = "key";
  const Pages pages = file.pages();
  PageVerdict verdict;
  tree.page = page;
  PageCheck(pages, name, bucket, verdict).Run(pages.Read(page).node, tree);
  return verdict;
}

Subtree Between(std::string_view low, std::string_view high, std::string_view separator = {}) {
  Subtree tree;
  tree.low = AsBytes(low);
  tree.high = AsBytes(high);
  tree.separator = AsBytes(separator);
  return tree;
}

TEST(PageCheck, CountsWhatALeafHolds) {
  const PageVerdict verdict = Check(BoltPages(), 2, Between("aa", "dd", "aa"));
  EXPECT_TRUE(verdict.findings.empty());
  EXPECT_EQ(verdict.entries, 3U);
  EXPECT_EQ(verdict.key_bytes, 6U);
  EXPECT_EQ(verdict.value_bytes, 6U);
  EXPECT_TRUE(Check(BoltPages(), 3).findings.empty()) << "a branch";
  EXPECT_EQ(Check(BoltPages(), 3).entries, 0U);
}

struct Case {
  const char* name;
  void (*damage)(BoltPages&);
  Subtree tree;
  Code code;
  const char* what;
};

TEST(PageCheck, NamesWhatIsWrong) {
  constexpr size_t kSecond = kLeaf + 16 + 16;  // its element
  constexpr size_t kData = kLeaf + 16 + 3 * 16;
  const auto nothing = [](BoltPages&) {};
  const Case cases[] = {
      {"outside",
       [](BoltPages& f) { f.Put(kSecond + 4, LittleEndian(5000, 4)); },
       {},
       Code::kDbElement,
       "element 1 of 3 points outside the page"},
      {"a hole",
       [](BoltPages& f) { f.Put(kSecond + 4, LittleEndian(37, 4)); },
       {},
       Code::kDbElement,
       "after where"},
      {"overlaps",
       [](BoltPages& f) { f.Put(kSecond + 4, LittleEndian(34, 4)); },
       {},
       Code::kDbElement,
       "before where"},
      {"flags",
       [](BoltPages& f) { f.Put(kSecond, LittleEndian(6, 4)); },
       {},
       Code::kDbElement,
       "unknown flags 0x6"},
      {"no key",
       [](BoltPages& f) { f.Put(kSecond + 8, LittleEndian(0, 4)); },
       {},
       Code::kDbElement,
       "a key of 0 bytes"},
      {"order", [](BoltPages& f) { f.Put(kData + 3, "00"); }, {}, Code::kDbKeyOrder, "follows"},
      {"the same key", [](BoltPages& f) { f.Put(kData + 3, "aa"); }, {}, Code::kDbKeyOrder, "follows"},
      {"below the separator", nothing, Between("ab", ""), Code::kDbKeyOrder, "is less than the separator"},
      {"not the separator", nothing, Between("a", "", "a"), Code::kDbKeyOrder, "is not the separator"},
      {"below the first separator", nothing, Between("", "", "ab"), Code::kDbKeyOrder,
       "is not the separator"},
      {"beyond the next separator", nothing, Between("", "cc"), Code::kDbKeyOrder,
       "is not less than the next separator"},
      {"bytes at the end",
       [](BoltPages& f) { f.Put(kLeaf + BoltPages::kPage - 1, "x"); },
       {},
       Code::kDbPageTail,
       "after the last element"},
  };
  for (const Case& each : cases) {
    BoltPages file;
    each.damage(file);
    const PageVerdict verdict = Check(file, 2, each.tree);
    ASSERT_FALSE(verdict.findings.empty()) << each.name;
    EXPECT_EQ(InfoOf(verdict.findings[0].code).name, InfoOf(each.code).name) << each.name;
    EXPECT_THAT(verdict.findings[0].message, HasSubstr(each.what)) << each.name;
    EXPECT_THAT(verdict.findings[0].message, HasSubstr("page 2 of")) << each.name;
    EXPECT_GE(verdict.findings[0].where.offset, kLeaf) << each.name;
    EXPECT_LT(verdict.findings[0].where.offset, kLeaf + BoltPages::kPage) << each.name;
  }
}

TEST(PageCheck, TellsABucketFromAnEntry) {
  BoltPages file;
  file.Put(kLeaf + 16 + 16, LittleEndian(1, 4));
  const PageVerdict verdict = Check(file, 2);
  ASSERT_EQ(verdict.buckets.size(), 1U);
  EXPECT_EQ(AsText(verdict.buckets[0].name), "bb");
  EXPECT_EQ(verdict.buckets[0].page, 2U);
}

TEST(PageCheck, FindsPagesThatNothingNeeds) {
  BoltPages file;
  file.Put(kLeaf + 12, LittleEndian(2, 4));
  const std::string name = "db", bucket = "key";
  const Pages pages = file.pages();
  Node node = pages.Read(2).node;
  node.pages = 3;
  node.bytes = pages.db.subspan(kLeaf, 16 + 3 * 16 + 12);
  PageVerdict verdict;
  PageCheck(pages, name, bucket, verdict).Run(node, {});
  ASSERT_FALSE(verdict.findings.empty());
  EXPECT_EQ(verdict.findings.back().code, Code::kDbPageOverflow);
}

// A page of nonsense says nothing new by its hundredth element.
TEST(PageCheck, LeavesOutWhatIsTooMuchForOnePage) {
  BoltPages file;
  std::vector<std::pair<std::string, std::string>> same(30, {"a", ""});
  file.Leaf(2, same);
  const PageVerdict verdict = Check(file, 2);
  ASSERT_EQ(verdict.findings.size(), 16U);
  EXPECT_THAT(verdict.findings.back().message, HasSubstr("is left out"));
  EXPECT_EQ(verdict.entries, 30U);
}

TEST(PageCheck, NotesAPageThatCannotBeRead) {
  const std::string name = "db", bucket = "key";
  const BoltPages file;
  const Pages pages = file.pages();
  PageVerdict verdict;
  PageCheck check(pages, name, bucket, verdict);
  check.Note(pages.Read(2), Between("", ""));
  EXPECT_TRUE(verdict.findings.empty());
  Subtree tree = Between("k1", "k2");
  tree.page = 77;
  check.Note(pages.Read(77), tree);
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_THAT(verdict.findings[0].message, HasSubstr("'k1' up to 'k2' are lost"));
  EXPECT_EQ(verdict.findings[0].where.offset, file.bytes.size()) << "where the file ends";
}

}  // namespace
}  // namespace etcdmedic::bolt
