// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <thread>

#include "support/temp_folder.h"

namespace etcdmedic {
namespace {

std::string Zstd(const std::string& plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

// Standard input is a pipe that holds `content` for as long as this lives.
class PipedInput {
 public:
  explicit PipedInput(const std::string& content) : before_(dup(STDIN_FILENO)) {
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    writer_ = std::jthread([content, to = ends[1]] {
      for (size_t at = 0; at < content.size();) {
        const ssize_t count = write(to, content.data() + at, content.size() - at);
        if (count <= 0) break;
        at += static_cast<size_t>(count);
      }
      close(to);
    });
  }
  ~PipedInput() {
    writer_.join();
    dup2(before_, STDIN_FILENO);
    close(before_);
  }

 private:
  int before_;
  std::jthread writer_;
};

TEST(MappedFile, MapsAFile) {
  const support::TempFolder folder;
  const auto file = MappedFile::Open(folder.Write("f", "content"));
  ASSERT_TRUE(file);
  EXPECT_EQ(AsText(file->bytes()), "content");
  EXPECT_EQ(file->path(), folder / "f");
  EXPECT_FALSE(file->compressed());
  EXPECT_EQ(file->unreadable_pages(), 0U);
  file->ReleasePages();
  EXPECT_EQ(AsText(file->bytes()), "content") << "read again";
}

TEST(MappedFile, MapsAnEmptyFile) {
  const support::TempFolder folder;
  const auto file = MappedFile::Open(folder.Write("f", ""));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, KeepsItsBytesWhereItIsMoved) {
  const support::TempFolder folder;
  auto first = MappedFile::Open(folder.Write("f", "first"));
  auto second = MappedFile::Open(folder.Write("g", "second"));
  ASSERT_TRUE(first && second);
  const Bytes view = first->bytes();
  MappedFile moved = std::move(*first);
  EXPECT_EQ(moved.bytes().data(), view.data());
  *second = std::move(moved);
  EXPECT_EQ(AsText(second->bytes()), "first");
}

TEST(MappedFile, LeavesItsInputAlone) {
  const support::TempFolder folder;
  const std::string path = folder.Write("f", "content");
  const timespec old[2] = {{1000, 0}, {2000, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), old, 0), 0);
  ASSERT_EQ(AsText(MappedFile::Open(path)->bytes()).front(), 'c');
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_atim.tv_sec, 1000);
  EXPECT_EQ(info.st_mtim.tv_sec, 2000);
}

TEST(MappedFile, UnpacksWhatIsCompressed) {
  const support::TempFolder folder;
  const std::string plain(300000, 'p');
  const auto file = MappedFile::Open(folder.Write("f.zst", Zstd(plain)));
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->compressed());
  EXPECT_EQ(AsText(file->bytes()), plain);
  const auto cut = MappedFile::Open(folder.Write("cut.zst", Zstd(plain).substr(0, 20)));
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::kMalformed);
}

TEST(MappedFile, CountsThePagesThatAreGone) {
  const support::TempFolder folder;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const std::string path = folder.Write("f", std::string(4 * page, 'x'));
  const auto file = MappedFile::Open(path);
  ASSERT_TRUE(file);
  ASSERT_EQ(truncate(path.c_str(), static_cast<off_t>(page)), 0);
  EXPECT_EQ(file->bytes()[2 * page + 5], std::byte{0});
  EXPECT_EQ(file->unreadable_pages(), 1U);
  EXPECT_EQ(file->first_unreadable_offset(), 2 * page);
}

TEST(MappedFile, RefusesWhatIsNotAFile) {
  const support::TempFolder folder;
  EXPECT_EQ(MappedFile::Open(folder.path()).error().code, Errc::kUnsupported);
  EXPECT_EQ(MappedFile::Open(folder / "none").error().what, "does not exist");
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(MappedFile::Open(folder / "fifo").error().code, Errc::kUnsupported) << "and it does not wait";
}

TEST(MappedFile, ReadsAPipe) {
  const std::string content(100000, 'c');
  const PipedInput input(content);
  const auto file = MappedFile::Open("-");
  ASSERT_TRUE(file);
  EXPECT_EQ(AsText(file->bytes()), content);
}

TEST(PatchedFile, ShowsEditsThatTheFileDoesNotHave) {
  const support::TempFolder folder;
  const std::string path = folder.Write("f", std::string(10000, 'x'));
  const auto file = MappedFile::OpenPatched(path, {9000, 12000, {{10, "abc"}, {11, "B"}, {11990, "end"}}});
  ASSERT_TRUE(file);
  std::string expected = std::string(9000, 'x') + std::string(3000, '\0');
  expected.replace(10, 3, "aBc");
  expected.replace(11990, 3, "end");
  EXPECT_EQ(AsText(file->bytes()), expected);
  file->ReleasePages();
  EXPECT_EQ(AsText(file->bytes()), expected) << "its own pages stay";
  EXPECT_EQ(folder.Read("f"), std::string(10000, 'x'));
}

TEST(PatchedFile, NeedsNoFileWhereNothingOfItIsKept) {
  const auto file = MappedFile::OpenPatched("/nonexistent", {0, 5, {{0, "hello"}}});
  ASSERT_TRUE(file);
  EXPECT_EQ(AsText(file->bytes()), "hello");
  EXPECT_TRUE(MappedFile::OpenPatched("/nonexistent", {})->bytes().empty());
  EXPECT_FALSE(MappedFile::OpenPatched("/nonexistent", {1, 5, {}}));
}

TEST(SpoolInput, LetsAPipeBeReadMoreThanOnce) {
  const std::string content(300000, 's');
  const PipedInput input(content);
  const auto path = SpoolInput("-");
  ASSERT_TRUE(path);
  for (int i = 0; i < 2; ++i) EXPECT_EQ(AsText(MappedFile::Open(*path)->bytes()), content);
}

TEST(SpoolInput, SaysWhatItCannotOpen) { EXPECT_EQ(SpoolInput("/nonexistent").error().code, Errc::kIo); }

TEST(ReadSmallFile, HasALimit) {
  const support::TempFolder folder;
  const std::string path = folder.Write("f", "12345");
  EXPECT_EQ(ReadSmallFile(path, 5), "12345");
  EXPECT_EQ(ReadSmallFile(path, 4).error().code, Errc::kLimit);
  EXPECT_EQ(ReadSmallFile(folder / "none", 4).error().code, Errc::kIo);
}

}  // namespace
}  // namespace etcdmedic
