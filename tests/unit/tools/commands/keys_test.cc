// SPDX-License-Identifier: Apache-2.0
// The commands over keys, run in this process over a small backend: what they choose, and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/key_space.h"
#include "support/run_tool.h"

namespace etcdmedic::tool {
namespace {

using support::RunTool;
using testing::HasSubstr;
using testing::Not;

constexpr auto kName = render::Format::kName;

class Keys : public testing::Test {
 protected:
  const support::TemporaryFile db_{support::KeySpace()
                                       .Put("/a/1", "one")
                                       .Put("/a/2", "two")
                                       .Put("/b/1", "three", 77)
                                       .Put("/a/1", "four")
                                       .Delete("/a/2")
                                       .Put("/registry/pods/demo/p", "x")
                                       .Put("/registry/services/specs/demo/s", "x")
                                       .Build()};
  support::Ran Run(std::vector<std::string> words, render::Format format = render::Format::kTable) const {
    for (std::string& word : words) word = word == "DB" ? db_.path() : word;
    return RunTool(words, format);
  }
};

TEST_F(Keys, AreListedByPrefix) {
  const auto ran = Run({"keys", "DB", "/a"}, kName);
  EXPECT_EQ(ran.out, "/a/1\n");
  EXPECT_EQ(ran.code, kClean);
  EXPECT_EQ(Run({"keys", "DB", "/a", "--rev", "4"}, kName).out, "/a/1\n/a/2\n");
  EXPECT_EQ(Run({"keys", "DB", "/z"}, kName).code, kNotable) << "none";
}

TEST_F(Keys, AreCountedAndCut) {
  EXPECT_EQ(Run({"keys", "DB", "--count-only"}).out, "4\n");
  EXPECT_EQ(Run({"keys", "DB", "--limit", "1"}, kName).out, "/a/1\n");
  EXPECT_EQ(Run({"keys", "DB", "--sort-by", "MODIFY", "--order", "Descend", "--limit", "1"}, kName).out,
            "/registry/services/specs/demo/s\n");
}

TEST_F(Keys, RefuseWhatTheyDoNotKnow) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"keys", "DB", "--sort-by", "size"},
                                                {"keys", "DB", "--order", "up"},
                                                {"keys", "DB", "--rev", "x"},
                                                {"keys", "DB", "--rev", "9223372036854775808"},
                                                {"get", "DB"},
                                                {"get", "DB", "a", "b", "--prefix"},
                                                {"top", "DB", "--by", "size"},
                                                {"top", "DB", "--sort", "name"},
                                                {"hashkv", "DB", "--etcd-version", "3"},
                                                {"hashkv", "DB", "--etcd-version", "2.3"},
                                                {"hashkv", "DB", "--etcd-version", "3.x"},
                                                {"leases", "DB", "xyz"},
                                                {"diff", "DB", "1", "x"}}) {
    const auto ran = Run(words);
    EXPECT_EQ(ran.code, kUsage) << testing::PrintToString(words) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr("Try 'etcdmedic help " + words[0] + "'."));
    EXPECT_EQ(ran.out, "");
  }
}

TEST_F(Keys, TellTheirHistory) {
  const auto ran = Run({"history", "DB", "/a/2"});
  EXPECT_THAT(ran.out, HasSubstr("generation 1, version 1"));
  EXPECT_THAT(ran.out, HasSubstr("deleted"));
  EXPECT_EQ(Run({"history", "DB", "/a/2", "--limit", "1"}, kName).out, "6\n");
  EXPECT_EQ(Run({"history", "DB", "/none"}).code, kNotable);
}

TEST_F(Keys, ThatAreGoneAreListed) {
  EXPECT_EQ(Run({"deleted", "DB"}, kName).out, "/a/2\n");
  EXPECT_EQ(Run({"deleted", "DB", "/b"}, kName).out, "");
  EXPECT_EQ(Run({"deleted", "DB", "--rev", "5"}, kName).out, "");
}

TEST_F(Keys, AreComparedBetweenRevisions) {
  const auto ran = Run({"diff", "DB", "3", "8"}, kName);
  EXPECT_EQ(ran.code, kNotable);
  EXPECT_EQ(ran.out, "/a/1\n/a/2\n/b/1\n/registry/pods/demo/p\n/registry/services/specs/demo/s\n");
  EXPECT_EQ(Run({"diff", "DB", "8", "8"}).code, kClean);
  EXPECT_EQ(Run({"diff", "DB", "3", "8", "--limit", "2"}, kName).out, "/a/1\n/a/2\n");
}

TEST_F(Keys, AreGroupedByTheRegistry) {
  EXPECT_THAT(Run({"top", "DB", "--by", "prefix", "--depth", "1"}, kName).out, HasSubstr("/registry/\n"));
  const std::string kinds = Run({"top", "DB", "--by", "kind"}, kName).out;
  EXPECT_THAT(kinds, HasSubstr("pods\n"));
  EXPECT_THAT(kinds, HasSubstr("services/specs\n"));
  EXPECT_THAT(kinds, Not(HasSubstr("no Kubernetes key"))) << "which is not a name";
  EXPECT_THAT(Run({"top", "DB", "--by", "kind"}).out, HasSubstr("(no Kubernetes key)"));
  EXPECT_THAT(Run({"top", "DB", "--by", "namespace"}, kName).out, HasSubstr("demo\n"));
  EXPECT_THAT(Run({"top", "DB", "--by", "kind", "--etcd-prefix", "/b"}, kName).out, Not(HasSubstr("pods")));
  EXPECT_EQ(Run({"top", "DB", "--by", "key", "--limit", "1", "--sort", "revisions"}, kName).out, "/a/1\n");
}

TEST_F(Keys, WhatIsMissingIsRefused) {
  EXPECT_EQ(RunTool({"keys", "/nonexistent"}).code, kFailed);
  EXPECT_EQ(Run({"keys", "DB", "--rev", "99"}).code, kFailed);
  const support::TemporaryFile empty("");
  EXPECT_NE(RunTool({"keys", empty.path()}).code, kClean);
}

}  // namespace
}  // namespace etcdmedic::tool
