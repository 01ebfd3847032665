// SPDX-License-Identifier: Apache-2.0
#include "base/file_kind.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"

namespace etcdmedic {
namespace {

class FileKindTest : public testing::Test {
 protected:
  void SetUp() override {
    char pattern[] = "/tmp/etcdmedic-kind-XXXXXX";
    folder_ = mkdtemp(pattern);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::string folder_;
};

TEST_F(FileKindTest, TellsWhatAPathLeadsTo) {
  std::ofstream(Path("file")) << "four";
  mkfifo(Path("fifo").c_str(), 0600);
  mkdir(Path("folder").c_str(), 0700);
  ASSERT_EQ(symlink("file", Path("link").c_str()), 0);
  ASSERT_EQ(symlink("nowhere", Path("dangling").c_str()), 0);
  ASSERT_EQ(symlink("circular", Path("circular").c_str()), 0);
  EXPECT_EQ(Look(Path("file")).kind, FileKind::kRegular);
  EXPECT_EQ(Look(Path("file")).size, 4U);
  EXPECT_EQ(Look(Path("link")).kind, FileKind::kRegular);
  EXPECT_EQ(Look(Path("fifo")).kind, FileKind::kFifo);
  EXPECT_EQ(Look(Path("folder")).kind, FileKind::kDirectory);
  EXPECT_EQ(Look(Path("dangling")).kind, FileKind::kDanglingLink);
  EXPECT_EQ(Look(Path("circular")).kind, FileKind::kCircularLink);
  EXPECT_EQ(Look(Path("none")).kind, FileKind::kMissing);
  EXPECT_EQ(Look(Path("file/below")).kind, FileKind::kMissing);
  EXPECT_EQ(Look("/dev/null").kind, FileKind::kCharacterDevice);
}

TEST_F(FileKindTest, OpensFilesAndUnnamedPipesOnly) {
  std::ofstream(Path("file")) << "four";
  mkfifo(Path("fifo").c_str(), 0600);
  ASSERT_EQ(symlink("nowhere", Path("dangling").c_str()), 0);
  const auto file = OpenInput(Path("file"));
  ASSERT_TRUE(file);
  EXPECT_EQ(fcntl(*file, F_GETFL) & O_NONBLOCK, 0);
  close(*file);
  const auto fifo = OpenInput(Path("fifo"));  // would wait for ever for somebody who writes
  ASSERT_FALSE(fifo);
  EXPECT_EQ(fifo.error().what, "is a FIFO (named pipe), not a file");
  EXPECT_EQ(OpenInput(Path("dangling")).error().what, "is a symbolic link to nowhere, which does not exist");
  EXPECT_EQ(OpenInput(folder_).error().what, "is a directory, not a file");
  EXPECT_EQ(OpenInput("/dev/null").error().code, Errc::kUnsupported);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  ASSERT_EQ(write(ends[1], "pipe", 4), 4);
  close(ends[1]);
  const auto text = ReadSmallFile("/dev/fd/" + std::to_string(ends[0]), 100);
  ASSERT_TRUE(text) << text.error().what;
  EXPECT_EQ(*text, "pipe");
  close(ends[0]);
}

TEST_F(FileKindTest, NamesTheDirectoryThatRefuses) {
  mkdir(Path("closed").c_str(), 0700);
  std::ofstream(Path("closed/file")) << "four";
  chmod(Path("closed").c_str(), 0600);
  if (geteuid() == 0) {  // refuses nothing to root
    const Error error = ExplainDenied(Path("closed/file"));
    EXPECT_NE(error.what.find("root is refused too"), std::string::npos) << error.what;
  } else {
    const auto denied = OpenInput(Path("closed/file"));
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().code, Errc::kDenied);
    EXPECT_NE(denied.error().what.find(Path("closed") + "/ is owned by uid"), std::string::npos)
        << denied.error().what;
    EXPECT_NE(denied.error().what.find("mode 0600"), std::string::npos);
  }
  chmod(Path("closed").c_str(), 0700);
}

}  // namespace
}  // namespace etcdmedic
