// SPDX-License-Identifier: Apache-2.0
#include "bolt/freelist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "support/db_builder.h"
#include "support/page_end.h"

namespace etcdmedic::bolt {
namespace {

using support::LittleEndian;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr uint32_t kPage = 1024;
constexpr uint64_t kAt = 3;  // the page of the list

// Eight pages, the list on page 3.
std::string File(uint64_t id, uint16_t flags, uint16_t count, uint32_t overflow,
                 const std::vector<uint64_t>& ids) {
  std::string list =
      LittleEndian(id, 8) + LittleEndian(flags, 2) + LittleEndian(count, 2) + LittleEndian(overflow, 4);
  for (const uint64_t each : ids) list += LittleEndian(each, 8);
  std::string file(8 * kPage, '\0');
  file.replace(kAt * kPage, list.size(), list);
  return file;
}

Freelist Read(const std::string& file, uint64_t page = kAt) {
  return ReadFreelist({AsBytes(file), kPage, 8}, page);
}

TEST(Freelist, ReadsItsIds) {
  const Freelist list = Read(File(kAt, kFreelistPage, 3, 0, {4, 6, 7}));
  EXPECT_EQ(list.what, "");
  EXPECT_THAT(list.ids, ElementsAre(4U, 6U, 7U));
  EXPECT_EQ(list.pages, 1U);
  EXPECT_TRUE(Read(File(kAt, kFreelistPage, 0, 0, {})).ids.empty());
}

TEST(Freelist, TakesItsCountFromTheFirstSlotWhereItIsLarge) {
  std::vector<uint64_t> ids(200);
  std::iota(ids.begin(), ids.end(), 10);
  std::vector<uint64_t> stored = ids;
  stored.insert(stored.begin(), ids.size());
  const Freelist list = Read(File(kAt, kFreelistPage, 0xFFFF, 1, stored));
  EXPECT_EQ(list.what, "");
  EXPECT_EQ(list.ids, ids);
  EXPECT_EQ(list.pages, 2U);
}

TEST(Freelist, RefusesWhatIsNotAList) {
  struct Row {
    std::string file;
    uint64_t page;
    const char* what;
  };
  const Row rows[] = {
      {File(kAt, kFreelistPage, 1, 0, {4}), 8, "the file has no such page"},
      {File(kAt, kFreelistPage, 1, 0, {4}), 1, "the file has no such page"},
      {File(kAt, kFreelistPage, 1, 0, {4}), UINT64_MAX, "the file has no such page"},
      {File(kAt, kLeafPage, 1, 0, {4}), kAt, "its type is 0x02, not that of a free list"},
      {File(kAt, kFreelistPage, 200, 0, {4}), kAt, "it counts 200 ids on 1 pages"},
      {File(kAt, kFreelistPage, 5000, 99, {4}), kAt, "it counts 5000 ids on 100 pages"},
      {File(kAt, kFreelistPage, 0xFFFF, 0, {UINT64_MAX}), kAt,
       "it counts 18446744073709551615 ids on 1 pages"},
  };
  for (const Row& row : rows) {
    const Freelist list = Read(row.file, row.page);
    EXPECT_EQ(list.what, row.what);
    EXPECT_TRUE(list.ids.empty()) << row.what;
  }
}

TEST(Freelist, TellsOddHeadersAndReadsOn) {
  const Freelist other = Read(File(kAt + 1, kFreelistPage, 1, 0, {4}));
  EXPECT_EQ(other.what, "it calls itself page 4");
  EXPECT_THAT(other.ids, ElementsAre(4U));
  const Freelist large = Read(File(kAt, kFreelistPage, 1, 4, {4}));
  EXPECT_THAT(large.what, HasSubstr("uses 5 pages for what fits in 1"));
  EXPECT_EQ(Read(File(kAt, kFreelistPage, 1, 1, {4})).what, "") << "one page more than needed is usual";
}

// The file ends in the middle of the list: it counts more than is there, or there is no such page.
TEST(Freelist, NeverReadsPastTheEnd) {
  std::vector<uint64_t> ids(300);
  std::iota(ids.begin(), ids.end(), 10);
  const std::string whole =
      File(kAt, kFreelistPage, 300, 2, ids).substr(0, kAt * kPage + kHeaderSize + 300 * 8);
  size_t refused = 0;
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    const Freelist list = ReadFreelist({prefix, kPage, 8}, kAt);
    EXPECT_EQ(list.what.empty(), prefix.size() == whole.size()) << prefix.size();
    EXPECT_LE(list.ids.size(), 300U);
    refused += list.what.empty() ? 0 : 1;
  });
  EXPECT_EQ(refused, whole.size());
}

}  // namespace
}  // namespace etcdmedic::bolt
