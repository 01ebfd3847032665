// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_value.h"

#include <gtest/gtest.h>

#include <string>

#include "support/page_end.h"
#include "support/protobuf_text.h"

namespace etcdmedic::mvcc {
namespace {

using test::Delimited;
using test::Number;

const std::string kWhole = Delimited(1, "/key") + Number(2, 300) + Number(3, 70000) + Number(4, 2) +
                           Delimited(5, "value") + Number(6, UINT64_MAX);

TEST(KeyValue, ReadsAllFields) {
  KeyValue kv;
  ASSERT_TRUE(ParseKeyValue(AsBytes(kWhole), kv));
  EXPECT_EQ(kv.key, "/key");
  EXPECT_EQ(kv.create_revision, 300);
  EXPECT_EQ(kv.mod_revision, 70000);
  EXPECT_EQ(kv.version, 2);
  EXPECT_EQ(kv.value, "value");
  EXPECT_EQ(kv.lease, -1);
  ASSERT_TRUE(ParseKeyValue({}, kv)) << "as of a bumped restore";
  EXPECT_EQ(kv.key, "");
}

TEST(KeyValue, SkipsUnknownFieldsAndTakesTheLastOfARepeatedOne) {
  KeyValue kv;
  const std::string message = kWhole + Number(7, 1) + Delimited(15, "x") + std::string("\x81\x01", 2) +
                              std::string(8, 'f') + std::string("\x85\x01", 2) + "four" +
                              Delimited(1, "last");
  ASSERT_TRUE(ParseKeyValue(AsBytes(message), kv));
  EXPECT_EQ(kv.key, "last");
  EXPECT_EQ(kv.value, "value");
}

TEST(KeyValue, RefusesWhatEtcdRefuses) {
  KeyValue kv;
  for (const std::string& message :
       {Number(1, 1), Number(5, 1), Delimited(2, "x"), Delimited(6, "x"), std::string("\x00\x01", 2),
        std::string("\x0A\x05x"), std::string("\x10"),
        std::string("\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x01"), std::string("\x0B\x0C"),
        std::string("\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01x"),
        std::string("\x41"
                    "abc"),
        std::string("\x45"
                    "abc")}) {
    support::PageEnd memory(message.size());
    EXPECT_FALSE(ParseKeyValue(memory.Place(message), kv)) << testing::PrintToString(message);
  }
}

TEST(KeyValue, IsCutNowhereWithinAField) {
  size_t taken = 0;
  support::ForEachPrefix(kWhole, [&](Bytes prefix) {
    KeyValue kv;
    if (!ParseKeyValue(prefix, kv)) return;
    ++taken;
    EXPECT_TRUE(kv.key.empty() || kv.key == "/key");
    EXPECT_TRUE(kv.value.empty() || kv.value == "value");
    EXPECT_TRUE(kv.mod_revision == 0 || kv.mod_revision == 70000);
  });
  EXPECT_EQ(taken, 7U);
}

}  // namespace
}  // namespace etcdmedic::mvcc
