// SPDX-License-Identifier: Apache-2.0
#include "bolt/extend.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bolt/check.h"
#include "support/memory_db.h"

namespace etcdmedic::bolt {
namespace {

using support::MemoryDb;

EntriesByKey Many(int count, size_t size) {
  EntriesByKey entries;
  for (int i = 0; i < count; ++i) entries[fmt::format("key{:06}", i)] = std::string(size, 'v');
  return entries;
}

std::string Image(const EntriesByKey& key, uint32_t page_size) {
  MemoryDb sink;
  Builder builder(sink, {.page_size = page_size, .fill = 100});
  const std::map<std::string, EntriesByKey> buckets{
      {"key", key}, {"members", {{"a", "1"}}}, {"meta", {{"x", "y"}}}};
  for (const auto& [name, entries] : buckets) {
    EXPECT_TRUE(builder.Begin(name));
    for (const auto& [k, v] : entries) EXPECT_TRUE(builder.Add(AsBytes(k), AsBytes(v)));
    EXPECT_TRUE(builder.End());
  }
  EXPECT_TRUE(builder.Finish());
  return sink.image;
}

std::string Extended(const std::string& image, const Changes& changes) {
  diag::FindingList found;
  const auto view = View::Open(AsBytes(image), "db", found);
  MemoryDb sink;
  EXPECT_TRUE(view && CopyWithChanges(*view, changes, sink));
  return sink.image;
}

std::map<std::string, EntriesByKey> Read(const std::string& image) {
  diag::FindingList found;
  std::map<std::string, EntriesByKey> content;
  const FileReport report = Check(AsBytes(image), "db", {}, found);
  const auto view = View::Open(AsBytes(image), "db", found);
  EXPECT_TRUE(report.sound && view);
  Cursor buckets = view->Buckets();
  for (bool more = buckets.First(); more; more = buckets.Next()) {
    EntriesByKey& entries = content[std::string(AsText(buckets.key()))];
    view->ForEach(AsText(buckets.key()), [&](Bytes key, Bytes value) {
      entries.emplace(AsText(key), AsText(value));
      return true;
    });
  }
  for (const auto& finding : found.items) ADD_FAILURE() << finding.message;
  return content;
}

// From an inline bucket to trees of three levels, with values on overflow pages among them.
TEST(Extend, ReplacesAndAppendsAtEveryDepth) {
  for (const auto& [count, size] : {std::pair(0, 0), {3, 10}, {40, 30}, {900, 40}, {30000, 8}, {20, 5000}}) {
    const EntriesByKey key = Many(count, static_cast<size_t>(size));
    const std::string image = Image(key, 1024);
    const Changes changes{{{"members", {{"b", "2"}, {"c", ""}}}, {"new", {}}},
                          {{"key", {{"key999998", "end"}, {"key999999", std::string(3000, 'e')}}}}};
    std::map<std::string, EntriesByKey> wanted{
        {"key", key}, {"members", {{"b", "2"}, {"c", ""}}}, {"meta", {{"x", "y"}}}, {"new", {}}};
    wanted["key"].insert({{"key999998", "end"}, {"key999999", std::string(3000, 'e')}});
    EXPECT_EQ(Read(Extended(image, changes)), wanted) << count << " entries of " << size;
  }
}

TEST(Extend, CanBeDoneAgainAndAgain) {
  std::string image = Image(Many(100, 20), 1024);
  for (int i = 0; i < 300; ++i) image = Extended(image, {{}, {{"key", {{fmt::format("z{:04}", i), "v"}}}}});
  EXPECT_EQ(Read(image).at("key").size(), 400U);
}

TEST(Extend, RefusesWhatItCannotContinue) {
  std::string image = Image(Many(900, 40), 1024);
  diag::FindingList found;
  const auto with = [&](const std::string& bytes, const Changes& changes) {
    const auto view = View::Open(AsBytes(bytes), "db", found);
    MemoryDb sink;
    return view && CopyWithChanges(*view, changes, sink);
  };
  EXPECT_FALSE(with(image, {{}, {{"key", {{"a", "before all"}}}}}));
  EXPECT_FALSE(with(image.substr(0, image.size() - 1024), {}));
  for (size_t page = 2; page * 1024 < image.size(); ++page) image.replace(page * 1024 + 8, 2, "\xFF\xFF");
  EXPECT_FALSE(with(image, {{}, {{"key", {{"z", ""}}}}}));
}

}  // namespace
}  // namespace etcdmedic::bolt
