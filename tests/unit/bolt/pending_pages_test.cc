// SPDX-License-Identifier: Apache-2.0
#include "bolt/pending_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/bolt_pages.h"
#include "support/db_builder.h"

namespace etcdmedic::bolt {
namespace {

using support::LittleEndian;
using testing::ElementsAre;
using testing::IsEmpty;

// Two states of one file. Bucket `kept` is on page 4 in both; the newest commit wrote bucket `key` and the
// root to pages 6 and 7, and left pages 2, 3 and 5 of the state before.
struct TwoStates {
  static constexpr uint32_t kPage = support::BoltPages::kPage;
  support::BoltPages pages;

  TwoStates() {
    pages.bytes.assign(9 * kPage, '\0');
    pages.Leaf(4, {{"k", "1"}});
    pages.Branch(3, {{"a", 5}});
    pages.Leaf(5, {{"a", "old"}});
    Root(2, 3);
    pages.Leaf(6, {{"a", "new"}});
    Root(7, 6);
    Meta(0, 2, 3);
    Meta(1, 7, 4);
  }
  void Root(uint64_t page, uint64_t key) {
    pages.Leaf(page, {{"kept", LittleEndian(4, 8) + LittleEndian(0, 8)},
                      {"key", LittleEndian(key, 8) + LittleEndian(0, 8)}});
    for (uint64_t i = 0; i < 2; ++i)
      pages.Put(page * kPage + 16 + 16 * i, LittleEndian(1, 4));  // are buckets
  }
  void Meta(uint64_t page, uint64_t root, uint64_t txid) {
    pages.Put(page * kPage, LittleEndian(page, 8) + LittleEndian(kMetaPage, 2));
    pages.Put(page * kPage + kHeaderSize, EncodeMeta({kPage, root, kNoFreelist, 9, txid}));
  }
  std::vector<uint64_t> Pending() const {
    diag::FindingList found;
    const FileReport report = Check(AsBytes(pages.bytes), "db", {}, found);
    EXPECT_TRUE(report.sound) << found.items.front().message;
    return FindPendingPages(AsBytes(pages.bytes), report);
  }
};

TEST(PendingPages, AreThoseThatOnlyTheStateBeforeUses) {
  EXPECT_THAT(TwoStates().Pending(), ElementsAre(2U, 3U, 5U));
}

TEST(PendingPages, AreUnknownWhereTheOtherMetaIsNotTheStateBefore) {
  TwoStates older;
  older.Meta(0, 2, 2);
  EXPECT_THAT(older.Pending(), IsEmpty());
  TwoStates damaged;
  damaged.pages.Put(kHeaderSize + 16, LittleEndian(3, 8));
  EXPECT_THAT(damaged.Pending(), IsEmpty()) << "its checksum does not fit";
}

TEST(PendingPages, EndWhateverThePagesSay) {
  TwoStates circle;
  circle.pages.Branch(3, {{"a", 2}, {"b", 3}, {"c", 1000}, {"d", ~uint64_t{0}}});
  EXPECT_THAT(circle.Pending(), ElementsAre(2U, 3U));
  TwoStates zeroed;
  zeroed.pages.Put(2 * TwoStates::kPage, std::string(TwoStates::kPage, '\0'));
  EXPECT_THAT(zeroed.Pending(), ElementsAre(2U)) << "what it led to is not known";
}

}  // namespace
}  // namespace etcdmedic::bolt
