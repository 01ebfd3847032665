// SPDX-License-Identifier: Apache-2.0
#include "text/json_compact.h"

#include <gtest/gtest.h>

#include <string>

#include "support/page_end.h"
#include "text/object_tree.h"

namespace etcdmedic::text {
namespace {

TEST(CompactJson, IsWhatAMachinePrintedAndNothingElse) {
  for (const char* text : {"{}", "[]", "1", "-0.5e+7", "true", "null", R"("a\"\\\n")",
                           R"({"a":[1,{"b":null},"c"],"d":{}})", R"({"a":1,"a":2})"})
    EXPECT_TRUE(IsCompactJson(text)) << text;
  for (const char* text :
       {"",      " {}",    "{} ",     "{ }",         "[1, 2]",  "{\"a\" :1}", "01",         "-",
        "1.",    "1e",     "tru",     "[1,]",        "{\"a\"}", "{1:2}",      "{\"a\":1,}", "\"<\"",
        "\"é\"", "\"\n\"", R"("\/")", R"("\u0041")", R"("a\)",  "\"a",        "[",          "{}{}"})
    EXPECT_FALSE(IsCompactJson(text)) << text;
  EXPECT_TRUE(IsCompactJson(std::string(kMaxTreeDepth, '[') + std::string(kMaxTreeDepth, ']')));
  EXPECT_FALSE(IsCompactJson(std::string(kMaxTreeDepth + 1, '[') + std::string(kMaxTreeDepth + 1, ']')));
}

TEST(CompactJson, IsNothingAtAnyCut) {
  support::ForEachPrefix(R"({"a":[1,true,"text"],"b":{"c":null}})", [](Bytes prefix) {
    EXPECT_EQ(IsCompactJson(AsText(prefix)), prefix.size() == 36) << prefix.size();
  });
}

}  // namespace
}  // namespace etcdmedic::text
