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
}

TEST(Parse, TakesTheNegationOfSomeSwitches) {
  EXPECT_TRUE(Parse({"objects", "DIR", "--show-managed-fields"})->args.Has("--show-managed-fields"));
  EXPECT_TRUE(Parse({"objects", "DIR", "--show-managed-fields=true"})->args.Has("--show-managed-fields"));
  EXPECT_FALSE(Parse({"objects", "DIR", "--show-managed-fields=false"})->args.Has("--show-managed-fields"));
}

TEST(Parse, KnowsCommandsOfTwoWords) {
  const auto parsed = Parse({"wal", "dump", "DIR"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->command->name, "wal dump");
  EXPECT_THAT(parsed->args.positional(), ElementsAre("DIR"));
}

TEST(Parse, GivesWhatDoesNotNeedACommand) {
  EXPECT_TRUE(Parse({})->help);
  EXPECT_TRUE(Parse({"--help"})->help);
  EXPECT_TRUE(Parse({"version"})->version);
  EXPECT_EQ(Parse({"wal"})->group, "wal");
  EXPECT_TRUE(Parse({"db", "-h"})->help);
  EXPECT_TRUE(Parse({"get", "--help"})->help) << "without a PATH";
}

TEST(Parse, SaysWhatIsMeant) {
  EXPECT_THAT(Refused({"vrify", "DIR"}), HasSubstr("did you mean verify?"));
  EXPECT_THAT(Refused({"wal", "dmp", "DIR"}), HasSubstr("did you mean wal dump?"));
  EXPECT_THAT(Refused({"lease", "list", "DIR"}), HasSubstr("etcdmedic leases PATH"));
  EXPECT_THAT(Refused({"restore"}), HasSubstr("needs SNAPSHOT"));
  EXPECT_THAT(Refused({"--limit", "3"}), HasSubstr("comes after the command"));
  EXPECT_THAT(Refused({"keys", "DIR", "--limt", "3"}), HasSubstr("did you mean --limit?"));
}

TEST(Parse, HoldsCommandsToTheirArguments) {
  EXPECT_THAT(Refused({"history", "DIR"}), HasSubstr("needs PATH KEY"));
  EXPECT_THAT(Refused({"info", "DIR", "DIR"}), HasSubstr("takes one path"));
  EXPECT_THAT(Refused({"get", "DIR", "a", "b", "c"}), HasSubstr("takes PATH"));
  EXPECT_THAT(Refused({"keys", "DIR", "--limit"}), HasSubstr("--limit needs a value: --limit N"));
  EXPECT_THAT(Refused({"get", "DIR", "--prefix=yes"}), HasSubstr("--prefix"));
  EXPECT_TRUE(Parse({"verify", "a", "b", "c", "d"}));
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
