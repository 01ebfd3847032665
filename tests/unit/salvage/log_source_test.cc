// SPDX-License-Identifier: Apache-2.0
#include "salvage/log_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/wal_builder.h"

namespace etcdmedic::salvage {
namespace {

using etcdmedic::support::WalBuilder;
using testing::ElementsAre;

LogSource Read(const std::vector<std::string>& segments) {
  std::vector<raft::SegmentInput> inputs;
  for (size_t i = 0; i < segments.size(); ++i)
    inputs.push_back({"000000000000000" + std::to_string(i) + "-0000000000000000.wal", AsBytes(segments[i])});
  return ReadLogSource("wal", inputs, 1);
}

// Entries `first` to `last`, committed up to `commit`.
WalBuilder Puts(uint64_t first, uint64_t last, uint64_t commit, const std::string& value = "v") {
  WalBuilder log;
  for (uint64_t index = first; index <= last; ++index) log.Put(2, index, "k", value + std::to_string(index));
  log.State(2, 1, commit);
  return log;
}

std::vector<std::pair<uint64_t, uint64_t>> RunsOf(const std::vector<LogSource>& logs) {
  std::vector<std::pair<uint64_t, uint64_t>> runs;
  for (const EntryRun& run : CommittedRuns(logs)) runs.emplace_back(run.front().index, run.back().index);
  return runs;
}

TEST(LogSource, TakesWhatIsCommitted) {
  const std::vector<std::string> log{Puts(1, 20, 15).bytes()};
  EXPECT_THAT(RunsOf({Read(log)}), ElementsAre(std::pair(1U, 15U)));
}

TEST(LogSource, JoinsTheLogsOfMembers) {
  const std::vector<std::string> one{Puts(1, 12, 12).bytes()}, other{Puts(10, 20, 20).bytes()},
      later{Puts(31, 35, 35).bytes()};
  EXPECT_THAT(RunsOf({Read(one), Read(other)}), ElementsAre(std::pair(1U, 20U)));
  EXPECT_THAT(RunsOf({Read(later), Read(one)}), ElementsAre(std::pair(1U, 12U), std::pair(31U, 35U)));
}

TEST(LogSource, LeavesOutWhatTheLogsTellDifferently) {
  const std::vector<std::string> one{Puts(1, 10, 10).bytes()}, other{Puts(10, 12, 12, "w").bytes()};
  EXPECT_THAT(RunsOf({Read(one), Read(other)}), ElementsAre(std::pair(1U, 9U), std::pair(11U, 12U)));
}

// After lost bytes the first record has nothing to be compared with.
TEST(LogSource, TakesNoEntryThatNothingProves) {
  const WalBuilder built = Puts(1, 20, 20);
  std::string bytes = built.bytes();
  const auto& lost = built.placed()[6];
  bytes.replace(lost.offset, lost.end - lost.offset, lost.end - lost.offset, '\xEE');
  const std::vector<std::string> log{bytes};
  const auto runs = RunsOf({Read(log)});
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0], std::pair(uint64_t{1}, uint64_t{4}));
  EXPECT_GE(runs[1].first, 7U);
  EXPECT_EQ(runs[1].second, 20U);
}

TEST(LogSource, ReadsSegmentsInTheOrderOfTheirChain) {
  WalBuilder first = Puts(1, 5, 5);
  WalBuilder second(first.crc());
  second.Put(2, 6, "k", "v6").State(2, 1, 6);
  const std::vector<std::string> swapped{second.bytes(), first.bytes()};
  EXPECT_THAT(RunsOf({Read(swapped)}), ElementsAre(std::pair(1U, 6U)));
}

TEST(LogSource, KnowsALogThatBeginsEmpty) {
  const std::vector<std::string> whole{Puts(1, 5, 5).bytes()}, rest{Puts(3, 5, 5).bytes()};
  EXPECT_TRUE(BeginEmpty({Read(whole)}));
  EXPECT_TRUE(BeginEmpty({Read(rest), Read(whole)}));
  EXPECT_FALSE(BeginEmpty({Read(rest)}));
}

}  // namespace
}  // namespace etcdmedic::salvage
