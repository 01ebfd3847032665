// SPDX-License-Identifier: Apache-2.0
// What must hold of every row, so that help, man pages and completion can be made from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

using testing::HasSubstr;

TEST(Commands, AreInOneFamilyEach) {
  std::set<std::string_view> names;
  for (const Command& command : Commands()) EXPECT_TRUE(names.insert(command.name).second) << command.name;
  size_t listed = 0;
  for (const Family& family : Families()) listed += family.commands.size();
  EXPECT_EQ(listed, names.size());
  EXPECT_GT(names.size(), 40U);
}

TEST(Commands, HaveWhatTheirTextsAreMadeOf) {
  for (const Command& command : Commands()) {
    EXPECT_NE(command.run, nullptr) << command.name;
    EXPECT_EQ(command.positional.empty(), command.name == "version") << command.name;
    EXPECT_FALSE(command.summary.empty()) << command.name;
    EXPECT_FALSE(command.summary.ends_with('.')) << command.name;
    for (const Example& example : command.examples)
      EXPECT_TRUE(example.args.starts_with(std::string(command.name) + " ")) << example.args;
  }
}

TEST(Commands, NameEachFlagOnce) {
  for (const Command& command : Commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const auto flags : {command.flags, GlobalFlags()}) {
      for (const Flag& flag : flags) {
        EXPECT_TRUE(flag.name.starts_with("--")) << command.name;
        EXPECT_FALSE(flag.help.empty()) << command.name << " " << flag.name;
        EXPECT_TRUE(names.insert(flag.name).second) << command.name << " " << flag.name;
        if (flag.short_name != 0) {
          EXPECT_TRUE(letters.insert(flag.short_name).second) << command.name << " " << flag.name;
        }
      }
    }
  }
}

TEST(Commands, AreInEveryText) {
  const std::string help = HelpText();
  for (const Command& command : Commands()) {
    const std::string name(command.name);
    EXPECT_THAT(help, HasSubstr("\n  " + name + " "));
    const std::string escaped = std::regex_replace(name, std::regex("-"), "\\-");
    EXPECT_THAT(ManPage(command), HasSubstr(".B etcdmedic " + escaped + "\n"));
    EXPECT_THAT(ManOverview(), HasSubstr("etcdmedic\\-" + std::regex_replace(escaped, std::regex(" "), "\\-")));
    for (const Flag& flag : command.flags) EXPECT_THAT(HelpText(command), HasSubstr(std::string(flag.name)));
    for (const char* shell : {"bash", "zsh"})
      EXPECT_THAT(Completion(shell), HasSubstr("'" + name + "'")) << shell;
  }
  EXPECT_EQ(Completion("tcsh"), "");
}

TEST(ManPage, EscapesWhatRoffWouldObey) {
  Command command{.name = "x", .positional = "-", .summary = ".a\\b", .run = nullptr};
  EXPECT_THAT(ManPage(command), HasSubstr("\\&.a\\eb"));
}

}  // namespace
}  // namespace etcdmedic::tool
