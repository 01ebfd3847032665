// SPDX-License-Identifier: Apache-2.0
// Nothing in a file makes us read, report or copy more than the file is worth: counted in bytes and findings.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "bolt/check.h"
#include "bolt/copy.h"
#include "support/db_builder.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using support::DbBuilder;
using support::LittleEndian;

constexpr size_t kPage = 4096;
constexpr uint64_t kMostTimes = 4;

void Put(std::string& image, size_t at, uint64_t value, int bytes) {
  image.replace(at, static_cast<size_t>(bytes), LittleEndian(value, bytes));
}

std::string Sample(const std::string& large = "") {
  DbBuilder builder(kPage);
  for (int i = 0; i < 400; ++i) builder.Add("key", fmt::format("k{:06}", i), std::string(200, 'v'));
  if (!large.empty()) builder.Add("large", "a", large);
  return builder.Bucket("meta").Build();
}

// What all walkers make of it.
struct Worked {
  uint64_t bytes = 0;     // handed out
  uint64_t entries = 0;
  uint64_t findings = 0;  // each once in its page
  uint64_t copied = 0;    // size of the file that is made
};

Worked Work(const std::string& image) {
  Worked worked;
  diag::FindingList found;
  Check(AsBytes(image), "db", {std::nullopt, 1}, found);
  worked.findings = found.items.size();
  for (const diag::Finding& finding : found.items) EXPECT_LT(finding.message.size(), 1000U);
  found.items.clear();
  const auto view = View::Open(AsBytes(image), "db", found);
  if (!view) return worked;
  Cursor buckets = view->Buckets();
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    auto cursor = view->Enter(buckets);
    for (bool entry = cursor && cursor->First(); entry; entry = cursor->Next()) {
      ++worked.entries;
      worked.bytes += cursor->key().size() + cursor->value().size();
    }
  }
  support::MemoryDb sink;
  Builder builder(sink, {kPage, 90});
  EXPECT_TRUE(Copy(*view, builder));
  worked.copied = sink.image.size();
  return worked;
}

void ExpectModest(const std::string& image, const char* what) {
  const Worked worked = Work(image);
  EXPECT_LE(worked.bytes, kMostTimes * image.size()) << what;
  EXPECT_LE(worked.copied, kMostTimes * image.size()) << what;
  EXPECT_LE(worked.entries, kMostTimes * image.size() / kElementSize) << what;
  EXPECT_LE(worked.findings, 64 + 32 * image.size() / kPage) << what;
}

TEST(Amplification, ManyElementsOfOneValue) {
  const std::string sound = Sample(std::string(100 * kPage, 'x'));
  std::string image = sound;
  const size_t value = image.find(std::string(kPage, 'x'));
  ASSERT_NE(value, std::string::npos);
  const size_t page = value / kPage * kPage;
  Put(image, page + 10, 200, 2);
  for (uint64_t i = 0; i < 200; ++i) {
    const size_t place = page + kHeaderSize + i * kElementSize;
    Put(image, place, 0, 4);
    Put(image, place + 4, page + kPage - place, 4);
    Put(image, place + 8, 8, 4);
    Put(image, place + 12, 90 * kPage, 4);
  }
  ASSERT_NE(image, sound);
  ExpectModest(image, "every element claims the same value");
}

TEST(Amplification, ManyPagesClaimTheSameOverflow) {
  const std::string sound = Sample(std::string(100 * kPage, 'x'));
  std::string image = sound;
  const uint64_t pages = image.size() / kPage;
  size_t claimed = 0;
  for (uint64_t page = 2; page < pages; ++page) {
    const PageHeader header = HeaderAt(AsBytes(image), page * kPage);
    if (header.id != page || header.flags != kLeafPage || header.count < 2) continue;
    const size_t place = page * kPage + kHeaderSize + (header.count - 1) * kElementSize;
    Put(image, page * kPage + 12, pages - page - 1, 4);
    Put(image, place + 12, (pages - page) * kPage - (kHeaderSize + header.count * kElementSize) - 4000, 4);
    ++claimed;
  }
  ASSERT_GT(claimed, 20U);
  ExpectModest(image, "every leaf claims the rest of the file");
}

TEST(Amplification, ManyBucketsOfOneRoot) {
  DbBuilder builder(kPage);
  for (int i = 0; i < 400; ++i) builder.Add("b000", fmt::format("k{:06}", i), std::string(200, 'v'));
  for (int i = 1; i < 80; ++i) builder.Bucket(fmt::format("b{:03}", i));
  const std::string sound = builder.Build();
  std::string image = sound;
  const uint64_t root = ReadMetas(AsBytes(image)).pages[0].meta.root;
  const NodeRead directory = Pages{AsBytes(image), kPage, 0}.Read(root);
  Element first, each;
  ASSERT_TRUE(ReadElement(directory.node, 0, first));
  const auto shared = LoadLittle<uint64_t>(first.value, 0);
  for (uint32_t i = 1; i < directory.node.count; ++i) {
    ASSERT_TRUE(ReadElement(directory.node, i, each));
    Put(image, static_cast<size_t>(each.value.data() - AsBytes(image).data()), shared, 8);
  }
  ASSERT_NE(image, sound);
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found);
  support::MemoryDb sink;
  Builder copy(sink, {kPage, 90});
  ASSERT_TRUE(Copy(*view, copy));
  EXPECT_LE(sink.image.size(), kMostTimes * image.size());
}

TEST(Amplification, BucketsInBucketsAreNotEntered) {
  std::string image = Sample();
  const size_t leaf = image.find("k000000") / kPage * kPage;
  const PageHeader header = HeaderAt(AsBytes(image), leaf);
  for (uint64_t i = 0; i < header.count; ++i) {
    const size_t place = leaf + kHeaderSize + i * kElementSize;
    Put(image, place, 1, 4);
    // The value says: inline, a leaf with as many elements as there are.
    const size_t value = place + LoadLittle<uint32_t>(AsBytes(image), place + 4) + 7;
    image.replace(value, 200, std::string(200, '\0'));
    Put(image, value + kBucketHeaderSize + 8, kLeafPage, 2);
    Put(image, value + kBucketHeaderSize + 10, 10, 2);
  }
  ExpectModest(image, "every entry is an inline bucket");
  diag::FindingList found;
  const FileReport report = Check(AsBytes(image), "db", {std::nullopt, 1}, found);
  EXPECT_EQ(report.buckets.size(), 3U) << "the directory, key and meta";
  EXPECT_EQ(std::ranges::count(found.items, diag::Code::kDbBucket, &diag::Finding::code), 1);
}

TEST(Amplification, PagesOfGarbage) {
  const std::string sound = Sample();
  std::mt19937 random(29);
  for (int round = 0; round < 300; ++round) {
    std::string image = sound;
    for (int page = 0; page < 3; ++page) {
      const size_t at = (2 + random() % (image.size() / kPage - 2)) * kPage;
      for (size_t i = at; i < at + kPage; ++i)
        image[i] = static_cast<char>(round % 3 == 0 ? 0x60 + random() % 16 : random());
      if (round % 2 == 0) continue;  // the head of a real page, with counts and overflow of any size
      Put(image, at, at / kPage, 8);
      Put(image, at + 8, 1 + random() % 2, 2);
    }
    ExpectModest(image, "garbage");
  }
}

}  // namespace
}  // namespace etcdmedic::bolt
