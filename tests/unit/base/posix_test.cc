// SPDX-License-Identifier: Apache-2.0
#include "base/posix.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "support/temp_folder.h"

namespace etcdmedic {
namespace {

bool IsOpen(int number) { return fcntl(number, F_GETFD) >= 0; }

TEST(Descriptor, ClosesOnceWhatItOwns) {
  int number = -1;
  {
    Descriptor first(dup(STDOUT_FILENO));
    number = first.get();
    const Descriptor second(std::move(first));
    EXPECT_EQ(first.get(), -1);
    EXPECT_EQ(second.get(), number);
    EXPECT_TRUE(IsOpen(number));
  }
  EXPECT_FALSE(IsOpen(number));
}

TEST(Descriptor, SaysWhereClosingFails) {
  Descriptor gone(dup(STDOUT_FILENO));
  close(gone.get());
  EXPECT_EQ(gone.Close(), -1);
  EXPECT_EQ(gone.Close(), 0);  // none any more
}

TEST(WriteAll, WritesMoreThanAPipeTakesAtOnce) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor from(ends[0]);
  Descriptor to(ends[1]);
  const std::string text(size_t{1} << 20, 'x');
  const pid_t writer = fork();
  if (writer == 0) _exit(WriteAll(to.get(), AsBytes(text), "pipe") ? 0 : 1);
  to.Close();
  std::string read_back(text.size() + 1, '\0');
  size_t size = 0;
  for (ssize_t count = 1; count > 0; size += static_cast<size_t>(count))
    count = read(from.get(), read_back.data() + size, read_back.size() - size);
  EXPECT_EQ(read_back.substr(0, size), text);
}

TEST(WriteAll, SaysWhatWentWrong) {
  const Descriptor full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  for (const auto& done :
       {WriteAll(full.get(), AsBytes("x"), "a"), WriteAllAt(full.get(), 7, AsBytes("x"), "a")}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::kLimit);
    EXPECT_EQ(done.error().where.file, "a");
    EXPECT_EQ(done.error().what, "cannot write: No space left on device");
  }
  const auto closed = WriteAll(-1, AsBytes("x"), "b");
  ASSERT_FALSE(closed);
  EXPECT_EQ(closed.error().code, Errc::kIo);
}

TEST(WriteAllAt, WritesWhereItIsTold) {
  const Descriptor file(open(testing::TempDir().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  ASSERT_TRUE(WriteAllAt(file.get(), 3, AsBytes("defg"), "t"));
  ASSERT_TRUE(WriteAllAt(file.get(), 0, AsBytes("abc"), "t"));
  char text[8] = {};
  ASSERT_EQ(pread(file.get(), text, sizeof text, 0), 7);
  EXPECT_STREQ(text, "abcdefg");
}

TEST(SyncPath, TakesFilesAndDirectoriesAndNamesWhatIsMissing) {
  EXPECT_TRUE(SyncPath(testing::TempDir()));
  const support::TempFolder folder;
  ASSERT_EQ(symlink(folder.path().c_str(), (folder / "link").c_str()), 0);
  EXPECT_TRUE(SyncPath(folder / "link"));
  const auto missing = SyncPath("/nowhere/at/all");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().what, "cannot open: No such file or directory");
}

}  // namespace
}  // namespace etcdmedic
