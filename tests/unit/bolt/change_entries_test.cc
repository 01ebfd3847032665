// SPDX-License-Identifier: Apache-2.0
#include "bolt/change_entries.h"

#include <gtest/gtest.h>

#include "bolt/check.h"
#include "support/db_builder.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using Entries = std::map<std::string, std::string>;

// Small buckets are inline, as etcd has them; "wide" has a page of its own, "key" many.
std::string Image() {
  support::MemoryDb file;
  Builder builder(file, {4096, 90});
  const auto bucket = [&](std::string_view name, int entries, size_t size) {
    ASSERT_TRUE(builder.Begin(name));
    for (int i = 0; i < entries; ++i)
      ASSERT_TRUE(builder.Add(AsBytes("k" + std::to_string(100 + i)), AsBytes(std::string(size, 'v'))));
    ASSERT_TRUE(builder.End());
  };
  bucket("alarm", 2, 0);
  bucket("key", 200, 300);
  bucket("members", 3, 60);
  bucket("wide", 8, 300);
  EXPECT_TRUE(builder.Finish());
  return file.image;
}

Entries EntriesOf(const std::string& image, std::string_view bucket) {
  Entries entries;
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found);
  view->ForEach(bucket, [&](Bytes key, Bytes value) {
    entries[std::string(AsText(key))] = AsText(value);
    return true;
  });
  return entries;
}

Result<std::vector<PageBytes>> Change(const std::string& image, const Changes& changes) {
  diag::FindingList found;
  return ChangeEntries(*View::Open(AsBytes(image), "db", found), changes);
}

std::string Changed(std::string image, const Changes& changes) {
  const auto pages = Change(image, changes);
  EXPECT_TRUE(pages) << pages.error().what;
  for (const PageBytes& page : *pages) image.replace(page.offset, page.bytes.size(), page.bytes);
  diag::FindingList found;
  EXPECT_TRUE(Check(AsBytes(image), "db", {}, found).sound);
  EXPECT_TRUE(found.items.empty());
  return image;
}

TEST(ChangeEntries, TakesAwaySetsAndAdds) {
  const std::string before = Image();
  const std::string after =
      Changed(before, {{"alarm", {{"k100", std::nullopt}, {"k101", std::nullopt}}},
                       {"members", {{"k100", "new"}, {"k102", std::nullopt}, {"a", "first"}}},
                       {"wide", {{"k103", std::nullopt}, {"k104", "w"}}}});
  EXPECT_TRUE(EntriesOf(after, "alarm").empty());
  EXPECT_EQ(EntriesOf(after, "members"),
            (Entries{{"a", "first"}, {"k100", "new"}, {"k101", std::string(60, 'v')}}));
  Entries wide = EntriesOf(before, "wide");
  wide.erase("k103");
  wide["k104"] = "w";
  EXPECT_EQ(EntriesOf(after, "wide"), wide);
  EXPECT_EQ(EntriesOf(after, "key"), EntriesOf(before, "key"));
  EXPECT_EQ(after.size(), before.size());
}

TEST(ChangeEntries, RefusesWhatIsNotOnOnePage) {
  const std::string image = Image();
  EXPECT_EQ(Change(image, {{"key", {{"k100", std::nullopt}}}}).error().code, Errc::kRefused);
  EXPECT_EQ(Change(image, {{"none", {}}}).error().code, Errc::kRefused);
  EXPECT_EQ(Change(image, {{"members", {{"k1", std::string(5000, 'x')}}}}).error().code, Errc::kRefused);
}

TEST(ChangeEntries, RefusesEveryDamagedPage) {
  const std::string image = Image();
  diag::FindingList found;
  const uint64_t root = View::Open(AsBytes(image), "db", found)->meta().root * 4096;
  for (size_t bit = 0; bit < 16 * 8; ++bit) {
    std::string damaged = image;
    damaged[root + bit / 8] = static_cast<char>(damaged[root + bit / 8] ^ (1 << bit % 8));
    const auto view = View::Open(AsBytes(damaged), "db", found);
    const auto pages = ChangeEntries(*view, {{"members", {{"k100", std::nullopt}}}});
    EXPECT_FALSE(pages) << "bit " << bit;
  }
}

}  // namespace
}  // namespace etcdmedic::bolt
