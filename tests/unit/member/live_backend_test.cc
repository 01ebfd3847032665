// SPDX-License-Identifier: Apache-2.0
#include "member/live_backend.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/fnv.h"
#include "bolt/format.h"
#include "support/key_space.h"
#include "support/temp_folder.h"

namespace etcdmedic::member {
namespace {

// The same file after one more commit: meta 1 has the next number.
std::string AfterCommit(std::string db) {
  const size_t body = 4096 + 16;
  db.replace(body + 48, 8, support::LittleEndian(99, 8));
  return db.replace(body + 56, 8, support::LittleEndian(Fnv1a64(AsBytes(db).subspan(body, 56)), 8));
}

TEST(MapAfterCommit, GivesAnIdleBackendSoon) {
  const support::TempFolder folder;
  const std::string path = folder.Write("db", support::KeySpace().Put("/a", "1").Build());
  const auto start = std::chrono::steady_clock::now();
  const auto map = MapAfterCommit(path);
  ASSERT_TRUE(map);
  EXPECT_EQ(NewestTransaction(map->bytes()), 4U);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(MapAfterCommit, WaitsForTheNextCommit) {
  const support::TempFolder folder;
  const std::string before = support::KeySpace().Put("/a", "1").Build();
  const std::string path = folder.Write("db", before);
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file.write(AfterCommit(before).data() + 4096, 4096);
  });
  const auto map = MapAfterCommit(path);
  writer.join();
  ASSERT_TRUE(map);
  EXPECT_EQ(NewestTransaction(map->bytes()), 99U);
}

TEST(MapAfterCommit, MapsWhatIsNoBackendToo) {
  const support::TempFolder folder;
  EXPECT_EQ(MapAfterCommit(folder.Write("db", "short"))->bytes().size(), 5U);
  EXPECT_FALSE(MapAfterCommit(folder / "none"));
}

// etcd has not yet written the pages that its meta speaks of: they are waited for no longer than a few tries.
TEST(MapAfterCommit, EndsWhereTheFileNeverGrows) {
  const support::TempFolder folder;
  const std::string whole = support::KeySpace().Put("/a", "1").Build();
  const auto map = MapAfterCommit(folder.Write("db", whole.substr(0, whole.size() - 4096)));
  ASSERT_TRUE(map);
  EXPECT_EQ(map->bytes().size(), whole.size() - 4096);
}

TEST(NewestTransaction, IsOfTheMetaThatEtcdUses) {
  EXPECT_EQ(NewestTransaction(AsBytes(AfterCommit(support::KeySpace().Build()))), 99U);
  EXPECT_EQ(NewestTransaction(AsBytes("short")), 0U);
}

TEST(HasCommittedSince, SeesANewerMeta) {
  const support::TempFolder folder;
  const std::string before = support::KeySpace().Put("/a", "1").Build();
  const auto map = MappedFile::Open(folder.Write("db", before));
  EXPECT_FALSE(HasCommittedSince(4, *map));
  EXPECT_TRUE(HasCommittedSince(3, *map));
}

// The meta is one that speaks of pages which came after the map was made: nothing but the size tells.
TEST(HasCommittedSince, SeesAFileThatWasEnlarged) {
  const support::TempFolder folder;
  const std::string whole = support::KeySpace().Put("/a", "1").Build();
  const auto map = MappedFile::Open(folder.Write("db", whole.substr(0, whole.size() - 4096)));
  EXPECT_FALSE(HasCommittedSince(4, *map));
  folder.Write("db", whole);
  EXPECT_TRUE(HasCommittedSince(4, *map));
}

}  // namespace
}  // namespace etcdmedic::member
