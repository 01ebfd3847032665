// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "k8s/wrapping_forms.h"
#include "support/page_end.h"

namespace etcdmedic::k8s {
namespace {

TEST(EndOfJson, CountsBracketsAndKnowsStrings) {
  EXPECT_EQ(EndOfJson("{}x"), 2U);
  EXPECT_EQ(EndOfJson(R"({"a":"}]","b":[{}]} rest)"), 19U);
  EXPECT_EQ(EndOfJson(R"(["\"]"])"), 7U);
  EXPECT_EQ(EndOfJson(R"(["\\"]x)"), 6U);
  for (const char* text : {"", "x", "{", "[1,2", R"({"a":"})", R"({"a":"\)", "\"{}\""})
    EXPECT_FALSE(EndOfJson(text)) << text;
}

// KEY=VALUE@REVISION of each item.
std::string Read(std::string_view text) {
  const auto found = ReadJsonItems(text);
  if (!found) return "none";
  std::string all = found->own ? "own" : "etcdctl";
  for (const StoredItem& item : found->items) {
    all += " " + item.key + "=" + item.value;
    if (item.mod_revision) all += "@" + std::to_string(*item.mod_revision);
  }
  return all;
}

TEST(ReadJsonItems, FindsKeysAndValuesWhereverTheyAre) {
  EXPECT_EQ(Read(R"({"kvs":[{"key":"YQ==","mod_revision":7,"value":"Yg=="},{"key":"Yw==","value":"ZA=="}]})"),
            "etcdctl a=b@7 c=d");
  EXPECT_EQ(Read(R"({"Events":[{"kv":{"key":"YQ==","mod_revision":"7","value":"Yg=="}}]})"), "etcdctl a=b@7")
      << "a revision as a string, as the gateway writes it";
  EXPECT_EQ(Read(R"( {"key":"YQ==","value":"Yg=="} [{"key":"Yw==","value":"ZA=="}])"), "etcdctl a=b c=d")
      << "several documents";
  EXPECT_EQ(Read(R"({"schema":"etcdmedic.keys/v1","key":"a","value":"b","mod_revision":3})"), "own a=b@3");
  EXPECT_EQ(Read(R"({"key":"a","value_base64":"Yg=="})"), "own a=b");
  EXPECT_EQ(Read(R"({"key_base64":"YQ==","value":"{}"})"), "own a={}");
}

TEST(ReadJsonItems, IsNothingWithoutBoth) {
  for (const char* text : {"", "1", "{}", "[]", R"({"key":"YQ=="})", R"({"value":"Yg=="})",
                           R"({"key":"YQ==","value":""})", R"({"key":"not base64!","value":"Yg=="})",
                           R"({"key":"YQ==","value":"Yg=="} {)", R"({"key":"","value":"Yg=="})"})
    EXPECT_EQ(Read(text), "none") << text;
  EXPECT_EQ(Read(R"({"value":"e30="})"), "etcdctl ={}") << "a value that looks stored needs no key";
}

TEST(ReadJsonItems, IsNothingAtAnyCut) {
  const std::string whole = R"({"kvs":[{"key":"YQ==","mod_revision":7,"value":"Yg=="}]})";
  support::ForEachPrefix(whole, [&](Bytes prefix) {
    EXPECT_EQ(ReadJsonItems(AsText(prefix)).has_value(), prefix.size() == whole.size()) << prefix.size();
  });
}

}  // namespace
}  // namespace etcdmedic::k8s
