// SPDX-License-Identifier: Apache-2.0
#include "salvage/beginning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "salvage/copies.h"
#include "support/salvage_case.h"

namespace etcdmedic::salvage {
namespace {

using support::Backend;
using support::Compacted;
using support::Entries;
using support::Message;
using support::RevisionKey;

struct Found {
  explicit Found(std::string bytes) : image(std::move(bytes)) {
    sources.push_back(OpenDbSource(AsBytes(image), "db", 0, false));
    copies = FindCopies(sources, 1);
  }
  FoundState At(int64_t revision, const std::vector<replay::Record>& records = {}) const {
    return StateAt({sources, copies, records, PrimaryOf(sources)}, revision);
  }
  std::string image;
  std::vector<DbSource> sources;
  std::vector<Copy> copies;
};

TEST(Beginning, IsTheKeysOfThatRevision) {
  const Found found(Backend({{RevisionKey(2), Message("b", 2, 2, 1, "1")},
                             {RevisionKey(3), Message("a", 3, 3, 1, "2")},
                             {RevisionKey(4), Message("b", 2, 4, 2, "3")},
                             {RevisionKey(5, 0, true), Message("a")}}));
  const FoundState at4 = found.At(4), at5 = found.At(5);
  ASSERT_EQ(at4.keys.size(), 2U);
  EXPECT_EQ(at4.keys[0].first, "a");
  EXPECT_EQ(at4.keys[1].second.version, 2);
  EXPECT_EQ(at4.keys[1].second.value, "3");
  EXPECT_EQ(at5.keys.size(), 1U);
  EXPECT_TRUE(at4.complete && at5.complete);
  EXPECT_FALSE(found.At(6).complete);
}

TEST(Beginning, KnowsWhatIsMissing) {
  Entries entries = support::Puts(20);
  entries.erase(RevisionKey(7));
  const Found found(Backend(entries));
  EXPECT_TRUE(found.At(6).complete);
  EXPECT_FALSE(found.At(9).complete);
  // What the log has made so far counts as found.
  replay::Record made;
  made.revision = {7, 0};
  made.kv = {"key005", "v", 7, 7, 1, 0};
  const FoundState whole = found.At(9, {made});
  EXPECT_TRUE(whole.complete);
  EXPECT_EQ(whole.keys.size(), 8U);
}

// What the tree does not hold any more at or below the compacted revision is not there.
TEST(Beginning, DoesNotRaiseWhatWasCompacted) {
  const Entries all = support::Puts(40, 10);
  Entries left = all;
  for (int64_t main = 2; main <= 12; ++main) left.erase(RevisionKey(main));
  const Found found(Backend(left, Compacted(12)) + Backend(all).substr(2048));
  const FoundState state = found.At(20);
  EXPECT_EQ(state.keys.size(), 8U);
  EXPECT_TRUE(state.complete);
}

}  // namespace
}  // namespace etcdmedic::salvage
