// SPDX-License-Identifier: Apache-2.0
#include "bolt/builder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "bolt/view.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using support::MemoryDb;
using Entries = std::map<std::string, std::string>;

Entries Read(const std::string& image, std::string_view bucket) {
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found);
  Entries entries;
  if (view) {
    EXPECT_TRUE(view->ForEach(bucket, [&](Bytes key, Bytes value) {
      entries.emplace(AsText(key), AsText(value));
      return true;
    }));
  }
  EXPECT_TRUE(found.items.empty());
  return entries;
}

Entries Many(int count, size_t value) {
  Entries entries;
  for (int i = 0; i < count; ++i)
    entries[fmt::format("key{:07}", i)] = std::string(value, static_cast<char>('a' + i % 26));
  return entries;
}

TEST(Builder, WritesWhatItWasGivenAtEveryPageSizeAndFill) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 4) {
    for (const unsigned fill : {10U, 50U, 90U, 100U}) {
      const Entries entries = Many(2000, 50);
      MemoryDb sink;
      Builder builder(sink, {size, fill});
      ASSERT_TRUE(builder.Begin("a"));
      for (const auto& [key, value] : entries) ASSERT_TRUE(builder.Add(AsBytes(key), AsBytes(value)));
      ASSERT_TRUE(builder.End());
      const auto summary = builder.Finish();
      ASSERT_TRUE(summary);
      EXPECT_EQ(summary->entries, entries.size());
      EXPECT_EQ(summary->pages * size, sink.image.size());
      EXPECT_EQ(Read(sink.image, "a"), entries) << size << " bytes, " << fill << " %";
    }
  }
}

TEST(Builder, TakesFewerPagesTheFullerTheyAre) {
  uint64_t before = UINT64_MAX;
  for (const unsigned fill : {20U, 50U, 90U}) {
    MemoryDb sink;
    Builder builder(sink, {1024, fill});
    ASSERT_TRUE(builder.Begin("a"));
    for (const auto& [key, value] : Many(2000, 50)) ASSERT_TRUE(builder.Add(AsBytes(key), AsBytes(value)));
    ASSERT_TRUE(builder.End());
    const uint64_t pages = builder.Finish()->pages;
    EXPECT_LT(pages, before);
    before = pages;
  }
}

TEST(Builder, WritesLargeValuesEmptyBucketsAndInlineOnes) {
  MemoryDb sink;
  Builder builder(sink, {1024, 90});
  ASSERT_TRUE(builder.Begin("empty") && builder.End());
  ASSERT_TRUE(builder.Begin("large") && builder.Add(AsBytes("k"), AsBytes(std::string(70000, 'x'))) &&
              builder.End());
  ASSERT_TRUE(builder.Begin("small") && builder.Add(AsBytes("k"), AsBytes("v")) && builder.End());
  ASSERT_TRUE(builder.Finish());
  EXPECT_TRUE(Read(sink.image, "empty").empty());
  EXPECT_EQ(Read(sink.image, "large"), (Entries{{"k", std::string(70000, 'x')}}));
  EXPECT_EQ(Read(sink.image, "small"), (Entries{{"k", "v"}}));
}

TEST(Builder, RefusesKeysThatBboltRefuses) {
  MemoryDb sink;
  Builder builder(sink, {});
  ASSERT_TRUE(builder.Begin("b"));
  EXPECT_EQ(builder.Add({}, {}).error().code, Errc::kRefused);
  EXPECT_EQ(builder.Add(AsBytes(std::string(kLongestKey + 1, 'k')), {}).error().code, Errc::kRefused);
  EXPECT_TRUE(builder.Add(AsBytes(std::string(kLongestKey, 'k')), {}));
}

// A sink that has no room left after `most` bytes.
class SmallDisk final : public PageSink {
 public:
  explicit SmallDisk(uint64_t most) : most_(most) {}
  Result<void> Write(uint64_t offset, Bytes bytes) override {
    if (offset + bytes.size() > most_) return Fail(Errc::kIo, "disk", "is full");
    return {};
  }

 private:
  uint64_t most_;
};

TEST(Builder, PassesOnWhatTheSinkSays) {
  SmallDisk sink(10 * 1024);
  Builder builder(sink, {1024, 90});
  ASSERT_TRUE(builder.Begin("a"));
  Result<void> done;
  for (const auto& [key, value] : Many(2000, 50)) {
    done = builder.Add(AsBytes(key), AsBytes(value));
    if (!done) break;
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, "is full");
}

}  // namespace
}  // namespace etcdmedic::bolt
