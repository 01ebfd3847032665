// SPDX-License-Identifier: Apache-2.0
#include "bolt/reporter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace etcdmedic::bolt {
namespace {

using diag::Code;

TEST(Reporter, ReportsEachFaultOfAPlaceOnceFromAnyThread) {
  diag::FindingList found;
  Reporter reporter("db", found);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        for (uint64_t offset = 0; offset < 100; ++offset)
          reporter.Add(Code::kDbPageZeroed, offset, 1, "zeros");
      });
  }
  reporter.Add(Code::kDbPageId, 7, 1, "another fault of the same place");
  EXPECT_EQ(found.items.size(), 101U);
  EXPECT_EQ(found.items.back().where.file, "db");
}

TEST(FormatKey, PrintsRevisionsTextAndBytes) {
  EXPECT_EQ(FormatKey(AsBytes({"\0\0\0\0\0\0\0\x0C_\0\0\0\0\0\0\0\1", 17})), "revision 12.1");
  EXPECT_EQ(FormatKey(AsBytes("consistent_index")), "'consistent_index'");
  EXPECT_THAT(FormatKey(AsBytes("\x01\xFF")), testing::HasSubstr("01ff"));
  EXPECT_LT(FormatKey(AsBytes(std::string(30000, 'k'))).size(), 200U);
}

TEST(FormatRange, LeavesOpenEndsOpen) {
  EXPECT_EQ(FormatRange(AsBytes("a"), AsBytes("b")), "keys from 'a' up to 'b'");
  EXPECT_EQ(FormatRange({}, {}), "all keys");
  EXPECT_THAT(FormatRange(AsBytes("a"), {}), testing::HasSubstr("from 'a' on"));
  EXPECT_THAT(FormatRange({}, AsBytes("b")), testing::HasSubstr("before 'b'"));
}

TEST(CodeOf, HasACodeForEveryFault) {
  for (int fault = 1; fault <= static_cast<int>(NodeFault::kCount); ++fault) {
    const Code code = CodeOf(static_cast<NodeFault>(fault));
    EXPECT_TRUE(InfoOf(code).name.starts_with("DB-")) << fault;
  }
  EXPECT_EQ(CodeOf(NodeFault::kZeroed), Code::kDbPageZeroed);
}

}  // namespace
}  // namespace etcdmedic::bolt
