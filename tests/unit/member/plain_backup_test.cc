// SPDX-License-Identifier: Apache-2.0
#include "member/plain_backup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/file.h"
#include "bolt/builder.h"
#include "support/memory_db.h"
#include "support/temp_folder.h"

namespace etcdmedic::member {
namespace {

using support::TempFolder;
using testing::HasSubstr;

std::string Db(const std::string& value) {
  support::MemoryDb sink;
  bolt::Builder builder(sink, {});
  EXPECT_TRUE(builder.Begin("key"));
  EXPECT_TRUE(builder.Add(AsBytes("k"), AsBytes(value)));
  EXPECT_TRUE(builder.End() && builder.Finish());
  return sink.image;
}

// A tar archive by the shell's own program, of the files in a folder.
std::string Pack(const TempFolder& folder, const std::string& names, const std::string& flags) {
  const std::string path = folder / "packed";
  EXPECT_EQ(std::system(("tar -C " + folder.path() + " " + flags + " -cf " + path + " " + names).c_str()), 0);
  return path;
}

std::string ContentOf(const Result<std::string>& path) {
  if (!path) return path.error().what;
  const auto map = MappedFile::Open(*path);
  return map ? std::string(AsText(map->bytes())) : map.error().what;
}

TEST(PlainBackup, IsTheFileItselfWhereNothingIsPacked) {
  const TempFolder folder;
  const std::string path = folder.Write("a.db", Db("1"));
  EXPECT_EQ(*PlainBackup(path), path);
}

TEST(PlainBackup, TakesTheOneDbOutOfAnArchiveOfAnyFormat) {
  const TempFolder folder;
  const std::string db = Db("in tar");
  folder.Write("some/notes.txt", "notes");
  folder.Write("some/" + std::string(120, 'n') + "/backup", db);
  for (const char* flags : {"--format=gnu", "--format=pax", "--format=gnu --gzip", "--format=pax --zstd", "--format=gnu --sparse", "--xz"}) {
    EXPECT_EQ(ContentOf(PlainBackup(Pack(folder, "some", flags))), db) << flags;
  }
}

TEST(PlainBackup, PrefersTheDbOfTheMember) {
  const TempFolder folder;
  const std::string db = Db("the member's");
  folder.Write("etcd/member/snap/0000000000000001.snap.db", Db("another"));
  folder.Write("etcd/member/snap/db", db);
  EXPECT_EQ(ContentOf(PlainBackup(Pack(folder, "etcd", ""))), db);
}

TEST(PlainBackup, NamesWhatItFoundInstead) {
  const TempFolder folder;
  folder.Write("a.txt", "a");
  folder.Write("one.db", Db("1"));
  folder.Write("two.db", Db("2"));
  EXPECT_THAT(ContentOf(PlainBackup(Pack(folder, "a.txt", ""))), HasSubstr("no db, but a.txt"));
  EXPECT_THAT(ContentOf(PlainBackup(Pack(folder, "one.db two.db", ""))), HasSubstr("one.db, two.db"));
  EXPECT_FALSE(PlainBackup(folder / "none"));
}

}  // namespace
}  // namespace etcdmedic::member
