// SPDX-License-Identifier: Apache-2.0
#include "check/backup.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/sha256.h"
#include "support/db_builder.h"
#include "support/key_space.h"

namespace etcdmedic::check {
namespace {

using diag::Code;

std::string Pages() {
  support::KeySpace keys;
  for (int i = 0; i < 40; ++i) keys.Put("key" + std::to_string(i), "value\n");
  return keys.Build();
}

std::string WithHash(const std::string& pages) { return pages + Sha256(AsBytes(pages)); }

BackupReport Check(const std::string& bytes) {
  const std::string path = testing::TempDir() + "backup_test_" + std::to_string(getpid()) + ".db";
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  const auto report = CheckBackup(path);
  EXPECT_TRUE(report) << report.error().what;
  return report ? *report : BackupReport{};
}

const diag::Finding* Find(const BackupReport& report, Code code) {
  const auto found = std::ranges::find(report.findings, code, &diag::Finding::code);
  return found == report.findings.end() ? nullptr : &*found;
}

TEST(Backup, IsUsableWithItsHash) {
  const BackupReport report = Check(WithHash(Pages()));
  EXPECT_EQ(report.verdict, BackupVerdict::kUsable);
  EXPECT_EQ(report.restore.outcome, RestoreOutcome::kTakes);
  EXPECT_EQ(report.kind, "snapshot");
  EXPECT_EQ(report.revision, 41);
}

TEST(Backup, WithoutAHashNeedsTheFlag) {
  const BackupReport report = Check(Pages());
  EXPECT_EQ(report.verdict, BackupVerdict::kUsable);
  EXPECT_EQ(report.restore.outcome, RestoreOutcome::kNeedsSkip);
  EXPECT_EQ(report.restore.message, "snapshot missing hash but --skip-hash-check=false");
  EXPECT_NE(Find(report, Code::kSnapshotNoHash), nullptr);
}

struct SizeCase {
  const char* name;
  int64_t change;  // bytes cut off (negative) or appended
  const char* message;
};

class WrongSizes : public testing::TestWithParam<SizeCase> {};

// etcdutl takes most of these with --skip-hash-check, and none without.
TEST_P(WrongSizes, AreDamage) {
  std::string bytes = WithHash(Pages());
  const size_t whole = bytes.size();
  bytes.resize(static_cast<size_t>(static_cast<int64_t>(whole) + GetParam().change), '\n');
  const BackupReport report = Check(bytes);
  EXPECT_EQ(report.verdict, BackupVerdict::kDamaged);
  EXPECT_NE(report.restore.outcome, RestoreOutcome::kTakes);
  const diag::Finding* const finding = Find(report, Code::kSnapshotSize);
  ASSERT_NE(finding, nullptr) << GetParam().name;
  EXPECT_NE(finding->message.find(GetParam().message), std::string::npos) << finding->message;
}

INSTANTIATE_TEST_SUITE_P(Sizes, WrongSizes,
                         testing::Values(SizeCase{"CutInTheHash", -16, "16 of 32 bytes are missing"},
                                         SizeCase{"CutOneByte", -1, "1 of 32 bytes are missing"},
                                         SizeCase{"CutASector", -512, "it was cut"},
                                         SizeCase{"CutAPage", -4128, "it was cut"},
                                         SizeCase{"ALineFeedAppended", 1, "1 byte was appended"},
                                         SizeCase{"SeveralBytesAppended", 480, "480 bytes were appended"}),
                         [](const auto& test) { return test.param.name; });

TEST(Backup, NamesBytesThatFollowTheLastPage) {
  const BackupReport report = Check(Pages() + "abc");
  EXPECT_EQ(report.verdict, BackupVerdict::kDamaged);
  ASSERT_NE(Find(report, Code::kSnapshotSize), nullptr);
  EXPECT_NE(Find(report, Code::kSnapshotSize)->message.find("3 bytes follow the last whole page"),
            std::string::npos);
}

TEST(Backup, AllocatedPagesAfterTheLastOneAreNoFault) {
  EXPECT_EQ(Check(Pages() + std::string(3 * 4096, '\0')).verdict, BackupVerdict::kUsable);
}

TEST(Backup, SaysWhyItsHashIsWrong) {
  const std::string pages = Pages();
  std::string flipped = WithHash(pages);
  flipped[pages.size() - 1] = static_cast<char>(flipped[pages.size() - 1] ^ 1);
  ASSERT_NE(flipped, WithHash(pages));
  const BackupReport changed = Check(flipped);
  EXPECT_EQ(changed.restore.outcome, RestoreOutcome::kNeedsSkip);
  EXPECT_TRUE(changed.restore.message.starts_with("expected sha256 ["));
  ASSERT_NE(Find(changed, Code::kDbSnapshotHash), nullptr);
  EXPECT_NE(Find(changed, Code::kDbSnapshotHash)->message.find("usual causes"), std::string::npos);

  const BackupReport zeroed = Check(pages + std::string(32, '\0'));
  ASSERT_NE(Find(zeroed, Code::kDbSnapshotHash), nullptr);
  EXPECT_NE(Find(zeroed, Code::kDbSnapshotHash)->message.find("never written"), std::string::npos);
}

// What etcdutl opens ends before the hash: no byte of it is taken for a page.
TEST(Backup, ThatLacksItsLastPageEndsInAMemoryFault) {
  const std::string pages = Pages();
  const BackupReport report = Check(WithHash(pages.substr(0, pages.size() - 4096)));
  EXPECT_EQ(report.verdict, BackupVerdict::kDamaged);
  EXPECT_EQ(report.restore.outcome, RestoreOutcome::kRefuses);
  EXPECT_TRUE(report.restore.message.starts_with("unexpected fault address")) << report.restore.message;
}

TEST(Backup, NamesAFileOfAnotherKind) {
  const BackupReport report = Check("<html><title>403 Forbidden</title></html>");
  EXPECT_EQ(report.verdict, BackupVerdict::kNoBackup);
  EXPECT_EQ(report.kind, "html");
  EXPECT_EQ(report.restore.outcome, RestoreOutcome::kRefuses);
  ASSERT_NE(Find(report, Code::kSnapshotForeign), nullptr);
  EXPECT_NE(Find(report, Code::kSnapshotForeign)->message.find("403 Forbidden"), std::string::npos);
}

TEST(Backup, NamesABoltFileOfAnotherProgram) {
  const BackupReport report = Check(support::DbBuilder().Add("v1", "k8s.io", "x").Build());
  EXPECT_EQ(report.verdict, BackupVerdict::kNoBackup);
  EXPECT_EQ(report.kind, "bbolt");
}

TEST(Backup, ThatIsCutWhilePackedIsDamaged) {
  const BackupReport report = Check("\x28\xB5\x2F\xFD\x20");
  EXPECT_EQ(report.verdict, BackupVerdict::kDamaged);
  EXPECT_NE(Find(report, Code::kSnapshotPacked), nullptr);
}

TEST(Backup, IsNotSpoiltByAStateOfItsCluster) {
  EXPECT_FALSE(SpoilsBackup({Code::kMvccAlarmActive, {}, 0, ""}));
  EXPECT_TRUE(SpoilsBackup({Code::kDbMetaDamaged, {}, 0, ""}));
  EXPECT_TRUE(SpoilsBackup({Code::kDbPageZeroed, {}, 0, ""}));
  EXPECT_FALSE(SpoilsBackup({Code::kDbPageLeaked, {}, 0, ""}));
}

}  // namespace
}  // namespace etcdmedic::check
