// SPDX-License-Identifier: Apache-2.0
// Entries that replace others: who may do that, and who may not.
#include "check/overwritten.h"

#include <gtest/gtest.h>

#include "support/wal_builder.h"

namespace etcdmedic::check {
namespace {

using support::WalBuilder;

std::vector<std::string> Lines(const WalBuilder& log) {
  const std::string bytes = log.bytes();
  const raft::Log read = raft::ReadLog({{"0000000000000000-0000000000000000.wal", AsBytes(bytes)}}, 1);
  diag::FindingList found;
  CheckOverwritten(read, found);
  std::vector<std::string> lines;
  for (const auto& finding : found.items)
    lines.push_back(std::string(InfoOf(finding.code).name) + " " + finding.message);
  return lines;
}

// Entries 1 to 5 of term 2.
WalBuilder Five() {
  WalBuilder log;
  for (uint64_t i = 1; i <= 5; ++i) log.Put(2, i, "/key", "v" + std::to_string(i)).State(2, 1, 2);
  return log;
}

void ExpectOne(const WalBuilder& log, const std::string& begin, const std::string& part) {
  const auto lines = Lines(log);
  ASSERT_EQ(lines.size(), 1U) << testing::PrintToString(lines);
  EXPECT_TRUE(lines[0].starts_with(begin)) << lines[0];
  EXPECT_NE(lines[0].find(part), std::string::npos) << lines[0];
}

TEST(Overwritten, ByALaterLeaderIsUsual) {
  WalBuilder log = Five();
  log.Put(3, 4, "/key", "other");
  ExpectOne(log, "RAFT-ENTRY-OVERWRITTEN entries 4 to 5 of term 2", "a later leader");
}

TEST(Overwritten, WithinOneTermIsASecondHistory) {
  WalBuilder log = Five();
  log.Put(2, 4, "/key", "other").Put(2, 5, "/key", "v5");
  ExpectOne(log, "RAFT-HISTORY-MIXED entries 4 to 5 of term 2 replaced by entry 4 of term 2",
            "two processes");
}

TEST(Overwritten, ALaterDifferenceCountsToo) {
  WalBuilder log = Five();
  log.Put(2, 4, "/key", "v4").Put(2, 5, "/key", "other");
  ExpectOne(log, "RAFT-HISTORY-MIXED", "entries 4 to 5");
}

TEST(Overwritten, ByALowerTermIsASecondHistory) {
  WalBuilder log = Five();
  log.Put(1, 4, "/key", "v4");
  ExpectOne(log, "RAFT-HISTORY-MIXED entries 4 to 5 of term 2 replaced by entry 4 of term 1", "");
}

TEST(Overwritten, TheSameEntryAgainIsHarmless) {
  WalBuilder log = Five();
  log.Put(2, 4, "/key", "v4").Put(2, 5, "/key", "v5");
  ExpectOne(log, "RAFT-ENTRY-OVERWRITTEN", "written twice");
}

TEST(Overwritten, AForcedNewClusterDropsWhatWasNotCommitted) {
  WalBuilder log = Five();
  log.Entry(2, 3, std::string("\x08\x00\x10\x01\x18\x07", 6), 1);
  ExpectOne(log, "RAFT-ENTRY-OVERWRITTEN entries 3 to 5 of term 2", "a forced new cluster");
}

}  // namespace
}  // namespace etcdmedic::check
