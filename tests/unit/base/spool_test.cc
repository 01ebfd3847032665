// SPDX-License-Identifier: Apache-2.0
#include "base/spool.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"

namespace etcdmedic {
namespace {

std::string ContentOf(const std::string& path) {
  const auto map = MappedFile::Open(path);
  return map ? std::string(AsText(map->bytes())) : map.error().what;
}

TEST(Spool, HoldsWhatIsWritten) {
  auto spool = Spool::Open("x");
  ASSERT_TRUE(spool);
  ASSERT_TRUE(spool->Append(AsBytes("abc")));
  ASSERT_TRUE(spool->Append(AsBytes("defg")));
  ASSERT_TRUE(spool->Write(1, AsBytes("X")));
  ASSERT_TRUE(spool->Finish());
  EXPECT_EQ(spool->size(), 7U);
  EXPECT_EQ(ContentOf(spool->Keep()), "aXcdefg");
}

TEST(Spool, MakesHolesOfZeros) {
  std::string bytes(size_t{1} << 20, '\0');
  bytes[5000] = 'a';
  bytes[600000] = 'b';
  auto spool = Spool::Open("x");
  ASSERT_TRUE(spool);
  ASSERT_TRUE(spool->Append(AsBytes("x")));
  ASSERT_TRUE(spool->Append(AsBytes(bytes)));
  ASSERT_TRUE(spool->Finish());
  const std::string path = spool->Keep();
  EXPECT_EQ(ContentOf(path), "x" + bytes);
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_LT(info.st_blocks * 512, 64 << 10) << "three blocks hold something";
}

TEST(Spool, HasNoName) {
  setenv("TMPDIR", "/nonexistent", 1);
  EXPECT_TRUE(Spool::Open("x")) << "/tmp then";
  unsetenv("TMPDIR");
}

}  // namespace
}  // namespace etcdmedic
