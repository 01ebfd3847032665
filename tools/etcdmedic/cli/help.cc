// SPDX-License-Identifier: Apache-2.0
// The texts of `help`, made from the command table.
#include <fmt/format.h>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

std::string FlagLine(const Flag& flag, const Command& command) {
  return fmt::format("  {:<22} {}\n",
                     NamesOf(flag) + (flag.value.empty() ? "" : " " + std::string(flag.value)),
                     HelpOf(flag, command));
}

}  // namespace

std::string NamesOf(const Flag& flag) {
  return flag.short_name == 0 ? std::string(flag.name) : fmt::format("-{}, {}", flag.short_name, flag.name);
}

std::string HelpOf(const Flag& flag, const Command& command) {
  if (flag.name != "--format") return std::string(flag.help);
  std::string text = "table (default)";
  for (const std::string_view format : FormatsOf(command)) {
    if (format != "table") text += fmt::format(", {}", format);
  }
  return text;
}

std::string HelpText() {
  std::string text =
      "etcdmedic: read, check and repair what etcd keeps on disk. What is looked at is never changed: only "
      "repair --apply\nand undo write to it.\n";
  for (const Family& family : Families()) {
    text += fmt::format("\n{}:\n", family.title);
    for (const Command& command : family.commands)
      text += fmt::format("  {:<16} {}\n", command.name, command.summary);
  }
  text +=
      "\nPATH is a data directory, member/, wal/, a segment, a .snap, a db, a saved snapshot, each also .zst "
      "or .gz, or - for\n"
      "standard input. `etcdmedic help COMMAND` explains one.\n\nExit codes: 0 clean, 1 repaired, 4 damage "
      "found, 8 failed, 16 wrong "
      "usage; they add up.\n";
  return text;
}

std::string GroupHelpText(std::string_view group) {
  std::string text = fmt::format("etcdmedic {} COMMAND\n\n", group);
  for (const Command& command : Commands()) {
    if (command.name.starts_with(std::string(group) + " "))
      text += fmt::format("  {:<16} {}\n", command.name, command.summary);
  }
  return text + fmt::format("\n`etcdmedic help {} COMMAND` explains one.\n", group);
}

std::string HelpText(const Command& command) {
  std::string text =
      fmt::format("etcdmedic {} {}\n  {}\n", command.name, command.positional, command.summary);
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const Example& example : command.examples)
    text += fmt::format("  etcdmedic {}\n      {}\n", example.args, example.text);
  text += "\nFlags:\n";
  for (const Flag& flag : command.flags) text += FlagLine(flag, command);
  for (const Flag& flag : GlobalFlags()) text += FlagLine(flag, command);
  return text;
}

}  // namespace etcdmedic::tool
