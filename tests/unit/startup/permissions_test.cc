// SPDX-License-Identifier: Apache-2.0
// Files that the data directory's owner cannot use: docs/format/directory.md, "Modes and locks".
#include "startup/permissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace etcdmedic::startup {
namespace {

using diag::Code;
using member::File;
using testing::HasSubstr;

constexpr EtcdVersion k34{3, 4}, k35{3, 5}, k36{3, 6}, k37{3, 7};
constexpr uint32_t kEtcd = 997;

File Of(const std::string& name, uint32_t mode, FileKind kind = FileKind::kRegular) {
  return {"/nonexistent/" + name, name, 64, mode, kEtcd, kEtcd, kind};
}

// All parts belong to uid 997, which may use them.
member::MemberState Sound() {
  member::MemberState state;
  state.layout.kind = member::Kind::kDataDir;
  state.layout.wal_dir = "wal";
  state.layout.data_folder = Of("", 0700, FileKind::kDirectory);
  state.layout.member_folder = Of("member", 0700, FileKind::kDirectory);
  state.layout.wal_folder = Of("member/wal", 0700, FileKind::kDirectory);
  state.layout.snap_folder = Of("member/snap", 0700, FileKind::kDirectory);
  state.layout.segments = {Of("member/wal/0000000000000000-0000000000000000.wal", 0600)};
  state.layout.snapshots = {Of("member/snap/0000000000000002-0000000000000005.snap", 0644)};
  state.layout.db = {Of("member/snap/db", 0600)};
  return state;
}

TEST(Permissions, AreThoseOfTheOwnerOfTheDirectory) {
  const member::MemberState state = Sound();
  ASSERT_TRUE(RunnerOf(state.layout));
  EXPECT_EQ(RunnerOf(state.layout)->uid, kEtcd);
  EXPECT_FALSE(RunnerOf(member::Layout{}));
  diag::FindingList found;
  CheckPermissions(state, found);
  EXPECT_TRUE(found.items.empty());
  for (const EtcdVersion version : KnownVersions()) EXPECT_FALSE(FailByFiles(state, version));
}

struct Case {
  const char* name;
  void (*change)(member::Layout&);
  EtcdVersion version;
  Outcome outcome;
  const char* message;
};

TEST(Permissions, EndTheStartAsEtcdMeetsThem) {
  const auto db = [](member::Layout& l) { l.db[0].mode = 0000; };
  const auto foreign = [](member::Layout& l) { l.db[0].uid = 0, l.db[0].gid = 0; };
  const auto segment = [](member::Layout& l) { l.segments[0].mode = 0200; };
  const auto read_only = [](member::Layout& l) { l.segments[0].mode = 0400; };
  const auto data = [](member::Layout& l) { l.data_folder->mode = 0500; };
  const Case cases[] = {
      {"the db", db, k36, Outcome::kPanics, "failed to open database"},
      {"the db", db, k34, Outcome::kPanics, "cannot open database at"},
      {"a db of root", foreign, k36, Outcome::kPanics, "failed to open database"},
      {"a segment", segment, k36, Outcome::kExits,
       "0000000000000000-0000000000000000.wal: permission denied"},
      {"a segment that may not be written", read_only, k35, Outcome::kExits, "permission denied"},
      {"the data directory", data, k36, Outcome::kExits, "cannot access data directory"},
      {"the db is a directory", [](member::Layout& l) { l.db[0].kind = FileKind::kDirectory; }, k37,
       Outcome::kPanics, "failed to open database"},
      {"a segment is a FIFO", [](member::Layout& l) { l.segments[0].kind = FileKind::kFifo; }, k36,
       Outcome::kHangs, ""},
      {"a segment is a directory", [](member::Layout& l) { l.segments[0].kind = FileKind::kDirectory; }, k36,
       Outcome::kExits, "is a directory"},
      {"a .snap is a FIFO", [](member::Layout& l) { l.snapshots[0].kind = FileKind::kFifo; }, k36,
       Outcome::kHangs, ""},
  };
  for (const Case& each : cases) {
    member::MemberState state = Sound();
    each.change(state.layout);
    const auto end = FailByFiles(state, each.version);
    ASSERT_TRUE(end) << each.name;
    EXPECT_EQ(NameOf(end->outcome), NameOf(each.outcome)) << each.name;
    EXPECT_THAT(end->message, HasSubstr(each.message)) << each.name;
  }
}

TEST(Permissions, DoNotStopRoot) {
  member::MemberState state = Sound();
  for (auto* folder : {&state.layout.data_folder, &state.layout.member_folder, &state.layout.wal_folder,
                       &state.layout.snap_folder})
    (*folder)->uid = (*folder)->gid = 0;
  state.layout.db[0].mode = 0;
  EXPECT_FALSE(FailByFiles(state, k36));
}

TEST(Permissions, AreReportedFileByFile) {
  member::MemberState state = Sound();
  state.layout.db[0].mode = 0;
  state.layout.snapshots[0].mode = 0;
  state.layout.wal_folder->kind = FileKind::kRegular;
  diag::FindingList found;
  CheckPermissions(state, found);
  std::set<std::pair<std::string, Code>> seen;
  for (const diag::Finding& finding : found.items) seen.emplace(finding.where.file, finding.code);
  EXPECT_TRUE(seen.contains({"member/snap/db", Code::kFilePermission}));
  EXPECT_TRUE(seen.contains({"member/snap/0000000000000002-0000000000000005.snap", Code::kFilePermission}));
  EXPECT_TRUE(seen.contains({"member/wal", Code::kFileKind}));
}

}  // namespace
}  // namespace etcdmedic::startup
