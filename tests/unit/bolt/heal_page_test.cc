// SPDX-License-Identifier: Apache-2.0
#include "bolt/heal_page.h"

#include <gtest/gtest.h>

#include <random>

#include "bolt/check.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

// Two levels, pages with overflow among them.
std::string Image(std::mt19937_64& random) {
  support::MemoryDb file;
  Builder builder(file, {1024, 90});
  EXPECT_TRUE(builder.Begin("key"));
  for (int i = 0; i < 400; ++i) {
    const size_t size = i % 97 == 0 ? 3000 : random() % 120;
    EXPECT_TRUE(builder.Add(AsBytes("key" + std::to_string(1000 + i)), AsBytes(std::string(size, 'v'))));
  }
  EXPECT_TRUE(builder.End());
  EXPECT_TRUE(builder.Finish());
  return file.image;
}

struct Page {
  uint64_t id, count;
};

std::vector<Page> PagesOf(const std::string& image, uint64_t& root) {
  diag::FindingList found;
  const FileReport report = Check(AsBytes(image), "db", {}, found);
  EXPECT_TRUE(report.sound);
  root = report.metas.pages[*report.meta].meta.root;
  std::vector<Page> pages;
  for (uint64_t id = 2; id < report.pages.size(); ++id) {
    const PageInfo& info = report.pages[id];
    if (info.use == PageUse::kLeaf || info.use == PageUse::kBranch) pages.push_back({id, info.count});
  }
  return pages;
}

TEST(HealPage, GivesBackWhatWasThereOrNothing) {
  std::mt19937_64 random(5);
  const std::string image = Image(random);
  uint64_t root = 0;
  size_t healed = 0, tried = 0;
  for (const auto& [id, count] : PagesOf(image, root)) {
    const uint64_t begin = id * 1024, head = 16 + 16 * count;
    const std::string original = image.substr(begin, head);
    for (size_t bit = 0; bit < head * 8; ++bit) {
      std::string damaged = image;
      damaged[begin + bit / 8] = static_cast<char>(damaged[begin + bit / 8] ^ (1 << bit % 8));
      const bool child = damaged[begin + 8] == 1 && bit >= 128 && (bit / 8 - 16) % 16 >= 8;
      if (child) continue;  // which child it was no page tells
      const auto page = HealPage({AsBytes(damaged), 1024, image.size() / 1024}, id, id == root);
      ++tried;
      if (!page) continue;
      // Of the last element nothing tells the sizes: then they are left as they are.
      if (page->substr(0, head) == damaged.substr(begin, head)) continue;
      ++healed;
      ASSERT_EQ(page->substr(0, head), original) << "page " << id << ", bit " << bit;
    }
  }
  EXPECT_GT(tried, 10000U);
  EXPECT_GT(healed, tried * 7 / 10) << healed << " of " << tried;
}

TEST(HealPage, SurvivesNoise) {
  std::mt19937_64 random(6);
  for (int round = 0; round < 2000; ++round) {
    std::string image(4096, '\0');
    for (size_t i = 2048; i < image.size(); ++i) image[i] = static_cast<char>(random());
    image.replace(
        2048, 16,
        EncodeHeader({2, static_cast<uint16_t>(1 + random() % 2), static_cast<uint16_t>(random() % 90), 0}));
    HealPage({AsBytes(image), 1024, 4}, 2, false);
  }
}

}  // namespace
}  // namespace etcdmedic::bolt
