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
  EXPECT_EQ(writer.bytes(), expected.bytes());
  EXPECT_EQ(writer.Take(), expected.bytes());
}

}  // namespace
}  // namespace etcdmedic::plan
