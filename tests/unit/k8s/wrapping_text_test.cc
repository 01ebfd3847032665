// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "k8s/wrapping_forms.h"
#include "support/page_end.h"

namespace etcdmedic::k8s {
namespace {

// KEY=VALUE@REVISION of each item.
std::string Read(std::string_view text) {
  const auto found = ReadProtobufText(text);
  if (!found) return "none";
  std::string all;
  for (const StoredItem& item : *found) {
    all += (all.empty() ? "" : " ") + item.key + "=" + item.value;
    if (item.mod_revision) all += "@" + std::to_string(*item.mod_revision);
  }
  return all;
}

TEST(ReadProtobufText, KnowsBothKindsOfBrackets) {
  EXPECT_EQ(Read(R"(kv { key: "a" value: "b\001" mod_revision: 7 })"), "a=b\1@7");
  EXPECT_EQ(Read(R"(kvs:<key:"a" value:"b" > kvs:<key:"c" value:"d" >)"), "a=b c=d");
  EXPECT_EQ(Read("key: 'a'\nvalue: 'b'\nkey: 'c'\nvalue: 'd'\n"), "a=b c=d") << "without brackets";
  EXPECT_EQ(Read(R"(header{revision:9} kv{key:"a" value:"b"} more)"), "a=b");
}

TEST(ReadProtobufText, TakesNoKeyOfAnotherMessageForItsOwn) {
  EXPECT_EQ(Read(R"(compare:<key:"x"> success:<value:"v">)"), "none");
  EXPECT_EQ(Read(R"(txn{compare{key:"x"} success{put{key:"a" value:"b"}}})"), "a=b");
}

TEST(ReadProtobufText, IsNothingWithoutAKeyAndAValue) {
  for (const char* text : {"", "value:", R"(value: "b")", R"(key: "a")", R"(key: "a" value: "")",
                           "key: a value: b", R"(key: "a" value: "b)", R"(key: "a" value: 7)"})
    EXPECT_EQ(Read(text), "none") << text;
}

TEST(ReadProtobufText, DepthIsBounded) {
  std::string deep(100000, '{');
  EXPECT_EQ(Read(deep + R"(key:"a" value:"b")"), "a=b");
  EXPECT_EQ(Read(deep + std::string(100000, '}') + R"(key:"a" value:"b" })"), "a=b");
}

TEST(ReadProtobufText, HasAllOfAValueOrNoneAtAnyCut) {
  support::ForEachPrefix(R"(kv:<key:"ab" value:"c\144" mod_revision:71 > )", [](Bytes prefix) {
    const auto items = ReadProtobufText(AsText(prefix));
    if (!items) return;
    ASSERT_EQ(items->size(), 1U);
    EXPECT_EQ(items->front().key, "ab");
    EXPECT_EQ(items->front().value, "cd");
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
