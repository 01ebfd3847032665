// SPDX-License-Identifier: Apache-2.0
#include "views/verdict.h"

#include <gtest/gtest.h>

namespace etcdmedic::tool {
namespace {

diag::Finding Of(diag::Severity severity) {
  diag::Finding finding{diag::Code::kWalMissing, {"f", 0}, 0, ""};
  finding.severity = severity;
  return finding;
}

TEST(CountProblems, CountsErrorsAndWarningsAndNoNotes) {
  using diag::Severity;
  EXPECT_EQ(CountProblems({}), "no problems");
  EXPECT_EQ(CountProblems({Of(Severity::kNote)}), "no problems");
  EXPECT_EQ(CountProblems({Of(Severity::kWarning)}), "1 warning");
  EXPECT_EQ(CountProblems({Of(Severity::kError), Of(Severity::kFatal), Of(Severity::kWarning)}),
            "2 errors, 1 warning");
}

TEST(DescribeOutcome, HasTheMessageOfWhatEnds) {
  startup::Prediction prediction;
  prediction.outcome = startup::Outcome::kUnknown;
  EXPECT_EQ(DescribeOutcome(prediction, {3, 6}), "");
  prediction.outcome = startup::Outcome::kPanics;
  prediction.message = "walpb: crc mismatch";
  EXPECT_EQ(DescribeOutcome(prediction, {3, 6}), "etcd 3.6 panics: walpb: crc mismatch");
  prediction.outcome = startup::Outcome::kStarts;
  EXPECT_EQ(DescribeOutcome(prediction, {3, 5}), "etcd 3.5 starts");
}

TEST(ShellQuoted, LeavesPlainPathsAlone) {
  EXPECT_EQ(ShellQuoted("/var/lib/etcd-1.db"), "/var/lib/etcd-1.db");
  EXPECT_EQ(ShellQuoted("a b"), "'a b'");
  EXPECT_EQ(ShellQuoted("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellQuoted("$(rm)"), "'$(rm)'");
  EXPECT_EQ(ShellQuoted(""), "''");
  EXPECT_EQ(ShellQuoted("мир a\\b"), "'мир a\\b'");
  EXPECT_EQ(ShellQuoted("/a\xFF'\\\n"), "$'/a\\xff\\'\\\\\\x0a'");
  EXPECT_EQ(ShellQuoted("a\u202Eb"), "$'a\\xe2\\x80\\xaeb'");
}

}  // namespace
}  // namespace etcdmedic::tool
