// SPDX-License-Identifier: Apache-2.0
#include "mvcc/revision.h"

#include <gtest/gtest.h>

#include "support/page_end.h"

namespace etcdmedic::mvcc {
namespace {

constexpr int64_t kMost = INT64_MAX;

TEST(RevisionKey, ReadsWhatItWrites) {
  for (const Revision revision :
       {Revision{0, 0}, Revision{1, 2}, Revision{0x0102030405060708, 255}, Revision{kMost, kMost}}) {
    for (const bool tombstone : {false, true}) {
      const std::string key = EncodeRevisionKey({revision, tombstone});
      EXPECT_EQ(key.size(), tombstone ? kTombstoneSize : kRevisionSize);
      support::PageEnd memory(key.size());
      const auto read = ParseRevisionKey(memory.Place(key));
      ASSERT_TRUE(read);
      EXPECT_EQ(read->revision, revision);
      EXPECT_EQ(read->tombstone, tombstone);
    }
  }
}

TEST(RevisionKey, SortsAsRevisionsDo) {
  EXPECT_LT(EncodeRevisionKey({{1, 255}, false}), EncodeRevisionKey({{2, 0}, false}));
  EXPECT_LT(EncodeRevisionKey({{255, 0}, false}), EncodeRevisionKey({{256, 0}, false}));
  EXPECT_LT((Revision{1, 9}), (Revision{2, 0}));
}

TEST(RevisionKey, IsNothingElse) {
  const std::string key = EncodeRevisionKey({{5, 6}, true});
  support::ForEachPrefix(key, [&](Bytes prefix) {
    EXPECT_EQ(ParseRevisionKey(prefix).has_value(), prefix.size() == 17 || prefix.size() == 18)
        << prefix.size();
  });
  EXPECT_FALSE(ParseRevisionKey(AsBytes(key + "t")));
  for (const size_t at : {size_t{0}, size_t{8}, size_t{9}, size_t{17}}) {
    std::string other = key;
    other[at] = '\x80';
    EXPECT_FALSE(ParseRevisionKey(AsBytes(other))) << at;
  }
}

TEST(Revision, HasAShortText) {
  EXPECT_EQ(TextOf({12, 0}), "12");
  EXPECT_EQ(TextOf({12, 3}), "12.3");
}

}  // namespace
}  // namespace etcdmedic::mvcc
