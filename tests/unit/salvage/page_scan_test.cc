// SPDX-License-Identifier: Apache-2.0
#include "salvage/page_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "salvage/db_source.h"
#include "support/revision_db.h"

namespace etcdmedic::salvage {
namespace {

using testing::SizeIs;

std::vector<Copy> Scan(const std::string& image, unsigned threads = 1) {
  return ScanPages(OpenDbSource(AsBytes(image), "db", 0, false).scan, threads);
}

support::Entries EntriesOf(const std::vector<Copy>& copies, const std::string& image) {
  support::Entries entries;
  for (const Copy& copy : copies)
    entries.emplace(AsText(KeyOf(copy, AsBytes(image))), AsText(ValueOf(copy, AsBytes(image))));
  return entries;
}

TEST(PageScan, FindsEveryRecordOfASoundDbAsLive) {
  const support::Entries entries = support::Puts(3000);
  const std::string image = support::Backend(entries);
  for (const unsigned threads : {1U, 2U, 5U}) {
    const auto copies = Scan(image, threads);
    EXPECT_EQ(EntriesOf(copies, image), entries);
    for (const Copy& copy : copies) EXPECT_EQ(copy.origin, Origin::kLive);
  }
}

TEST(PageScan, FindsThemWithoutAMetaPage) {
  const support::Entries entries = support::Puts(500);
  std::string image = support::Backend(entries);
  image.replace(0, 2048, 2048, '\0');
  const auto copies = Scan(image);
  EXPECT_EQ(EntriesOf(copies, image), entries);
  for (const Copy& copy : copies) EXPECT_NE(copy.origin, Origin::kLive);
}

// Values that take several pages are read whole, and what continues a page is no page of its own.
TEST(PageScan, ReadsOverflowPages) {
  const support::Entries entries = support::Puts(40, 10, 5000);
  const std::string image = support::Backend(entries);
  EXPECT_EQ(EntriesOf(Scan(image), image), entries);
}

TEST(PageScan, SearchesPagesWhoseHeaderIsGone) {
  const support::Entries entries = support::Puts(500);
  std::string image = support::Backend(entries);
  for (size_t page = 2; page * 1024 < image.size(); ++page) image.replace(page * 1024, 16, 16, '\xEE');
  const auto copies = Scan(image);
  EXPECT_EQ(EntriesOf(copies, image), entries);
  for (const Copy& copy : copies) EXPECT_EQ(copy.confidence, Confidence::kDoubtful);
}

TEST(PageScan, NeverTakesWhatDoesNotAgree) {
  const support::Entries entries = support::Puts(60);
  const std::string image = support::Backend(entries);
  for (size_t at = 2048; at < image.size(); ++at) {
    std::string damaged = image;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    for (const auto& [key, value] : EntriesOf(Scan(damaged), damaged)) {
      ASSERT_TRUE(Agree(AsBytes(key), AsBytes(value))) << at;
    }
  }
}

TEST(PageScan, CarvesRecordsOutOfAnyBytes) {
  const std::string record = support::RevisionKey(9) + support::Message("k", 4, 9, 3, "value");
  const std::string tombstone = support::RevisionKey(10, 1, true) + support::Message("k");
  const std::string bytes = "____" + record + tombstone + std::string(7, '\0') + record.substr(0, 20);
  const auto copies = Carve(AsBytes(bytes));
  ASSERT_THAT(copies, SizeIs(2));
  EXPECT_EQ(copies[0].place, 4U);
  EXPECT_EQ(AsText(ValueOf(copies[0], AsBytes(bytes))), support::Message("k", 4, 9, 3, "value"));
  EXPECT_EQ(copies[1].Revision(), (std::pair<int64_t, uint32_t>(10, 1)));
  EXPECT_TRUE(copies[1].tombstone);
  for (size_t size = 0; size < bytes.size(); ++size) Carve(AsBytes(bytes).first(size));
}

}  // namespace
}  // namespace etcdmedic::salvage
