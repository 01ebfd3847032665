// SPDX-License-Identifier: Apache-2.0
// Members on disk: what is loaded of them, what cannot be, and whether a running etcd holds them.
#include "member/member_state.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include "member/snap_db.h"
#include "support/key_space.h"
#include "support/temp_folder.h"
#include "support/wal_builder.h"

namespace etcdmedic::member {
namespace {

namespace fs = std::filesystem;
using diag::Code;
using support::KeySpace;
using support::WalBuilder;

constexpr const char* kSegment = "member/wal/0000000000000000-0000000000000000.wal";
constexpr const char* kNext = "member/wal/0000000000000001-0000000000000003.wal";
constexpr const char* kSnap = "member/snap/0000000000000002-0000000000000002.snap";
constexpr const char* kDb = "member/snap/db";

class MemberOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    WalBuilder first;
    first.Snapshot(0, 0).Put(2, 1, "/a", "1").Put(2, 2, "/b", "2").Snapshot(2, 2).State(2, 1, 2);
    WalBuilder next(first.crc());
    next.State(2, 1, 2).Put(2, 3, "/c", "3").Zeros(4096);
    folder_.Write(kSegment, first.bytes());
    folder_.Write(kNext, next.bytes());
    snap::Snapshot snapshot;
    snapshot.index = snapshot.term = 2;
    snapshot.conf_state.voters = {1};
    snapshot.store = "{}";
    folder_.Write(kSnap, snap::EncodeSnapshot(snapshot));
    KeySpace space;
    space.Put("/a", "1").Put("/b", "2").Put("/c", "3").Meta("consistent_index", support::BigEndian64(3));
    folder_.Write(kDb, space.Build());
  }
  Result<MemberState> Load(const LoadOptions& options = {}) const {
    return LoadMember(*Recognise(folder_.path()), options);
  }
  static bool Reports(const MemberState& state, Code code, const std::string& file) {
    return std::ranges::any_of(state.findings, [&](const diag::Finding& finding) {
      return finding.code == code && finding.where.file == file;
    });
  }
  support::TempFolder folder_;
};

TEST_F(MemberOnDisk, IsReadWhole) {
  const auto state = Load();
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->whole());
  EXPECT_TRUE(state->has_log);
  EXPECT_TRUE(state->has_db);
  EXPECT_EQ(state->log.last_index(), 3U);
  ASSERT_NE(state->NewestSnapshot(), nullptr);
  EXPECT_EQ(state->NewestSnapshot()->content->index, 2U);
  EXPECT_EQ(state->backend->consistent_index, 3U);
  EXPECT_TRUE(state->db->sound);
  EXPECT_TRUE(state->findings.empty());
  EXPECT_FALSE(state->denied());
  EXPECT_FALSE(state->in_use.running);
}

TEST_F(MemberOnDisk, LeavesOutWhatNobodyAskedFor) {
  LoadOptions options;
  options.snapshots = options.backend = false;
  const auto state = Load(options);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->snapshots.empty());
  EXPECT_FALSE(state->backend);
  EXPECT_FALSE(state->db);
}

TEST_F(MemberOnDisk, KeepsTheEntriesOnlyWhereTheyCanWitnessABackend) {
  auto state = Load({.keys = true});
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->entries.empty());
  fs::remove(fs::path(folder_.path()) / kDb);
  state = Load({.keys = true});
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->entries.empty());
  EXPECT_EQ(state->log.segments.size(), 2U);
}

TEST_F(MemberOnDisk, TakesTheSnapshotBeforeOneThatIsDamaged) {
  std::string damaged = folder_.Read(kSnap);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0x55);
  folder_.Write("member/snap/0000000000000002-0000000000000003.snap", damaged);
  const auto state = Load();
  ASSERT_TRUE(state);
  ASSERT_EQ(state->snapshots.size(), 2U);
  EXPECT_FALSE(state->snapshots[0].content) << "the newest by name comes first";
  EXPECT_EQ(state->NewestSnapshot(), &state->snapshots[1]);
  EXPECT_TRUE(Reports(*state, Code::kSnapCrcMismatch, "member/snap/0000000000000002-0000000000000003.snap"));
}

TEST_F(MemberOnDisk, SaysWhatCannotBeOpened) {
  fs::remove(folder_ / kNext);
  fs::create_directory(folder_ / kNext);
  const auto state = Load();
  ASSERT_TRUE(state);
  ASSERT_EQ(state->unopened.size(), 1U);
  EXPECT_FALSE(state->complete());
  EXPECT_FALSE(state->whole());
  EXPECT_TRUE(Reports(*state, Code::kFileKind, kNext));
}

TEST_F(MemberOnDisk, ReadsASegmentAgainWithTheSeedOfTheOneBefore) {
  struct Count final : wal::SegmentVisitor {
    void OnRecord(const wal::Record&) override { ++records; }
    void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
    void OnDamage(const wal::Damage&) override { ++damages; }
    size_t records = 0, damages = 0;
  } count;
  const auto state = Load();
  ASSERT_TRUE(state);
  ReadSegmentAgain(*state, 1, count);
  EXPECT_EQ(count.damages, 0U);
  EXPECT_EQ(count.records, state->log.segments[1].chain.records);
}

TEST_F(MemberOnDisk, ReportsPagesThatAreGone) {
  auto state = Load();
  ASSERT_TRUE(state);
  ASSERT_EQ(truncate((folder_ / kNext).c_str(), 0), 0);
  EXPECT_EQ(state->log.segments[1].bytes[0], std::byte{0});
  diag::FindingList found;
  ReportUnreadable(state->maps, found);
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].code, Code::kFileUnreadable);
}

// etcd holds flock on the db and an open file description lock on its last segment.
TEST_F(MemberOnDisk, IsRunningWhileItsDbIsLocked) {
  const int db = open((folder_ / kDb).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(db, LOCK_EX), 0);
  const InUse held = IsRunning(*Recognise(folder_.path()));
  EXPECT_TRUE(held.running);
  EXPECT_EQ(held.what, kDb);
  close(db);
  EXPECT_FALSE(IsRunning(*Recognise(folder_.path())).running) << "and no lock is left behind";
}

TEST_F(MemberOnDisk, IsRunningWhileASegmentIsLocked) {
  const int segment = open((folder_ / kNext).c_str(), O_RDWR | O_CLOEXEC);
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  ASSERT_EQ(fcntl(segment, F_OFD_SETLK, &lock), 0);
  const InUse held = IsRunning(*Recognise(folder_.path()));
  EXPECT_TRUE(held.running);
  EXPECT_EQ(held.what, kNext);
  EXPECT_EQ(fcntl(segment, F_OFD_SETLK, &lock), 0) << "the lock is still ours";
  close(segment);
  EXPECT_FALSE(IsRunning(*Recognise(folder_.path())).running);
}

// Between our look at the log and at the backend, etcd begins a segment and applies what is in it.
TEST_F(MemberOnDisk, ReadsTheLogOfARunningMemberAgainWhereTheBackendIsAhead) {
  fs::rename(folder_ / kNext, folder_ / "next");
  LoadOptions options;
  options.keys = true;
  options.open = [&](const std::string& path) {
    if (path.ends_with("/db") && fs::exists(folder_ / "next")) fs::rename(folder_ / "next", folder_ / kNext);
    return MappedFile::Open(path);
  };
  const int db = open((folder_ / kDb).c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(db, LOCK_EX), 0);
  const auto running = Load(options);
  close(db);
  ASSERT_TRUE(running);
  EXPECT_EQ(running->layout.segments.size(), 2U);
  EXPECT_EQ(running->log.last_index(), 3U);
  fs::rename(folder_ / kNext, folder_ / "next");
  const auto stopped = Load(options);
  EXPECT_EQ(stopped->log.last_index(), 2U) << "what does not change is read once";
}

TEST_F(MemberOnDisk, KnowsTheSnapDbOfASnapshot) {
  fs::copy_file(folder_ / kDb, folder_ / "member/snap/0000000000000002.snap.db");
  folder_.Write("member/snap/000000000000zzzz.snap.db", "");
  const auto state = Load();
  ASSERT_TRUE(state);
  ASSERT_EQ(state->snap_dbs.size(), 2U);
  const SnapDb* const found = SnapDbFor(*state, 2);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->consistent_index, 3U);
  EXPECT_TRUE(found->unopened.empty());
  EXPECT_EQ(SnapDbFor(*state, 3), nullptr);
}

TEST(LoadMember, FailsWhereTheOnlyFileCannotBeOpened) {
  const support::TempFolder folder;
  const std::string path = folder.Write("0000000000000000-0000000000000000.wal", WalBuilder().bytes());
  auto layout = Recognise(path);
  ASSERT_TRUE(layout);
  fs::remove(path);
  EXPECT_EQ(LoadMember(*layout).error().code, Errc::kIo);
}

}  // namespace
}  // namespace etcdmedic::member
