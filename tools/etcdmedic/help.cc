// SPDX-License-Identifier: Apache-2.0
// Texts made from the command table and the table of finding codes.
#include <fmt/format.h>

#include "command.h"
#include "diag/codes.h"
#include "explain/log_lines.h"

namespace etcdmedic::tool {
namespace {

std::string NamesOf(const Flag& flag) {
  return flag.short_name == 0 ? std::string(flag.name) : fmt::format("-{}, {}", flag.short_name, flag.name);
}

// With the formats that this command alone knows.
std::string HelpOf(const Flag& flag, const Command& command) {
  std::string text(flag.help);
  if (flag.name != "--format") return text;
  for (const std::string_view format : command.formats)
    text += fmt::format("{}{}", format == command.formats.front() ? "; also " : ", ", format);
  return text;
}

std::string FlagLine(const Flag& flag, const Command& command) {
  return fmt::format("  {:<22} {}\n",
                     NamesOf(flag) + (flag.value.empty() ? "" : " " + std::string(flag.value)),
                     HelpOf(flag, command));
}

// roff takes a leading dot or quote for a request.
std::string Roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-')
      out += "\\-";
    else if (c == '\\')
      out += "\\e";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

}  // namespace

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
      "standard input. `etcdmedic help COMMAND` tells more.\n\nExit codes: 0 clean, 1 repaired, 4 damage "
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
  return text + fmt::format("\n`etcdmedic help {} COMMAND` tells more.\n", group);
}

std::string HelpText(const Command& command) {
  std::string text =
      fmt::format("etcdmedic {} {}\n  {}\n", command.name, command.positional, command.summary);
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const Example& example : command.examples)
    text += fmt::format("  etcdmedic {}\n      {}\n", example.args, example.text);
  text += "\nFlags:\n";
  for (const Flag& flag : FlagsOf(command)) text += FlagLine(flag, command);
  for (const Flag& flag : GlobalFlags()) text += FlagLine(flag, command);
  return text;
}

std::string ManPage(const Command& command) {
  std::string text = fmt::format(
      ".TH \"ETCDMEDIC\" 1\n.SH NAME\netcdmedic {} \\- {}\n.SH SYNOPSIS\n.B etcdmedic {}\n{}\n.SH OPTIONS\n",
      command.name, Roff(command.summary), command.name, Roff(command.positional));
  const std::vector<Flag> own = FlagsOf(command);
  for (const auto flags : {std::span<const Flag>(own), GlobalFlags()}) {
    for (const Flag& flag : flags)
      text += fmt::format(".TP\n.B {} {}\n{}\n", Roff(NamesOf(flag)), Roff(flag.value),
                          Roff(HelpOf(flag, command)));
  }
  if (!command.examples.empty()) text += ".SH EXAMPLES\n";
  for (const Example& example : command.examples)
    text += fmt::format(".TP\netcdmedic {}\n{}\n", Roff(example.args), Roff(example.text));
  text +=
      ".SH EXIT STATUS\n0 clean, 1 repaired, 4 damage found and left, 8 failed, 16 wrong usage; they add "
      "up.\n";
  return text;
}

std::string CodesDocument() {
  std::string text =
      "# Finding codes\n\nMade by `etcdmedic docs codes` from the table in `lib/diag/codes.def`; do not "
      "edit.\n";
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    text += fmt::format("\n## {}\n\n*{}*: {}.\n\n- For the data: {}.\n- What to do: {}.\n", info.name,
                        NameOf(info.severity), info.title, info.loss, info.remedy);
    const std::vector<std::string> lines = explain::LogLinesOf(info.name);
    for (const std::string& line : lines)
      text += fmt::format("{}`{}`{}", &line == lines.data() ? "- In etcd's log: " : ", ", line,
                          &line == &lines.back() ? "\n" : "");
    if (!info.issues.empty()) text += fmt::format("- Upstream: {}\n", info.issues);
  }
  return text;
}

}  // namespace etcdmedic::tool
