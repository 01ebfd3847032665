// SPDX-License-Identifier: Apache-2.0
#include "base/tar.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace etcdmedic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string Header(const std::string& name, uint64_t size, char type, const std::string& prefix = "") {
  std::string block(512, '\0');
  block.replace(0, name.size(), name);
  block.replace(124, 11, fmt::format("{:011o}", size));
  block[156] = type;
  block.replace(257, 6, std::string("ustar\0", 6));
  block.replace(345, prefix.size(), prefix);
  block.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 7, fmt::format("{:06o}", sum) + std::string(1, '\0'));
  return block;
}

std::string File(const std::string& name, const std::string& content, char type = '0',
                 const std::string& prefix = "") {
  std::string out = Header(name, content.size(), type, prefix) + content;
  out.resize((out.size() + 511) / 512 * 512, '\0');
  return out;
}

const std::string kEnd(1024, '\0');

std::vector<std::pair<std::string, std::string>> FilesOf(const std::string& archive) {
  std::vector<std::pair<std::string, std::string>> files;
  const auto done = ForEachInTar(AsBytes(archive), "a.tar", [&](const TarFile& file) {
    files.emplace_back(file.name, AsText(file.content));
    return true;
  });
  if (!done) files.emplace_back("error", done.error().what);
  return files;
}

TEST(Tar, GivesRegularFilesInOrderWithTheirWholeNames) {
  const std::string archive = File("dir/", "", '5') + File("dir/a", "one") +
                              File("b", std::string(600, 'x'), '0', "deep") +
                              File("././@LongLink", std::string(120, 'n') + '\0', 'L') +
                              File("short", "three") + File("link", "", '2') + kEnd;
  EXPECT_TRUE(IsTar(AsBytes(archive)));
  EXPECT_THAT(FilesOf(archive), ElementsAre(Pair("dir/a", "one"), Pair("deep/b", std::string(600, 'x')),
                                            Pair(std::string(120, 'n'), "three")));
}

TEST(Tar, TakesNameAndSizeFromAPaxHeader) {
  const std::string archive = File("x", "16 path=dir/some\n" + std::string("10 size=3\n"), 'x');
  std::string broken = archive;
  EXPECT_THAT(FilesOf(File("x", "17 path=dir/some\n10 size=3\n", 'x') + Header("short", 0, '0') + "abc" +
                      std::string(509, '\0') + kEnd),
              ElementsAre(Pair("dir/some", "abc")));
  EXPECT_THAT(FilesOf(archive), ElementsAre(Pair("error", HasSubstr("damaged"))));
}

TEST(Tar, EndsWhereItIsCutAndSaysSo) {
  const std::string archive = File("a", std::string(700, 'a')) + File("b", "bb") + kEnd;
  for (size_t size = 0; size < archive.size(); ++size) {
    const auto files = FilesOf(archive.substr(0, size));
    EXPECT_LE(files.size(), 3U) << size;
    if (size > 0 && size < 512) {
      EXPECT_EQ(files.front().first, "error") << size;
    }
    if (size >= 512 && size < 512 + 700) {
      EXPECT_THAT(files.front().second, HasSubstr("ends inside a")) << size;
    }
  }
}

TEST(Tar, RefusesADamagedHeaderAndSparseFiles) {
  std::string archive = File("a", "aa") + File("b", "bb") + kEnd;
  archive[1024 + 3] ^= 1;
  EXPECT_THAT(FilesOf(archive), ElementsAre(Pair("a", "aa"), Pair("error", HasSubstr("damaged"))));
  EXPECT_THAT(FilesOf(File("s", "aa", 'S') + kEnd), ElementsAre(Pair("error", HasSubstr("--sparse"))));
  EXPECT_FALSE(IsTar(AsBytes(std::string(512, '\0'))));
  EXPECT_FALSE(IsTar(AsBytes(std::string(512, 'a'))));
}

TEST(Tar, StopsWhenItIsToldTo) {
  int seen = 0;
  ASSERT_TRUE(ForEachInTar(AsBytes(File("a", "a") + File("b", "b") + kEnd), "a.tar", [&](const TarFile&) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace etcdmedic
