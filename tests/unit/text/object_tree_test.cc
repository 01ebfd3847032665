// SPDX-License-Identifier: Apache-2.0
#include "text/object_tree.h"

#include <gtest/gtest.h>

#include "text/json_text.h"

namespace etcdmedic::text {
namespace {

std::string RoundTrip(std::string_view json) {
  ObjectTree tree;
  if (ReadJson(json, tree)) return "refused";
  std::string out;
  tree.root().AppendJson(out);
  return out;
}

TEST(ObjectTree, PrintsWhatItRead) {
  for (const std::string_view json :
       {R"({"a":[1,2.50,-3e7,[],{}],"b":{"c":null,"d":[true,false,[[]]]},"e":"x"})", "[]", "{}", R"("s")",
        "12", "[[[[1],2],3],4]", R"({"a":{"b":{}},"c":[{"d":1},{"d":2}]})"}) {
    EXPECT_EQ(RoundTrip(json), json);
  }
}

TEST(ObjectTree, UndoesEveryEscape) {
  ObjectTree tree;
  ASSERT_FALSE(ReadJson(R"({"\u0061\n":"\"\\\/\b\f\r\t\u00e9\u20ac\ud83d\ude00\ud800x"})", tree));
  EXPECT_EQ(tree.root()["a\n"].text(), "\"\\/\b\f\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBDx");
}

TEST(ObjectTree, RefusesWhatIsNoJson) {
  for (const std::string_view json :
       {"", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1}", "\"a", "\"\\", "\"\\u12",
        "\"\\x\"", "tru", "-", "1 2", "[]]", "{1:2}", "{\"a\":1 \"b\":2}"}) {
    EXPECT_EQ(RoundTrip(json), "refused") << json;
  }
}

TEST(ObjectTree, EveryCutOfADocumentIsRefused) {
  const std::string json = R"({"metadata":{"name":"a\u00e9","labels":{"x":"y"}},"n":[1,{"b":true}]})";
  ASSERT_NE(RoundTrip(json), "refused");
  for (size_t size = 0; size < json.size(); ++size)
    EXPECT_EQ(RoundTrip(json.substr(0, size)), "refused") << size;
}

TEST(ObjectTree, DepthIsBounded) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NE(RoundTrip(nested(kMaxTreeDepth)), "refused");
  EXPECT_EQ(RoundTrip(nested(kMaxTreeDepth + 1)), "refused");
  EXPECT_EQ(RoundTrip(std::string(1000000, '[')), "refused");
}

TEST(ObjectTree, LookupsChainThroughWhatIsNotThere) {
  ObjectTree tree;
  ASSERT_FALSE(
      ReadJson(R"({"spec":{"list":[{"a":1}],"n":null,"big":9223372036854775808,"k":1,"k":2}})", tree));
  const ObjectView spec = tree.root()["spec"];
  EXPECT_EQ(spec.At("list").Item(0)["a"].Integer(), 1);
  EXPECT_FALSE(spec.At("no.such.thing"));
  EXPECT_EQ(spec["n"].TextOr("none"), "none");
  EXPECT_EQ(spec["big"].Integer(-7), -7) << "too large for 64 bits";
  EXPECT_EQ(spec["big"].text(), "9223372036854775808");
  EXPECT_EQ(spec["k"].Integer(), 2) << "the last one counts";
  EXPECT_EQ(spec["list"].Item(1).Integer(5), 5);
}

std::string Without(std::string_view json, std::vector<std::string_view> path) {
  ObjectTree tree;
  ReadJson(json, tree);
  tree.Remove(path);
  std::string out;
  tree.root().AppendJson(out);
  return out;
}

TEST(ObjectTree, RemovesAMemberAndWhatBecomesEmptyByThat) {
  constexpr std::string_view kJson = R"({"a":{"b":{"c":[1,{"x":2}]},"d":{}},"e":"f"})";
  EXPECT_EQ(Without(kJson, {"e"}), R"({"a":{"b":{"c":[1,{"x":2}]},"d":{}}})");
  EXPECT_EQ(Without(kJson, {"a", "b", "c"}), R"({"a":{"d":{}},"e":"f"})");
  EXPECT_EQ(Without(kJson, {"a", "d"}), R"({"a":{"b":{"c":[1,{"x":2}]}},"e":"f"})");
  EXPECT_EQ(Without(R"({"a":{"b":{"c":1}}})", {"a", "b", "c"}), "{}");
  EXPECT_EQ(Without(R"({"a":{"b":"c"},"d":[{"e":1}]})", {"a", "b"}), R"({"d":[{"e":1}]})");
}

TEST(ObjectTree, KeepsTheFirstMapsOfAPath) {
  ObjectTree tree;
  ReadJson(R"({"a":{"b":{"c":1}}})", tree);
  const std::vector<std::string_view> path = {"a", "b", "c"};
  tree.Remove(path, 1);
  std::string out;
  tree.root().AppendJson(out);
  EXPECT_EQ(out, R"({"a":{}})");
}

TEST(ObjectTree, RemovesNothingWhereThereIsNothing) {
  constexpr std::string_view kJson = R"({"a":{"b":"c"},"d":{},"e":[{"f":1}],"g":"h"})";
  const std::vector<std::vector<std::string_view>> paths = {{"x"},      {"a", "x"}, {"a", "b", "c"},
                                                            {"d", "x"}, {"e", "f"}, {"g", "h"}};
  for (const auto& path : paths) EXPECT_EQ(Without(kJson, path), kJson) << path[0];
  EXPECT_EQ(Without("[]", {"a"}), "[]");
  EXPECT_EQ(Without("", {"a"}), "null");
}

}  // namespace
}  // namespace etcdmedic::text
