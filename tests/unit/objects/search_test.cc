// SPDX-License-Identifier: Apache-2.0
#include "objects/search.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/opened_store.h"

namespace etcdmedic::objects {
namespace {

using support::KeySpace;
using support::OpenedStore;
using testing::ElementsAre;
using testing::IsEmpty;

std::string Object(const char* kind, const char* name, const std::string& more) {
  return fmt::format(R"({{"apiVersion":"v1","kind":"{}","metadata":{{"name":"{}","namespace":"d"}},{}}})",
                     kind, name, more);
}

KeySpace Space() {
  KeySpace space;
  space
      .Put("/registry/configmaps/d/c",
           Object("ConfigMap", "c", R"("data":{"conf":"one\nserver=needle.example\nthree"})"))
      .Put("/registry/secrets/d/s",
           Object("Secret", "s", R"("data":{"pw":"bmVlZGxlLXB3"},"type":"needle-type")"))
      .Put("/app/needle-key", "plain")
      .Put("/app/text", "first\nthe needle here")
      .Put("/app/old", "needle")
      .Put("/app/old", "new")
      .Put("/app/bytes", std::string("\xFF\0needle", 8))
      .Put("/app/gone", "needle")
      .Delete("/app/gone")
      .Put("/registry/secrets/d/e", "k8s:enc:aescbc:v1:k:needle");
  return space;
}

struct Found {
  std::vector<std::string> rows;
  uint64_t closed = 0;
};

Found Look(const text::Pattern& pattern, SearchOptions options) {
  const OpenedStore opened(Space().Build());
  if (options.revision == 0) options.revision = opened.store->current_revision();
  Found found;
  const auto done = Search(*opened.store, pattern, options, [&](const SearchResult& result) {
    for (const SearchMatch& match : result.matches)
      found.rows.push_back(fmt::format("{} {} {} {}:{}@{} {}", result.change.revision.main,
                                       result.change.kv.key, NameOf(match.found_in), match.path, match.line,
                                       match.offset, match.text));
    return true;
  });
  EXPECT_TRUE(done);
  found.closed = done->closed;
  return found;
}

TEST(Search, NamesTheFieldOrLineOfEachMatch) {
  const Found found = Look(text::Pattern::Literal("needle"), {});
  EXPECT_THAT(found.rows, ElementsAre("2 /registry/configmaps/d/c field data.conf:2@0 server=needle.example",
                                      "3 /registry/secrets/d/s field data.pw:1@0 needle-pw",
                                      "3 /registry/secrets/d/s field type:1@0 needle-type",
                                      "4 /app/needle-key key :0@0 /app/needle-key",
                                      "5 /app/text value :2@0 the needle here", "8 /app/bytes value :0@2 "));
  EXPECT_EQ(found.closed, 1U) << "what is encrypted is not looked at";
}

TEST(Search, LooksAtOneRevisionOrAll) {
  SearchOptions all;
  all.all_revisions = true;
  all.keys = false;
  EXPECT_THAT(Look(text::Pattern::Literal("needle"), all).rows,
              testing::Contains("6 /app/old value :1@0 needle"));
  EXPECT_THAT(Look(text::Pattern::Literal("needle"), all).rows,
              testing::Contains("9 /app/gone value :1@0 needle"));
  SearchOptions past;
  past.revision = 6;
  past.keys = false;
  EXPECT_THAT(Look(text::Pattern::Literal("needle"), past).rows,
              testing::Contains("6 /app/old value :1@0 needle"));
  SearchOptions keys;
  keys.values = false;
  EXPECT_THAT(Look(text::Pattern::Literal("needle"), keys).rows,
              ElementsAre("4 /app/needle-key key :0@0 /app/needle-key"));
}

TEST(Search, DoesNotFindWhatIsHidden) {
  SearchOptions masked;
  masked.mask_secrets = true;
  EXPECT_THAT(Look(text::Pattern::Literal("needle-"), masked).rows,
              ElementsAre("3 /registry/secrets/d/s field type:1@0 needle-type",
                          "4 /app/needle-key key :0@0 /app/needle-key"));
  masked.decoded = true;
  for (const char* secret : {"needle-pw", "bmVlZGxl", "VlZGxlLXB3"})
    EXPECT_THAT(Look(text::Pattern::Literal(secret), masked).rows, IsEmpty()) << secret;
  EXPECT_THAT(Look(text::Pattern::Literal("bmVlZGxl"), {}).rows, testing::SizeIs(1));
}

TEST(Search, TakesExpressions) {
  EXPECT_THAT(Look(*text::Pattern::Regex("^server=.*[.]example$"), {}).rows, IsEmpty())
      << "in JSON the lines of a value are one";
  EXPECT_THAT(Look(*text::Pattern::Regex("server=[a-z.]+"), {}).rows,
              ElementsAre("2 /registry/configmaps/d/c field data.conf:2@0 server=needle.example"));
  EXPECT_THAT(Look(*text::Pattern::Regex("^the n"), {}).rows,
              ElementsAre("5 /app/text value :2@0 the needle here"));
}

TEST(Search, PassesOverManagedFields) {
  const std::string managed =
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","managedFields":[
      {"manager":"needle","fieldsV1":{"f:data":{}}}]},"binaryData":{"b":"/wBuZWVkbGU="}})";
  const OpenedStore opened(KeySpace().Put("/registry/configmaps/d/c", managed).Build());
  SearchOptions options;
  options.revision = 2;
  std::vector<std::string> paths;
  const auto look = [&](const char* text) {
    paths.clear();
    EXPECT_TRUE(Search(*opened.store, text::Pattern::Literal(text), options, [&](const SearchResult& result) {
      for (const SearchMatch& match : result.matches)
        paths.push_back(match.path + ":" + std::to_string(match.line));
      return true;
    }));
    return paths;
  };
  EXPECT_THAT(look("manager"), IsEmpty());
  EXPECT_THAT(look("needle"), ElementsAre("binaryData.b:0")) << "bytes that are not text";
  EXPECT_THAT(look("ConfigMap"), ElementsAre("kind:1"));
}

TEST(Search, StopsWhereItIsTold) {
  const OpenedStore opened(Space().Build());
  SearchOptions options;
  options.revision = 11;
  size_t seen = 0;
  EXPECT_TRUE(Search(*opened.store, text::Pattern::Literal("needle"), options,
                     [&](const SearchResult&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2U);
}

}  // namespace
}  // namespace etcdmedic::objects
