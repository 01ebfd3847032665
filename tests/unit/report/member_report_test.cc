// SPDX-License-Identifier: Apache-2.0
#include "report/member_report.h"

#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/temp_folder.h"
#include "support/wal_builder.h"

namespace etcdmedic::report {
namespace {

constexpr const char* kSegment = "member/wal/0000000000000000-0000000000000000.wal";
constexpr const char* kDb = "member/snap/db";

struct Gathered {
  explicit Gathered(const std::string& path) {
    auto loaded = member::LoadMember(*member::Recognise(path), {.keys = true});
    EXPECT_TRUE(loaded);
    if (loaded) state = std::move(*loaded);
    report = Gather(state, state.findings);
  }
  member::MemberState state;
  MemberReport report;
};

class MemberReports : public testing::Test {
 protected:
  void WriteLog() {
    support::WalBuilder log;
    folder_.Write(kSegment,
                  log.Snapshot(0, 0).Put(2, 1, "/a", "1").Put(2, 2, "/b", "2").State(2, 1, 2).bytes());
  }
  std::string Db() const { return support::KeySpace().Put("/a", "1").Put("/b", "2").Build(); }
  support::TempFolder folder_;
};

TEST_F(MemberReports, HaveAllOfAMember) {
  WriteLog();
  folder_.Write(kDb, Db());
  const Gathered gathered(folder_.path());
  EXPECT_EQ(gathered.report.segments.size(), 1U);
  ASSERT_TRUE(gathered.report.pages);
  ASSERT_TRUE(gathered.report.key_space);
  EXPECT_EQ(gathered.report.key_space->total.keys, 2U);
}

TEST_F(MemberReports, HaveWhatThereIs) {
  WriteLog();
  const Gathered log(folder_ / "member/wal");
  EXPECT_EQ(log.report.segments.size(), 1U);
  EXPECT_FALSE(log.report.pages);
  EXPECT_FALSE(log.report.key_space);
  const Gathered backup(folder_.Write("backup.db", Db()));
  EXPECT_TRUE(backup.report.segments.empty());
  EXPECT_TRUE(backup.report.pages);
  EXPECT_TRUE(backup.report.key_space);
}

TEST_F(MemberReports, HoldWithoutAMeta) {
  std::string bytes = Db();
  for (const size_t meta : {size_t{0}, size_t{4096}})
    bytes[meta + 16] = static_cast<char>(bytes[meta + 16] ^ 1);
  ASSERT_NE(bytes, Db());
  const Gathered gathered(folder_.Write("backup.db", bytes));
  EXPECT_FALSE(gathered.report.pages);
  EXPECT_FALSE(gathered.report.key_space);
}

TEST_F(MemberReports, HoldForEachCutOfTheBackend) {
  const std::string bytes = Db();
  for (size_t size = 2 * 4096; size < bytes.size(); size += 4096) {
    const Gathered gathered(folder_.Write("backup.db", bytes.substr(0, size)));
    ASSERT_TRUE(gathered.report.pages) << size;
    EXPECT_FALSE(gathered.report.pages->cells.empty());
  }
}

}  // namespace
}  // namespace etcdmedic::report
