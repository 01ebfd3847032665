// SPDX-License-Identifier: Apache-2.0
// The words of etcd's own parser, as a real etcd 3.6 printed them for these payloads.
#include "startup/record_error.h"

#include <gtest/gtest.h>

#include "wal/frame.h"

namespace etcdmedic::startup {
namespace {

struct Case {
  std::string_view name;
  std::string payload;
  std::string_view error;  // empty: accepted
};

using namespace std::string_literals;

const Case kCases[] = {
    {"a whole record", "\x08\x02\x10\x05\x1a\x02hi"s, ""},
    {"data beyond the end", "\x08\x02\x10\x05\x1a\x09hi"s, "unexpected EOF"},
    {"a varint beyond the end", "\x08\x02\x10\x85"s, "unexpected EOF"},
    {"a varint of eleven bytes", "\x08"s + std::string(10, '\xFF') + "\x01"s, "proto: integer overflow"},
    {"another type for a known field", "\x08\x02\x12\x05"s, "proto: wrong wireType = 2 for field Crc"},
    {"a tag of zero", "\x08\x02\x00\x05"s, "proto: Record: illegal tag 0 (wire type 0)"},
    {"an illegal wire type", "\x08\x02\x26\x05"s, "proto: illegal wireType 6"},
    {"the end of no group", "\x08\x02\x0c"s, "proto: Record: wiretype end group for non-group"},
    {"an unknown field", "\x08\x02\x20\x05"s, ""},
    {"a group", "\x08\x02\x23\x20\x05\x24"s, ""},
    {"an open group", "\x08\x02\x23\x20\x05"s, "unexpected EOF"},
};

TEST(RecordError, SaysWhatEtcdSays) {
  for (const Case& each : kCases) {
    EXPECT_EQ(RecordError(AsBytes(each.payload)).value_or(""), each.error) << each.name;
  }
}

TEST(RecordError, RefusesWhatOurReaderRefuses) {
  for (const Case& each : kCases) {
    if (each.payload.find('\x23') != std::string::npos) continue;  // groups, which no etcd writes
    wal::Frame frame{0, 8 + each.payload.size(), 0, AsBytes(each.payload)};
    wal::Record record;
    EXPECT_EQ(wal::ParseRecord(frame, record), each.error.empty()) << each.name;
  }
}

}  // namespace
}  // namespace etcdmedic::startup
