// SPDX-License-Identifier: Apache-2.0
#include "bolt/view.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/db_builder.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::DbBuilder;

constexpr int kEntries = 1000;

std::string KeyOf(int i) { return fmt::format("k{:06}", i); }

std::string Sample(uint32_t page_size = 4096) {
  DbBuilder builder(page_size);
  builder.Bucket("empty");
  for (int i = 0; i < kEntries; ++i) builder.Add("key", KeyOf(i), std::string(30, 'v'));
  builder.Add("meta", "big", std::string(3 * page_size, 'x'));
  return builder.Build();
}

struct Opened {
  explicit Opened(std::string image, const OpenOptions& options = {}) : bytes(std::move(image)) {
    view = View::Open(AsBytes(bytes), "db", found, options);
  }
  bool Found(Code code) const {
    return std::ranges::any_of(found.items, [&](const auto& finding) { return finding.code == code; });
  }
  std::vector<std::string> Keys(std::string_view bucket) {
    std::vector<std::string> keys;
    view->ForEach(bucket, [&](Bytes key, Bytes) { return keys.emplace_back(AsText(key)), true; });
    return keys;
  }
  std::string bytes;
  diag::FindingList found;
  std::optional<View> view;
};

void Put(std::string& image, size_t at, uint64_t value, int bytes) {
  image.replace(at, static_cast<size_t>(bytes), support::LittleEndian(value, bytes));
}

// Page and children of the root of bucket `key`.
uint64_t KeyRoot(const std::string& image) {
  diag::FindingList unused;
  const auto view = View::Open(AsBytes(image), "db", unused);
  Cursor buckets = view->Buckets();
  EXPECT_TRUE(buckets.Seek("key"));
  return LoadLittle<uint64_t>(buckets.value(), 0);
}

TEST(View, WalksAllPageSizes) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 2) {
    Opened db(Sample(size));
    ASSERT_TRUE(db.view) << size;
    EXPECT_EQ(db.view->meta().page_size, size);
    EXPECT_EQ(db.Keys("key").size(), size_t{kEntries});
    EXPECT_TRUE(db.Keys("empty").empty());
    EXPECT_EQ(AsText(*db.view->LastKey("key")), KeyOf(kEntries - 1));
    EXPECT_TRUE(db.found.items.empty());
  }
}

TEST(View, TakesTheOtherMetaOnDemand) {
  Opened db(Sample(), {1, false});
  EXPECT_EQ(db.view->meta().txid, 3U);
  EXPECT_EQ(Opened(Sample()).view->meta().txid, 4U);
}

TEST(View, LeavesOutASnapshotsHash) {
  Opened db(Sample() + std::string(32, '#'));
  EXPECT_EQ(db.Keys("key").size(), size_t{kEntries});
  EXPECT_TRUE(db.found.items.empty());
}

TEST(View, RecognisesTheOtherByteOrder) {
  std::string image = Sample();
  for (const size_t page : {0, 4096}) std::reverse(image.begin() + page + 16, image.begin() + page + 20);
  Opened db(image);
  EXPECT_FALSE(db.view);
  EXPECT_TRUE(db.Found(Code::kDbByteOrder));
}

TEST(View, FindsTheRootWithoutAMeta) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 2) {
    std::string image = Sample(size);
    image.replace(0, size * 2, size * 2, '\0');
    EXPECT_FALSE(Opened(image).view);
    Opened db(image, {std::nullopt, true});
    ASSERT_TRUE(db.view) << size;
    EXPECT_EQ(db.view->meta().page_size, size);
    EXPECT_EQ(db.Keys("key").size(), size_t{kEntries});
    EXPECT_TRUE(db.Found(Code::kDbUnreadable));
  }
}

TEST(View, ContinuesAfterALostPage) {
  std::string image = Sample();
  const uint64_t leaf = 5;
  image.replace(leaf * 4096, 4096, 4096, '\0');
  Opened db(image);
  const auto keys = db.Keys("key");
  EXPECT_EQ(keys.size(), size_t{kEntries} - 12);
  ASSERT_EQ(db.found.items.size(), 1U);
  EXPECT_TRUE(db.Found(Code::kDbPageZeroed));
  EXPECT_NE(db.found.items[0].message.find("'k000024' up to 'k000036'"), std::string::npos)
      << db.found.items[0].message;
}

TEST(View, UsesWhatIsProvenOtherwise) {
  const std::string sound = Sample();
  const size_t leaf = 5 * 4096;
  const struct {
    size_t at;
    uint64_t value;
    int bytes;
    Code code;
  } kEdits[] = {
      {leaf, 99, 8, Code::kDbPageId},           {leaf + 8, 0x42, 2, Code::kDbPageType},
      {leaf + 10, 1, 2, Code::kDbPageCount},    {leaf + 10, 13, 2, Code::kDbPageCount},
      {leaf + 10, 9999, 2, Code::kDbPageCount}, {leaf + 12, 1 << 20, 4, Code::kDbPageOverflow},
  };
  for (const auto& edit : kEdits) {
    std::string image = sound;
    Put(image, edit.at, edit.value, edit.bytes);
    ASSERT_NE(image, sound);
    Opened db(image);
    EXPECT_EQ(db.Keys("key").size(), size_t{kEntries}) << edit.at;
    ASSERT_EQ(db.found.items.size(), 1U);
    EXPECT_EQ(db.found.items[0].code, edit.code);
  }
}

TEST(View, EndsWhereReferencesGoInCircles) {
  std::string image = Sample();
  const uint64_t root = KeyRoot(image);
  const auto elements = HeaderAt(AsBytes(image), root * 4096).count;
  for (uint32_t i = 0; i < elements; ++i) Put(image, root * 4096 + 16 + i * 16 + 8, root, 8);
  Opened db(image);
  EXPECT_TRUE(db.Keys("key").empty());
  EXPECT_TRUE(db.Found(Code::kDbPageCycle));
}

TEST(View, GivesASharedPageOnce) {
  std::string image = Sample();
  const uint64_t root = KeyRoot(image);
  Put(image, root * 4096 + 16 + 4 * 16 + 8,
      LoadLittle<uint64_t>(AsBytes(image), root * 4096 + 16 + 3 * 16 + 8), 8);
  Opened db(image);
  EXPECT_EQ(db.Keys("key").size(), size_t{kEntries} - 12);
  EXPECT_EQ(db.found.items.size(), 1U);
}

TEST(View, EndsWithATruncatedFile) {
  const std::string image = Sample();
  for (size_t size = 0; size < image.size(); size += 1001) {
    Opened db(image.substr(0, size));
    if (!db.view) continue;
    const auto keys = db.Keys("key");
    EXPECT_TRUE(std::ranges::is_sorted(keys));
    EXPECT_FALSE(db.found.items.empty()) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::bolt
