// SPDX-License-Identifier: Apache-2.0
#include "restore/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/sha256.h"
#include "bolt/builder.h"
#include "check/verify.h"
#include "member/layout.h"
#include "mvcc/revision.h"
#include "support/memory_db.h"
#include "support/temp_folder.h"

namespace etcdmedic::restore {
namespace {

using support::TempFolder;
using testing::HasSubstr;

constexpr const char* kBuckets[] = {"alarm", "auth",  "authRoles", "authUsers",       "cluster",
                                    "key",   "lease", "members",   "members_removed", "meta"};

std::string Backend() {
  support::MemoryDb sink;
  bolt::Builder builder(sink, {});
  for (const std::string bucket : kBuckets) {
    EXPECT_TRUE(builder.Begin(bucket));
    for (int64_t revision = 2; bucket == "key" && revision < 40; ++revision) {
      const char r = static_cast<char>(revision);
      const std::string value{'\x0A', 1, 'k', '\x10', 2, '\x18', r, '\x20', static_cast<char>(r - 1),
                              '\x2A', 1, 'v'};
      EXPECT_TRUE(builder.Add(AsBytes(mvcc::EncodeRevisionKey({{revision, 0}, false})), AsBytes(value)));
    }
    if (bucket == "cluster") {
      EXPECT_TRUE(builder.Add(AsBytes("clusterVersion"), AsBytes("3.6.0")));
    }
    if (bucket == "meta") {
      EXPECT_TRUE(builder.Add(AsBytes("consistent_index"), AsBytes(std::string("\0\0\0\0\0\0\0\x30", 8))));
    }
    EXPECT_TRUE(builder.End());
  }
  EXPECT_TRUE(builder.Finish());
  return sink.image;
}

std::string Snapshot() { return Backend() + Sha256(AsBytes(Backend())); }

Options OptionsFor(const TempFolder& folder) {
  Options options;
  options.cluster = *cluster::ParseNewCluster("a=http://a:1,b=http://b:1", "t");
  options.targets = {{options.cluster.Named("a")->id, ""}};
  options.output = folder / "new";
  return options;
}

unsigned ModeOf(const std::string& path) {
  struct stat info {};
  EXPECT_EQ(stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777;
}

check::Report Verified(const std::string& path) {
  auto layout = member::Recognise(path);
  EXPECT_TRUE(layout);
  auto state = member::LoadMember(std::move(*layout), {.keys = true});
  EXPECT_TRUE(state);
  return check::Verify(*state);
}

TEST(Restore, MakesAMemberThatIsSoundAndPrivate) {
  const TempFolder folder;
  const auto restored = Restore(folder.Write("b.db", Snapshot()), OptionsFor(folder));
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->refusal, "");
  EXPECT_EQ(restored->revision, 39);
  for (const auto& finding : Verified(folder / "new").findings)
    EXPECT_LE(finding.severity, diag::Severity::kNote) << finding.message;
  EXPECT_EQ(ModeOf(folder / "new/member/snap"), 0700U);
  EXPECT_EQ(ModeOf(folder / "new/member/snap/db"), 0600U);
  EXPECT_EQ(ModeOf(folder / "new/member/wal/0000000000000000-0000000000000000.wal"), 0600U);
}

TEST(Restore, MakesEveryMemberAndPutsALogElsewhere) {
  const TempFolder folder;
  const std::string backup = folder.Write("b.db", Snapshot());
  Options options = OptionsFor(folder);
  options.targets = {{options.cluster.members[0].id, "x/"}, {options.cluster.members[1].id, "y/"}};
  ASSERT_TRUE(Restore(backup, options));
  EXPECT_TRUE(Verified(folder / "new/x").sound());
  EXPECT_TRUE(Verified(folder / "new/y").sound());
  EXPECT_EQ(folder.Read("new/x/member/snap/db"), folder.Read("new/y/member/snap/db"));
  options = OptionsFor(folder);
  options.output = folder / "other";
  options.wal_dir = folder / "log";
  ASSERT_TRUE(Restore(backup, options));
  EXPECT_FALSE(std::filesystem::exists(folder / "other/member/wal"));
  EXPECT_TRUE(std::filesystem::exists(folder / "log/0000000000000000-0000000000000000.wal"));
}

TEST(Restore, RaisesTheRevision) {
  const TempFolder folder;
  Options options = OptionsFor(folder);
  options.bump = 1000;
  const std::string backup = folder.Write("b.db", Snapshot());
  const auto restored = Restore(backup, options);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->raised_to, 1039);
  options.output = folder / "never";
  options.bump = INT64_MAX - 39;
  EXPECT_THAT(Restore(backup, options).error().what, HasSubstr("64 bits"));
  EXPECT_FALSE(std::filesystem::exists(folder / "never.partial"));
}

TEST(Restore, RefusesWhatIsDamagedAndLeavesNothing) {
  const TempFolder folder;
  std::string flipped = Snapshot(), cut = Snapshot(), page = Backend();
  flipped[flipped.size() - 40] ^= 1;
  cut.resize(cut.size() - 4096);
  page[2 * 4096 + 8] = '\x7F';
  const std::pair<std::string, std::string> cases[] = {{flipped, "SHA-256"},
                                                       {cut, "damaged"},
                                                       {Backend(), "--skip-hash-check"},
                                                       {page, "damaged"},
                                                       {"text", "snapshot"}};
  for (const auto& [bytes, word] : cases) {
    const auto restored = Restore(folder.Write("b.db", bytes), OptionsFor(folder));
    ASSERT_TRUE(restored) << word;
    EXPECT_THAT(restored->refusal, HasSubstr(word));
    EXPECT_FALSE(std::filesystem::exists(folder / "new")) << word;
    EXPECT_FALSE(std::filesystem::exists(folder / "new.partial")) << word;
  }
}

TEST(Restore, TakesAFileWithoutItsHashWhereThatIsAllowed) {
  const TempFolder folder;
  Options options = OptionsFor(folder);
  options.skip_hash_check = true;
  const auto restored = Restore(folder.Write("b.db", Backend()), options);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->refusal, "");
}

TEST(Restore, OverwritesNothing) {
  const TempFolder folder;
  folder.Write("new/member/snap/db", "mine");
  const auto restored = Restore(folder.Write("b.db", Snapshot()), OptionsFor(folder));
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, Errc::kRefused);
  EXPECT_EQ(folder.Read("new/member/snap/db"), "mine");
}

}  // namespace
}  // namespace etcdmedic::restore
