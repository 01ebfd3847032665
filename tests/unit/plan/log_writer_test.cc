// SPDX-License-Identifier: Apache-2.0
#include "plan/log_writer.h"

#include <gtest/gtest.h>

#include "support/wal_builder.h"

namespace etcdmedic::plan {
namespace {

// The builder of the tests writes frames and sums by itself: both must come to the same bytes.
TEST(LogWriter, WritesWhatEtcdWould) {
  LogWriter writer;
  writer.Append(wal::RecordType::kMetadata, AsBytes("\x08\x01\x10\x02"));
  support::WalBuilder expected;
  for (size_t size = 0; size < 40; ++size) {
    const std::string data(size * size, 'd');
    writer.Append(wal::RecordType::kEntry, AsBytes(data));
    expected.Record(2, data);
  }
  expected.State(5, 1, 7);
  if (expected.bytes().size() % 512 == 0) expected.State(5, 1, 7);
  EXPECT_EQ(writer.Finish({5, 1, 7}), expected.bytes() + std::string(8192, '\0'));
}

TEST(LogWriter, DoesNotEndOnTheBorderOfASector) {
  for (size_t size = 0; size < 512; ++size) {
    LogWriter writer;
    writer.Append(wal::RecordType::kEntry, AsBytes(std::string(size, 'd')));
    const std::string bytes = writer.Finish({1, 1, 1});
    const size_t end = bytes.find_last_not_of('\0') + 1;
    const size_t padded = (end + 7) / 8 * 8;
    EXPECT_NE(padded % 512, 0U) << size;
  }
}

}  // namespace
}  // namespace etcdmedic::plan
