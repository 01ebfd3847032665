// SPDX-License-Identifier: Apache-2.0
#include "plan/new_member.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/try.h"
#include "check/verify.h"
#include "support/db_builder.h"
#include "support/temp_folder.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

const Ownership kOwn{geteuid(), getegid(), 0600};

NewMember Sample() {
  NewMember member;
  member.identity = {1, 2};
  member.index = 7;
  member.term = 3;
  member.conf_state.voters = {1};
  member.membership.members.push_back(
      {.id = 1, .name = "m1", .peer_urls = {"http://a"}, .client_urls = {"http://b"}});
  member.membership.cluster_version = "3.6.0";
  member.state = {3, 1, 7};
  return member;
}

// A backend that reaches to entry 7.
Result<void> Fill(bolt::PageSink& db) {
  bolt::Builder builder(db, {});
  const auto add = [&](const char* bucket, const std::string& key, const std::string& value) -> Result<void> {
    RETURN_IF_ERROR(builder.Begin(bucket));
    if (!key.empty()) RETURN_IF_ERROR(builder.Add(AsBytes(key), AsBytes(value)));
    return builder.End();
  };
  for (const char* bucket : {"alarm", "auth", "authRoles", "authUsers", "cluster", "key", "lease"})
    RETURN_IF_ERROR(add(bucket, "", ""));
  RETURN_IF_ERROR(add("members", "1", R"({"id":1,"peerURLs":["http://a"],"name":"m1"})"));
  RETURN_IF_ERROR(add("members_removed", "", ""));
  RETURN_IF_ERROR(add("meta", "consistent_index", support::BigEndian64(7)));
  auto done = builder.Finish();
  return done ? Result<void>() : Propagate(done);
}

TEST(NewMember, IsReadAsItWasAskedFor) {
  const support::TempFolder folder;
  const auto not_given = WriteMember(folder / "out", Sample(), kOwn, Fill);
  ASSERT_TRUE(not_given) << not_given.error().what;
  EXPECT_TRUE(not_given->empty());
  auto layout = member::Recognise(folder / "out");
  ASSERT_TRUE(layout);
  const auto state = member::LoadMember(std::move(*layout), {.keys = true});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->log.metadata, (raft::Metadata{1, 2}));
  EXPECT_EQ(state->log.state, (raft::HardState{3, 1, 7}));
  ASSERT_EQ(state->snapshots.size(), 1U);
  EXPECT_EQ(state->snapshots[0].content->index, 7U);
  const check::Report report = check::Verify(*state, startup::EtcdVersion{3, 6});
  for (const diag::Finding& finding : report.findings) EXPECT_LT(finding.severity, diag::Severity::kWarning);
  EXPECT_TRUE(report.sound()) << report.prediction.explanation;
}

TEST(NewMember, HoldsEntriesOnBothSidesOfItsSnapshot) {
  NewMember member = Sample();
  for (uint64_t index = 6; index < 10; ++index)
    member.entries.push_back({raft::EntryType::kNormal, 3, index, AsBytes("x")});
  const support::TempFolder folder;
  ASSERT_TRUE(WriteMember(folder / "out", member, kOwn, Fill));
  const auto layout = member::Recognise(folder / "out");
  const auto state = member::LoadMember(*layout);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->log.first_index(), 6U);
  EXPECT_EQ(state->log.last_index(), 9U);
  EXPECT_EQ(state->log.ContiguousFrom(6), 9U);
}

TEST(NewMember, IsForItsOwnerAlone) {
  const support::TempFolder folder;
  ASSERT_TRUE(WriteMember(folder / "out", Sample(), kOwn, Fill));
  for (const auto& each : fs::recursive_directory_iterator(folder / "out")) {
    struct stat info {};
    ASSERT_EQ(stat(each.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, each.is_directory() ? 0700U : 0600U) << each.path();
  }
}

TEST(NewMember, LeavesNothingWhereItFails) {
  const support::TempFolder folder;
  const auto fails = [](bolt::PageSink& db) -> Result<void> {
    RETURN_IF_ERROR(db.Write(4096, AsBytes(std::string(5000, 'x'))));
    return Fail(Errc::kLimit, "db", "cannot write: No space left on device");
  };
  EXPECT_FALSE(WriteMember(folder / "out", Sample(), kOwn, fails));
  EXPECT_FALSE(WriteSnapshotFile(folder / "file", kOwn, fails));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(NewMember, OverwritesNothing) {
  const support::TempFolder folder;
  folder.Write("out/kept", "kept");
  EXPECT_FALSE(WriteMember(folder / "out", Sample(), kOwn, Fill));
  EXPECT_FALSE(WriteSnapshotFile(folder / "out/kept", kOwn, Fill));
  EXPECT_EQ(folder.Read("out/kept"), "kept");
}

TEST(NewSnapshot, EndsInTheHashOfItsPages) {
  const support::TempFolder folder;
  ASSERT_TRUE(WriteSnapshotFile(folder / "file", kOwn, Fill));
  const auto map = MappedFile::Open(folder / "file");
  ASSERT_TRUE(map);
  const member::Trailer trailer = member::ReadTrailer(map->bytes(), bolt::ReadMetas(map->bytes()));
  EXPECT_EQ(trailer.ending, member::Ending::kMatches);
  EXPECT_TRUE(trailer.etcd_accepts);
}

}  // namespace
}  // namespace etcdmedic::plan
