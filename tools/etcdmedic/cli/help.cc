// SPDX-License-Identifier: Apache-2.0
// The texts of `help`, made from the command table.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

constexpr size_t kTextAt = 25;  // where the text of a flag begins
constexpr size_t kWidth = 120;

// In lines that fit, each after the first below the first one's text, which begins at `indent`.
std::string Wrapped(std::string_view text, size_t indent) {
  std::string out;
  size_t column = indent;
  for (const std::string& word : SplitWords(text, ' ')) {
    const bool fits = out.empty() || column + 1 + word.size() <= kWidth;
    if (!out.empty()) out += fits ? " " : "\n" + std::string(indent, ' ');
    column = (fits ? column + (out.empty() ? 0 : 1) : indent) + word.size();
    out += word;
  }
  return out;
}

std::string ExitCodesText() {
  constexpr std::string_view kTitle = "Exit codes: ";
  return fmt::format("\n{}{}.\n", kTitle, Wrapped(kExitCodes, kTitle.size()));
}

std::string FlagLine(const Flag& flag, const Command& command) {
  return fmt::format("  {:<22} {}\n",
                     NamesOf(flag) + (flag.value.empty() ? "" : " " + std::string(flag.value)),
                     Wrapped(HelpOf(flag, command), kTextAt));
}

}  // namespace

std::string NamesOf(const Flag& flag) {
  return flag.short_name == 0 ? std::string(flag.name) : fmt::format("-{}, {}", flag.short_name, flag.name);
}

std::string HelpOf(const Flag& flag, const Command& command) {
  if (flag.values != nullptr) return fmt::format("{}: {}", flag.help, fmt::join(flag.values(), ", "));
  if (flag.name != "--format") return std::string(flag.help);
  std::string text = "table (default)";
  for (const std::string_view format : FormatsOf(command)) {
    if (format != "table") text += fmt::format(", {}", format);
  }
  return text;
}

std::string ShortHelpText() {
  return "Usage: etcdmedic COMMAND PATH [FLAGS]\n\n"
         "  etcdmedic info PATH         what is there\n"
         "  etcdmedic verify PATH       check everything, and predict what etcd does at start\n"
         "  etcdmedic repair PATH       show a plan that lets etcd start\n"
         "  etcdmedic get PATH KEY      keys with their values\n"
         "  etcdmedic objects PATH KIND Kubernetes objects, in kubectl's grammar\n\n"
         "PATH is a data directory, a file in it, or a saved snapshot.\n"
         "Try 'etcdmedic help'.\n";
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
      "\nPATH is a data directory, member/, wal/, a segment, a .snap, a db, a saved snapshot, each also .zst, "
      ".gz or .xz, or - for\nstandard input; or a tar or zip archive with one of them, where ARCHIVE!path picks "
      "one of several.\n`etcdmedic help COMMAND` explains one.\n";
  return text + ExitCodesText();
}

std::string GroupHelpText(std::string_view group) {
  std::string text = fmt::format("etcdmedic {} COMMAND\n\n", group);
  for (const Command& command : Commands()) {
    if (command.name.starts_with(std::string(group) + " "))
      text += fmt::format("  {:<16} {}\n", command.name, command.summary);
  }
  return text + fmt::format("\nTry 'etcdmedic help {} COMMAND'.\n", group);
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
  return text + ExitCodesText();
}

}  // namespace etcdmedic::tool
