// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string Refused(const std::vector<std::string>& words) {
  const auto parsed = Parse(words);
  if (parsed) return "(it parses)";
  EXPECT_EQ(parsed.error().code, Errc::kUsage);
  return parsed.error().what;
}

TEST(Parse, TakesPositionalsAndFlagsInAnyOrder) {
  const auto parsed = Parse({"get", "--limit", "3", "DIR", "--prefix", "/a", "-o", "json"});
  ASSERT_TRUE(parsed) << parsed.error().what;
  EXPECT_EQ(parsed->command->name, "get");
  EXPECT_THAT(parsed->args.positional(), ElementsAre("DIR", "/a"));
  EXPECT_TRUE(parsed->args.Has("--prefix"));
  EXPECT_EQ(parsed->args.Get("--limit"), "3");
  EXPECT_EQ(parsed->args.Get("--format"), "json");
  EXPECT_FALSE(parsed->args.Has("--from-key"));
  EXPECT_EQ(parsed->args.Get("--rev"), std::nullopt);
}

TEST(Parse, TakesTheNamesOfKubectlAndEtcdctlForTheFormat) {
  const std::vector<std::vector<std::string>> ways = {{"-o", "yaml"},       {"-o=yaml"},       {"-oyaml"},
                                                      {"--output", "yaml"}, {"--output=yaml"}, {"-w", "yaml"},
                                                      {"--write-out=yaml"}};
  for (const std::vector<std::string>& way : ways) {
    std::vector<std::string> words{"keys", "DIR"};
    words.insert(words.end(), way.begin(), way.end());
    const auto parsed = Parse(words);
    ASSERT_TRUE(parsed) << way[0];
    EXPECT_EQ(parsed->args.Get("--format"), "yaml") << way[0];
  }
}

TEST(Parse, JoinsAListThatIsTypedInParts) {
  const auto parsed = Parse({"objects", "DIR", "pods", "-L", "app,tier", "-L", "zone"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->args.Get("--label-columns"), "app,tier,zone");
  EXPECT_THAT(parsed->args.List("--label-columns"), ElementsAre("app", "tier", "zone"));
  EXPECT_THAT(Parse({"objects", "DIR", "-L", ",app,,"})->args.List("--label-columns"), ElementsAre("app"));
  EXPECT_THAT(Parse({"objects", "DIR"})->args.List("--label-columns"), ElementsAre());
}

TEST(Parse, TakesTheNegationOfSomeSwitches) {
  const auto typed = [](const std::string& flag) { return Parse({"describe", "DIR", "pods", flag})->args; };
  for (const char* on :
       {"--show-events", "--show-events=true", "--show-events=True", "--show-events=T", "--show-events=1"}) {
    EXPECT_TRUE(typed(on).Has("--show-events")) << on;
    EXPECT_FALSE(typed(on).IsOff("--show-events")) << on;
  }
  for (const char* off : {"--show-events=false", "--show-events=False", "--show-events=FALSE",
                          "--show-events=f", "--show-events=0"}) {
    EXPECT_FALSE(typed(off).Has("--show-events")) << off;
    EXPECT_TRUE(typed(off).IsOff("--show-events")) << off;
  }
  EXPECT_FALSE(typed("--all-namespaces").IsOff("--show-events")) << "it was not typed";
  EXPECT_FALSE(Parse({"objects", "DIR", "--show-managed-fields=0"})->args.Has("--show-managed-fields"));
  EXPECT_EQ(Refused({"describe", "DIR", "pods", "--show-events=banana"}),
            "--show-events takes true, false, not banana");
}

TEST(Parse, KnowsCommandsOfTwoWords) {
  const auto parsed = Parse({"wal", "dump", "DIR"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->command->name, "wal dump");
  EXPECT_THAT(parsed->args.positional(), ElementsAre("DIR"));
}

TEST(Parse, GivesWhatDoesNotNeedACommand) {
  EXPECT_EQ(Parse({})->command, nullptr);
  EXPECT_FALSE(Parse({})->help) << "which tells it from a question";
  EXPECT_TRUE(Parse({"--help"})->help);
  EXPECT_EQ(Parse({"version"})->command->name, "version");
  EXPECT_EQ(Parse({"--version", "-o", "json"})->command->name, "version");
  EXPECT_EQ(Parse({"wal"})->group, "wal");
  EXPECT_TRUE(Parse({"db", "-h"})->help);
  EXPECT_TRUE(Parse({"get", "--help"})->help) << "without a PATH";
}

TEST(Parse, SaysWhatIsMeant) {
  EXPECT_THAT(Refused({"vrify", "DIR"}), HasSubstr("did you mean verify?"));
  EXPECT_THAT(Refused({"wal", "dmp", "DIR"}), HasSubstr("did you mean wal dump?"));
  EXPECT_THAT(Refused({"defrag", "DIR"}), HasSubstr("etcdmedic db compact PATH NEW"));
  EXPECT_THAT(Refused({"restore"}), HasSubstr("SNAPSHOT is missing"));
  EXPECT_THAT(Refused({"--limit", "3"}), HasSubstr("a command is missing"));
  EXPECT_THAT(Refused({"keys", "DIR", "--limt", "3"}), HasSubstr("did you mean --limit?"));
}

TEST(Parse, HoldsCommandsToTheirArguments) {
  EXPECT_THAT(Refused({"history", "DIR"}),
              HasSubstr("KEY-OR-KIND/NAME is missing: etcdmedic history PATH KEY-OR-KIND/NAME"));
  EXPECT_THAT(Refused({"info", "DIR", "DIR"}), HasSubstr("DIR is one argument too many"));
  EXPECT_THAT(Refused({"get", "DIR", "a", "b", "c"}), HasSubstr("c is one argument too many"));
  EXPECT_THAT(Refused({"keys", "DIR", "--limit"}), HasSubstr("--limit needs a value: --limit N"));
  EXPECT_THAT(Refused({"get", "DIR", "--prefix=yes"}), HasSubstr("--prefix"));
  EXPECT_TRUE(Parse({"verify", "a", "b", "c", "d"}));
}

TEST(Parse, TakesFlagsBeforeTheCommandAndBetweenItsWords) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"-o", "json", "--limit", "3", "wal", "dump", "DIR"},
                                             {"wal", "-ojson", "dump", "--limit=3", "DIR"},
                                             {"--format=json", "wal", "--limit", "3", "dump", "DIR"}}) {
    const auto parsed = Parse(words);
    ASSERT_TRUE(parsed) << words[0];
    EXPECT_EQ(parsed->command->name, "wal dump");
    EXPECT_EQ(parsed->args.Get("--format"), "json");
    EXPECT_EQ(parsed->args.Get("--limit"), "3");
    EXPECT_THAT(parsed->args.positional(), ElementsAre("DIR"));
  }
  // A switch of one command that takes a value in another.
  EXPECT_EQ(Parse({"--prefix", "get", "DIR", "/a"})->command->name, "get");
}

TEST(Parse, TakesWordsAndFlagsOfOtherTools) {
  const auto users = Parse({"user", "list", "-o", "json", "DIR"});
  ASSERT_TRUE(users);
  EXPECT_EQ(users->command->name, "auth");
  EXPECT_THAT(users->args.positional(), ElementsAre("DIR", "users"));
  EXPECT_EQ(Parse({"wal", "dump", "DIR", "-start-index", "7"})->args.Get("--from"), "7");
  EXPECT_THAT(Parse({"keys", "/a", "--data-dir=DIR"})->args.positional(), ElementsAre("DIR", "/a"));
  EXPECT_EQ(Parse({"restore", "FILE", "--data-dir=DIR"})->args.Get("--data-dir"), "DIR") << "its own flag";
  EXPECT_THAT(Refused({"get", "DIR", "/a", "--hex"}), HasSubstr("base64"));
}

TEST(Parse, HoldsFlagsToTheirWords) {
  EXPECT_EQ(Parse({"keys", "DIR", "--order", "DESCEND"})->args.Get("--order"), "descend");
  EXPECT_THAT(Refused({"keys", "DIR", "--order", "up"}), HasSubstr("--order takes ascend, descend, not up"));
  EXPECT_THAT(Refused({"info", "DIR", "--color=sometimes"}), HasSubstr("auto, always, never"));
  EXPECT_TRUE(Parse({"keys", "DIR", "--order", "up", "--help"})) << "help is given all the same";
}

TEST(HelpTopicOf, IsWhatHelpTakes) {
  EXPECT_EQ(HelpTopicOf({"-o", "json", "wal", "dump"}), "wal dump");
  EXPECT_EQ(HelpTopicOf({"wal", "dmp"}), "wal");
  EXPECT_EQ(HelpTopicOf({"member", "list"}), "members");
  EXPECT_EQ(HelpTopicOf({"frobnicate"}), "");
}

// What `read` makes of --limit; the parser itself may refuse the value.
Result<uint64_t> Read(const std::string& value,
                      Result<uint64_t> (Args::*read)(std::string_view, uint64_t) const) {
  const auto parsed = Parse({"keys", "DIR", "--limit=" + value});
  return parsed ? (parsed->args.*read)("--limit", 7) : tl::make_unexpected(parsed.error());
}

TEST(Args, ReadNumbers) {
  EXPECT_EQ(Read("12", &Args::Number).value_or(0), 12U);
  EXPECT_EQ(Read("0x1f", &Args::Number).value_or(0), 31U);
  EXPECT_EQ(Read("18446744073709551615", &Args::Number).value_or(0), UINT64_MAX);
  for (const char* wrong : {"", "-1", "1x", "0x", "18446744073709551616", "1 ", "1KiB"})
    EXPECT_FALSE(Read(wrong, &Args::Number)) << wrong;
  const auto parsed = Parse({"keys", "DIR"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->args.Number("--limit", 7).value_or(0), 7U) << "not given";
}

TEST(Args, ReadSizes) {
  EXPECT_EQ(Read("4096", &Args::Size).value_or(0), 4096U);
  EXPECT_EQ(Read("4KiB", &Args::Size).value_or(0), 4096U);
  EXPECT_EQ(Read("2GiB", &Args::Size).value_or(0), uint64_t{2} << 30);
  for (const char* wrong : {"4KB", "4kib", "KiB", "18446744073709551615GiB", "1.5MiB"})
    EXPECT_FALSE(Read(wrong, &Args::Size)) << wrong;
}

TEST(Args, TakesAnEmptyValueForWhatItIs) {
  const auto parsed = Parse({"restore", "FILE", "--initial-cluster-token=", "--name=m1"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->args.Get("--initial-cluster-token"), "");
  EXPECT_EQ(parsed->args.Get("--name"), "m1");
}

}  // namespace
}  // namespace etcdmedic::tool
