// SPDX-License-Identifier: Apache-2.0
#include "base/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/file.h"
#include "base/spool.h"
#include "support/make_archive.h"

namespace etcdmedic {
namespace {

using support::MakeArchive;
using support::Packed;
using testing::HasSubstr;

const std::vector<Packed> kFiles = {
    {"a/one.txt", "one"}, {"./b//two", std::string(10000, 'x')}, {"/three", ""}};

std::string ContentOf(const std::string& path) {
  const auto map = MappedFile::Open(path);
  return map ? std::string(AsText(map->bytes())) : map.error().what;
}

TEST(Archive, ListsAndUnpacksEachFormat) {
  for (const char* format : {"ustar", "pax", "gnutar", "zip"}) {
    const std::string bytes = MakeArchive(kFiles, format);
    ASSERT_TRUE(Archive::Is(AsBytes(bytes))) << format;
    const auto archive = Archive::Open(AsBytes(bytes), "a");
    ASSERT_TRUE(archive) << archive.error().what;
    ASSERT_EQ(archive->entries().size(), 3U);
    EXPECT_EQ(archive->entries()[0].path, "a/one.txt");
    EXPECT_EQ(archive->entries()[0].head, "one");
    EXPECT_EQ(archive->entries()[1].path, "b/two");
    EXPECT_EQ(archive->entries()[1].head.size(), Archive::kHead);
    EXPECT_EQ(archive->entries()[2].path, "three") << "where it lay on the disk does not matter";
    const size_t wanted[] = {0, 1, 2};
    const auto paths = archive->Unpack(wanted);
    ASSERT_TRUE(paths) << paths.error().what;
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(ContentOf((*paths)[i]), kFiles[i].content) << format;
    EXPECT_EQ(ContentOf(archive->Unpack(std::span(wanted).subspan(1, 1))->front()), kFiles[1].content);
  }
}

TEST(Archive, IsNotWhatOnlyLooksLikeIt) {
  EXPECT_FALSE(Archive::Is({}));
  EXPECT_FALSE(Archive::Is(AsBytes(std::string(512, '\0'))));
  EXPECT_FALSE(Archive::Is(AsBytes(std::string(512, 'a'))));
  EXPECT_FALSE(Archive::Is(AsBytes("PK\x03")));
}

TEST(Archive, TakesNoPathOutOfItself) {
  const std::string bytes = MakeArchive({{"../../etc/passwd", "x"}, {"a/../b", "y"}, {"..c/d..", "z"}});
  const auto archive = Archive::Open(AsBytes(bytes), "a");
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->entries()[0].path, "");
  EXPECT_EQ(archive->entries()[1].path, "");
  EXPECT_EQ(archive->entries()[2].path, "..c/d..");
}

TEST(Archive, TellsLinksAndDevicesFromFiles) {
  const std::string bytes = MakeArchive({{"link", "", AE_IFLNK, "/etc/passwd"},
                                         {"null", "", AE_IFCHR},
                                         {"pipe", "", AE_IFIFO},
                                         {"dir", "", AE_IFDIR}});
  const auto archive = Archive::Open(AsBytes(bytes), "a");
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->entries()[0].kind, ArchiveEntry::Kind::kLink);
  EXPECT_EQ(archive->entries()[1].kind, ArchiveEntry::Kind::kOther);
  EXPECT_EQ(archive->entries()[2].kind, ArchiveEntry::Kind::kOther);
  EXPECT_EQ(archive->entries()[3].kind, ArchiveEntry::Kind::kFolder);
}

TEST(Archive, SaysWhereItIsCutShort) {
  for (const char* format : {"pax", "zip"}) {
    const std::string bytes = MakeArchive(kFiles, format);
    for (const size_t size : {bytes.size() / 4, bytes.size() / 2}) {
      const auto archive = Archive::Open(AsBytes(bytes).first(size), "a");
      ASSERT_FALSE(archive) << format << size;
      EXPECT_EQ(archive.error().code, Errc::kMalformed);
      EXPECT_THAT(archive.error().what, HasSubstr("damaged or cut short"));
    }
  }
}

// Any bytes may be damaged; what comes is a list or an error.
TEST(Archive, OutlivesDamage) {
  std::mt19937 random(7);
  for (const char* format : {"ustar", "pax", "gnutar", "zip"}) {
    const std::string whole = MakeArchive(kFiles, format);
    size_t opened = 0, refused = 0;
    for (int round = 0; round < 300; ++round) {
      std::string bytes = whole;
      for (int change = 0; change < 4; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
      if (round % 3 == 0) bytes.resize(random() % bytes.size());
      const auto archive = Archive::Open(AsBytes(bytes), "a");
      ++(archive ? opened : refused);
      if (!archive) continue;
      std::vector<size_t> wanted;
      for (size_t i = 0; i < archive->entries().size(); ++i) {
        if (archive->entries()[i].kind == ArchiveEntry::Kind::kFile) wanted.push_back(i);
      }
      const auto paths = archive->Unpack(wanted);
      if (!paths) continue;
      for (const std::string& path : *paths) EXPECT_LE(ContentOf(path).size(), bytes.size() * 2 + 100000);
    }
    EXPECT_GT(opened, 0U) << format;
    EXPECT_GT(refused, 0U) << format;
  }
}

TEST(Archive, BoundsTheNumberOfEntries) {
  std::string entry = MakeArchive({{"x", ""}}, "ustar").substr(0, 512), bytes;
  for (size_t i = 0; i <= Archive::kMostEntries; ++i) bytes += entry;
  const auto archive = Archive::Open(AsBytes(bytes), "a");
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().code, Errc::kLimit);
}

TEST(MostUnpacked, LetsPreallocatedFilesPass) {
  EXPECT_GT(MostUnpacked(10000), uint64_t{64} << 20);
  EXPECT_LT(MostUnpacked(10000), uint64_t{5} << 30);
}

}  // namespace
}  // namespace etcdmedic
