// SPDX-License-Identifier: Apache-2.0
#include "bolt/check.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <set>

#include "base/fnv.h"
#include "bolt/copy.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using diag::Code;
using support::MemoryDb;

struct Checked {
  explicit Checked(const std::string& image, unsigned threads = 1) {
    report = Check(AsBytes(image), "db", {std::nullopt, threads}, found);
  }
  bool Found(Code code) const {
    return std::ranges::any_of(found.items, [&](const auto& finding) { return finding.code == code; });
  }
  diag::FindingList found;
  FileReport report;
};

// Branches of two levels, a value on overflow pages, inline and empty buckets.
std::string Sample(uint32_t page_size = 1024) {
  MemoryDb sink;
  Builder builder(sink, {page_size, 90});
  EXPECT_TRUE(builder.Begin("empty") && builder.End());
  EXPECT_TRUE(builder.Begin("key"));
  for (int i = 0; i < 900; ++i)
    EXPECT_TRUE(builder.Add(AsBytes(fmt::format("k{:06}", i)), AsBytes(std::string(40, 'v'))));
  EXPECT_TRUE(builder.End() && builder.Begin("large"));
  EXPECT_TRUE(builder.Add(AsBytes("a"), AsBytes(std::string(5000, 'x'))) && builder.End());
  EXPECT_TRUE(builder.Begin("meta") && builder.Add(AsBytes("term"), AsBytes("12345678")) && builder.End());
  EXPECT_TRUE(builder.Finish());
  return sink.image;
}

TEST(Check, FindsNothingInWhatTheBuilderWrites) {
  for (uint32_t size = 1024; size <= kLargestPage; size *= 2) {
    const Checked checked(Sample(size));
    EXPECT_TRUE(checked.found.items.empty()) << size << ": " << checked.found.items.front().message;
    EXPECT_TRUE(checked.report.sound);
    ASSERT_EQ(checked.report.buckets.size(), 5U);
    EXPECT_EQ(checked.report.buckets[2].entries, 900U);
    EXPECT_TRUE(std::ranges::none_of(checked.report.pages,
                                     [](const PageInfo& info) { return info.use == PageUse::kFree; }));
  }
}

TEST(Builder, RefusesKeysOutOfOrder) {
  MemoryDb sink;
  Builder builder(sink, {});
  ASSERT_TRUE(builder.Begin("b") && builder.Add(AsBytes("2"), {}));
  EXPECT_FALSE(builder.Add(AsBytes("1"), {}));
  EXPECT_FALSE(builder.Add(AsBytes("2"), {}));
  EXPECT_FALSE(builder.Add({}, {}));
}

TEST(Builder, CopiesToEqualContent) {
  const std::string image = Sample();
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found);
  for (const uint32_t size : {1024U, 4096U, 65536U}) {
    MemoryDb sink;
    Builder builder(sink, {size, 90});
    const auto copied = Copy(*view, builder);
    ASSERT_TRUE(copied);
    EXPECT_EQ(copied->buckets, 4U);
    EXPECT_EQ(copied->built.pages * size, sink.image.size());
    const auto again = View::Open(AsBytes(sink.image), "copy", found);
    EXPECT_EQ(ContentHash(*again), ContentHash(*view));
    EXPECT_TRUE(Checked(sink.image).found.items.empty());
  }
}

// Byte positions whose every bit matters to the structure: headers, elements, metas. Not among them are the
// sizes of a page's last element: zeros follow it, and the format does not say whether they are its own.
std::set<size_t> Structure(const std::string& image) {
  std::set<size_t> places;
  const FileReport report = Checked(image).report;
  const uint32_t size = report.metas.page_size;
  for (const size_t meta : {size_t{0}, size_t{size}}) {
    for (size_t i = 0; i < kHeaderSize + kMetaSize; ++i) places.insert(meta + i);
  }
  for (size_t page = 2; page < report.pages.size(); ++page) {
    const PageInfo& info = report.pages[page];
    if (info.use != PageUse::kBranch && info.use != PageUse::kLeaf) continue;
    const bool leaf = info.use == PageUse::kLeaf;
    const size_t end = kHeaderSize + info.count * kElementSize;
    for (size_t i = 0; i < end; ++i) {
      const bool last_size = info.count > 0 && (leaf ? i + 8 >= end : i + 12 >= end && i + 8 < end);
      if (!last_size) places.insert(page * size + i);
    }
  }
  return places;
}

TEST(Check, FindsEveryFlippedBitOfTheStructure) {
  const std::string sound = Sample();
  std::mt19937 random(7);
  size_t missed = 0, flipped = 0;
  for (const size_t at : Structure(sound)) {
    std::string image = sound;
    image[at] = static_cast<char>(image[at] ^ (1 << random() % 8));
    ++flipped;
    const Checked checked(image);
    if (checked.found.items.empty()) {
      ++missed;
      ADD_FAILURE() << "byte " << at << " of page " << at / 1024 << ", " << at % 1024;
    }
  }
  EXPECT_GT(flipped, 10000U);
  EXPECT_EQ(missed, 0U);
}

template <class T>
void Put(std::string& image, uint64_t at, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    image[at + i] = static_cast<char>(static_cast<unsigned char>(uint64_t{value} >> 8 * i));
}

// Where the directory's entry for bucket `name` has its value.
size_t DirectoryEntry(const std::string& image, std::string_view name) {
  const FileReport report = Checked(image).report;
  const uint64_t page = report.buckets[0].root * report.metas.page_size;
  return image.find(name, page + kHeaderSize + report.pages[report.buckets[0].root].count * kElementSize) +
         name.size();
}

// Rewrites both meta pages with sums that fit.
void EditMetas(std::string& image, const std::function<void(size_t meta)>& edit) {
  for (const size_t meta : {size_t{0}, size_t{1024}}) {
    edit(meta + kHeaderSize);
    Put(image, meta + kHeaderSize + 56, Fnv1a64(AsBytes(image).subspan(meta + kHeaderSize, 56)));
  }
}

// A free list after the file's pages that names page `id`.
void AddFreelist(std::string& image, uint64_t id) {
  const uint64_t page = image.size() / 1024;
  image.resize(image.size() + 1024);
  Put(image, page * 1024, page);
  Put(image, page * 1024 + 8, uint16_t{kFreelistPage});
  Put(image, page * 1024 + 10, uint16_t{1});
  Put(image, page * 1024 + 16, id);
  EditMetas(image, [&](size_t meta) {
    Put(image, meta + 32, page);
    Put(image, meta + 40, page + 1);
  });
}

// A leaf of bucket `key`.
uint64_t LeafOfKey(const std::string& image) {
  const FileReport report = Checked(image).report;
  uint64_t page = report.buckets[2].root;
  while (report.pages[page].use == PageUse::kBranch)
    page = LoadLittle<uint64_t>(AsBytes(image), page * 1024 + kHeaderSize + 8);
  return page;
}

TEST(Check, AFreeListThatIsALeafClaimsNothing) {
  std::string image = Sample();
  const uint64_t leaf = LeafOfKey(image);
  EditMetas(image, [&](size_t meta) { Put(image, meta + 32, leaf); });
  const Checked checked(image);
  ASSERT_EQ(checked.found.items.size(), 1U);
  EXPECT_EQ(checked.found.items.front().code, Code::kDbFreelist);
  EXPECT_EQ(checked.report.buckets[2].entries, 900U);
  EXPECT_EQ(checked.report.pages[leaf].use, PageUse::kLeaf);
}

TEST(Check, AFreeListClaimsNoMorePagesThanItFills) {
  std::string image = Sample();
  AddFreelist(image, image.size() / 1024);
  const uint64_t list = image.size() / 1024 - 1;
  ASSERT_FALSE(Checked(image).Found(Code::kDbFreelist));
  image.replace(image.size(), 0, std::string(4096, '\0'));
  Put(image, list * 1024 + 12, uint32_t{4});
  const Checked checked(image);
  EXPECT_TRUE(checked.Found(Code::kDbFreelist));
  EXPECT_EQ(checked.report.buckets[2].entries, 900U);
}

// A reference of the root branch of `key` that leads to a leaf past the branch in between.
void SkipABranch(std::string& image) {
  const FileReport report = Checked(image).report;
  const uint64_t root = report.buckets[2].root * 1024;
  const auto child_at = [&](uint64_t page) { return page + kHeaderSize + 8; };
  const auto branch = LoadLittle<uint64_t>(AsBytes(image), child_at(root));
  Put(image, child_at(root), LoadLittle<uint64_t>(AsBytes(image), child_at(branch * 1024)));
}

struct Damage {
  const char* name;
  void (*apply)(std::string& image);
  Code code;
};

constexpr Damage kDamages[] = {
    {"EntryOfTheDirectoryIsNoBucket",
     [](std::string& image) {
       const uint64_t root = Checked(image).report.buckets[0].root;
       Put(image, root * 1024 + kHeaderSize, uint32_t{0});
     },
     Code::kDbBucket},
    {"BucketHasASequence",
     [](std::string& image) { Put(image, DirectoryEntry(image, "key") + 8, uint64_t{7}); },
     Code::kDbSequence},
    {"BytesBehindTheLastElement",
     [](std::string& image) { image[(Checked(image).report.buckets[0].root + 1) * 1024 - 1] = 'x'; },
     Code::kDbPageTail},
    {"FreeListNamesAPageInUse",
     [](std::string& image) { AddFreelist(image, Checked(image).report.buckets[2].root); },
     Code::kDbFreelistInUse},
    {"MetaPageHasAnotherType", [](std::string& image) { Put(image, 1024 + 8, uint16_t{kLeafPage}); },
     Code::kDbMetaHeader},
    {"LeafOnALevelOfItsOwn", SkipABranch, Code::kDbTreeDamaged},
};

class CheckDamage : public testing::TestWithParam<Damage> {};

TEST_P(CheckDamage, IsNamed) {
  const std::string sound = Sample();
  ASSERT_FALSE(Checked(sound).Found(GetParam().code));
  std::string image = sound;
  GetParam().apply(image);
  ASSERT_NE(image, sound) << "damage must damage";
  const Checked checked(image);
  EXPECT_TRUE(checked.Found(GetParam().code));
  ASSERT_TRUE(checked.report.meta) << "the meta pages stay valid";
}

INSTANTIATE_TEST_SUITE_P(Kinds, CheckDamage, testing::ValuesIn(kDamages),
                         [](const auto& each) { return std::string(each.param.name); });

// Any damage at all: an end, and a walk that gives each reachable entry at most once.
void WalkAll(const std::string& image) {
  const Checked checked(image);
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found, {std::nullopt, true});
  if (!view) return;
  std::set<const std::byte*> seen;
  Cursor buckets = view->Buckets();
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    auto cursor = view->Enter(buckets);
    for (bool entry = cursor && cursor->First(); entry; entry = cursor->Next())
      seen.insert(cursor->key().data());
    for (bool entry = cursor && cursor->Last(); entry; entry = cursor->Prev())
      seen.insert(cursor->key().data());
    if (cursor) cursor->Seek("k000500");
  }
  EXPECT_LE(seen.size(), image.size());
  ContentHash(*view);
  NoFile nowhere;
  Builder builder(nowhere, {view->meta().page_size, 90});
  const auto copied = Copy(*view, builder);
  EXPECT_TRUE(copied) << copied.error().what;
}

TEST(Check, EndsOnAnyFlippedBit) {
  const std::string sound = Sample();
  std::mt19937 random(11);
  for (int i = 0; i < 3000; ++i) {
    std::string image = sound;
    const size_t at = random() % image.size();
    image[at] = static_cast<char>(image[at] ^ (1 << random() % 8));
    WalkAll(image);
  }
}

TEST(Check, EndsOnGarbageAndShortFiles) {
  const std::string sound = Sample();
  std::mt19937 random(13);
  for (int i = 0; i < 500; ++i) {
    std::string image = sound.substr(0, i % 3 == 0 ? random() % sound.size() : sound.size());
    const size_t page = random() % (image.size() / 1024 + 1) * 1024;
    for (size_t at = page; at < std::min(page + 1024, image.size()); ++at)
      if (i % 2 == 0) image[at] = static_cast<char>(random());
    // A page copied over another one.
    const size_t from = random() % (image.size() / 1024 + 1) * 1024;
    if (i % 5 == 0 && from + 1024 <= image.size() && page + 1024 <= image.size())
      image.replace(page, 1024, image.substr(from, 1024));
    WalkAll(image);
  }
}

void ExpectSame(const Checked& one, const Checked& other) {
  ASSERT_EQ(one.found.items.size(), other.found.items.size());
  for (size_t i = 0; i < one.found.items.size(); ++i) {
    EXPECT_EQ(one.found.items[i].message, other.found.items[i].message);
    EXPECT_EQ(one.found.items[i].where.offset, other.found.items[i].where.offset);
  }
  ASSERT_EQ(one.report.pages.size(), other.report.pages.size());
  for (size_t i = 0; i < one.report.pages.size(); ++i) {
    const PageInfo &page = one.report.pages[i], &same = other.report.pages[i];
    EXPECT_TRUE(page.use == same.use && page.bucket == same.bucket && page.count == same.count &&
                page.overflow == same.overflow && page.used == same.used)
        << "page " << i;
  }
  ASSERT_EQ(one.report.buckets.size(), other.report.buckets.size());
  for (size_t i = 0; i < one.report.buckets.size(); ++i) {
    EXPECT_EQ(one.report.buckets[i].entries, other.report.buckets[i].entries);
    EXPECT_EQ(one.report.buckets[i].leaves.pages, other.report.buckets[i].leaves.pages);
    EXPECT_EQ(one.report.buckets[i].depth, other.report.buckets[i].depth);
  }
}

TEST(Check, IsTheSameOnAnyNumberOfThreads) {
  const std::string sound = Sample();
  ExpectSame(Checked(sound, 1), Checked(sound, 4));
  std::mt19937 random(17);
  for (int i = 0; i < 300; ++i) {
    std::string image = sound;
    const int flips = i % 3 == 0 ? 200 : 2;
    for (int flip = 0; flip < flips; ++flip) image[2048 + random() % (image.size() - 2048)] ^= 4;
    // A page copied over another one: a page that is referred to twice, or that calls itself another.
    const size_t from = 2 + random() % (image.size() / 1024 - 2),
                 to = 2 + random() % (image.size() / 1024 - 2);
    if (i % 3 == 2) image.replace(to * 1024, 1024, sound.substr(from * 1024, 1024));
    if (i % 6 == 2) Put(image, to * 1024, uint64_t{to});
    ExpectSame(Checked(image, 1), Checked(image, 4));
  }
}

TEST(Check, EndsOnACycleBeyondTheHighWaterMark) {
  std::string image = Sample();
  const uint64_t page = image.size() / 1024;
  image.resize(image.size() + 1024);
  Put(image, page * 1024, page);
  Put(image, page * 1024 + 8, uint16_t{kBranchPage});
  Put(image, page * 1024 + 10, uint16_t{1});
  Put(image, page * 1024 + kHeaderSize, uint32_t{16});
  Put(image, page * 1024 + kHeaderSize + 4, uint32_t{1});
  Put(image, page * 1024 + kHeaderSize + 8, page);
  Put(image, page * 1024 + kHeaderSize + 16, uint8_t{'k'});
  Put(image, DirectoryEntry(image, "key"), page);
  for (const unsigned threads : {1U, 4U}) {
    const Checked checked(image, threads);
    EXPECT_TRUE(checked.Found(Code::kDbPageOutOfRange));
    EXPECT_TRUE(checked.Found(Code::kDbPageCycle));
  }
}

class KeysOfLeaves final : public LeafVisitor {
 public:
  std::string_view bucket() const override { return "key"; }
  void Begin(size_t parts) override { parts_.assign(parts, {}); }
  void OnLeaf(size_t part, const Node& leaf) override {
    Element element;
    for (uint32_t i = 0; i < leaf.count && ReadElement(leaf, i, element); ++i)
      parts_[part].emplace_back(AsText(element.key));
  }
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    for (const auto& part : parts_) all.insert(all.end(), part.begin(), part.end());
    return all;
  }

 private:
  std::vector<std::vector<std::string>> parts_;
};

TEST(Check, ShowsTheLeavesOfABucketInOrder) {
  const std::string image = Sample();
  diag::FindingList found;
  for (const unsigned threads : {1U, 4U}) {
    KeysOfLeaves keys;
    Check(AsBytes(image), "db", {std::nullopt, threads, &keys}, found);
    const auto all = keys.All();
    ASSERT_EQ(all.size(), 900U);
    EXPECT_TRUE(std::ranges::is_sorted(all));
  }
}

}  // namespace
}  // namespace etcdmedic::bolt
