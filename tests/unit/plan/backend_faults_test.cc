// SPDX-License-Identifier: Apache-2.0
#include "plan/backend_faults.h"

#include <gtest/gtest.h>

namespace etcdmedic::plan {
namespace {

using diag::Code;
using diag::Finding;

TEST(BackendFaults, AreThoseOfTheBackendAloneOnceEach) {
  std::vector<Finding> findings;
  for (const Code code : {Code::kWalBitFlip, Code::kDbPageId, Code::kDbPageId, Code::kDbAhead,
                          Code::kMvccValue, Code::kDbPageLeaked, Code::kMvccAlarmActive})
    findings.push_back({code, {"file", 0}, 0, ""});
  EXPECT_EQ(BackendFaults(findings), (std::vector<Code>{Code::kDbPageId, Code::kMvccValue}));
  EXPECT_TRUE(BackendFaults({}).empty());
}

TEST(BackendFaults, LeaveNotesOut) {
  Finding note{Code::kDbPageId, {"db", 1}, 0, ""};
  note.severity = diag::Severity::kNote;
  EXPECT_TRUE(BackendFaults({note}).empty());
}

}  // namespace
}  // namespace etcdmedic::plan
