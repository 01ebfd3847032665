// SPDX-License-Identifier: Apache-2.0
#include "text/json_tree.h"

#include <gtest/gtest.h>

namespace etcdmedic::text {
namespace {

std::string RoundTrip(std::string_view json) {
  JsonTree tree;
  if (!tree.Parse(json)) return "refused";
  std::string out;
  tree.root().AppendJson(out);
  return out;
}

TEST(JsonTree, PrintsWhatItRead) {
  for (const std::string_view json :
       {R"({"a":[1,2.50,-3e7,[],{}],"b":{"c":null,"d":[true,false,[[]]]},"e":"x"})", "[]", "{}", R"("s")",
        "12", "[[[[1],2],3],4]", R"({"a":{"b":{}},"c":[{"d":1},{"d":2}]})"}) {
    EXPECT_EQ(RoundTrip(json), json);
  }
}

TEST(JsonTree, UndoesEveryEscape) {
  JsonTree tree;
  ASSERT_TRUE(tree.Parse(R"({"\u0061\n":"\"\\\/\b\f\r\t\u00e9\u20ac\ud83d\ude00\ud800x"})"));
  EXPECT_EQ(tree.root()["a\n"].text(), "\"\\/\b\f\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBDx");
}

TEST(JsonTree, RefusesWhatIsNoJson) {
  for (const std::string_view json :
       {"", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1}", "\"a", "\"\\", "\"\\u12",
        "\"\\x\"", "tru", "-", "1 2", "[]]", "{1:2}", "{\"a\":1 \"b\":2}"}) {
    EXPECT_EQ(RoundTrip(json), "refused") << json;
  }
}

TEST(JsonTree, EveryCutOfADocumentIsRefused) {
  const std::string json = R"({"metadata":{"name":"a\u00e9","labels":{"x":"y"}},"n":[1,{"b":true}]})";
  ASSERT_NE(RoundTrip(json), "refused");
  for (size_t size = 0; size < json.size(); ++size)
    EXPECT_EQ(RoundTrip(json.substr(0, size)), "refused") << size;
}

TEST(JsonTree, DepthIsBounded) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NE(RoundTrip(nested(512)), "refused");
  EXPECT_EQ(RoundTrip(nested(513)), "refused");
  EXPECT_EQ(RoundTrip(std::string(1000000, '[')), "refused");
}

TEST(JsonTree, LookupsChainThroughWhatIsNotThere) {
  JsonTree tree;
  ASSERT_TRUE(tree.Parse(R"({"spec":{"list":[{"a":1}],"n":null,"big":9223372036854775808,"k":1,"k":2}})"));
  const JsonValue spec = tree.root()["spec"];
  EXPECT_EQ(spec.At("list").Item(0)["a"].Integer(), 1);
  EXPECT_FALSE(spec.At("no.such.thing"));
  EXPECT_EQ(spec["n"].TextOr("none"), "none");
  EXPECT_EQ(spec["big"].Integer(-7), -7) << "too large for 64 bits";
  EXPECT_EQ(spec["big"].text(), "9223372036854775808");
  EXPECT_EQ(spec["k"].Integer(), 2) << "the last one counts";
  EXPECT_EQ(spec["list"].Item(1).Integer(5), 5);
}

}  // namespace
}  // namespace etcdmedic::text
