// SPDX-License-Identifier: Apache-2.0
#include "mvcc/entry_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/opened_table.h"

namespace etcdmedic::mvcc {
namespace {

using support::DbBuilder;
using support::LargeStore;
using support::OpenedTable;

TEST(EntryTable, HasEveryEntryInOrder) {
  const OpenedTable large(LargeStore());
  ASSERT_EQ(large.table.size(), 12100U);
  EXPECT_TRUE(large.table.complete());
  uint32_t at = 0;
  large.view->ForEach("key", [&](Bytes key, Bytes value) {
    EXPECT_EQ(large.table.KeyAt(at).data(), key.data());
    EXPECT_EQ(large.table.KeySize(at), key.size());
    EXPECT_EQ(large.table.ValueAt(at).data(), value.data());
    EXPECT_EQ(large.table.ValueAt(at).size(), value.size());
    EXPECT_EQ(large.table.OffsetOf(at), static_cast<uint64_t>(key.data() - AsBytes(large.db).data()));
    return ++at < large.table.size();
  });
  EXPECT_EQ(at, large.table.size());
}

TEST(EntryTable, IsEmptyWithoutABucket) {
  EXPECT_EQ(OpenedTable(DbBuilder().Bucket("meta").Build()).table.size(), 0U);
  EXPECT_TRUE(OpenedTable(DbBuilder().Bucket("key").Build()).table.complete());
}

TEST(EntryTable, SaysThatSomethingIsMissing) {
  DbBuilder builder;
  for (int i = 0; i < 60; ++i) builder.Add("key", fmt::format("{:017}", i), "v");
  std::string image = builder.Build();
  image.replace(3 * 4096, 4096, std::string(4096, '\0'));
  const OpenedTable opened(image);
  EXPECT_FALSE(opened.table.complete());
  EXPECT_EQ(opened.table.size(), 48U);
}

}  // namespace
}  // namespace etcdmedic::mvcc
