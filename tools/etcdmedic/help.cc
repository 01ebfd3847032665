// SPDX-License-Identifier: Apache-2.0
// Texts made from the command table and the table of finding codes.
#include <fmt/format.h>

#include "command.h"
#include "diag/codes.h"

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

std::string Words(std::string_view separator) {
  std::string words;
  for (const Command& command : Commands())
    words += fmt::format("{}{}", words.empty() ? "" : separator, command.name);
  return words;
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

// The words that can follow `before` in the names of commands: "dump stat" for "wal", each once.
std::string NextWords(std::string_view before) {
  std::string words;
  for (const Command& command : Commands()) {
    const size_t space = std::min(command.name.find(' '), command.name.size());
    const std::string_view first = command.name.substr(0, space);
    std::string_view word = first;
    if (!before.empty())
      word = first == before ? command.name.substr(std::min(space + 1, command.name.size())) : "";
    if (word.empty() || (" " + words).ends_with(fmt::format(" {}", word))) continue;
    words += fmt::format("{}{}", words.empty() ? "" : " ", word);
  }
  return words;
}

std::string BashCompletion() {
  std::string cases, families, seen;
  for (const Command& command : Commands()) {
    std::string flags;
    for (const Flag& flag : command.flags) flags += fmt::format("{} ", flag.name);
    cases += fmt::format("    '{}') words='{}' ;;\n", command.name, flags);
    const size_t space = command.name.find(' ');
    if (space == std::string_view::npos || seen == command.name.substr(0, space)) continue;
    seen = command.name.substr(0, space);
    families += fmt::format("{}{}", families.empty() ? "" : "|", seen);
  }
  std::string seconds;
  for (std::string_view rest = families; !rest.empty();) {
    const std::string_view family = rest.substr(0, rest.find('|'));
    rest.remove_prefix(std::min(family.size() + 1, rest.size()));
    seconds += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n", family,
                           NextWords(family));
  }
  std::string global;
  for (const Flag& flag : GlobalFlags()) global += fmt::format("{} ", flag.name);
  return fmt::format(
      "_etcdmedic() {{\n  local current=${{COMP_WORDS[COMP_CWORD]}} words='' verb=${{COMP_WORDS[1]}}\n"
      "  case $verb in {}) [[ $COMP_CWORD -gt 2 ]] && verb=\"$verb ${{COMP_WORDS[2]}}\" ;; esac\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then COMPREPLY=($(compgen -W '{}' -- \"$current\")); return; fi\n"
      "  if [[ $COMP_CWORD -eq 2 ]]; then case $verb in\n{}  esac; fi\n"
      "  case $verb in\n{}  esac\n"
      "  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W \"$words {}\" -- \"$current\"));\n"
      "  else COMPREPLY=($(compgen -f -- \"$current\")); fi\n}}\n"
      "complete -o filenames -F _etcdmedic etcdmedic\n",
      families, NextWords(""), seconds, cases, global);
}

}  // namespace

std::string HelpText() {
  std::string text =
      "etcdmedic: read, check and repair what etcd keeps on disk. Nothing but repair and undo "
      "writes.\n\nCommands:\n";
  for (const Command& command : Commands())
    text += fmt::format("  {:<12} {}\n", command.name, command.summary);
  text +=
      "\nPATH is a data directory, member/, wal/, a segment, a .snap, a db, a saved snapshot, each also .zst "
      "or .gz, or - for\n"
      "standard input. `etcdmedic help COMMAND` tells more.\n\nExit codes: 0 clean, 1 repaired, 4 damage "
      "found, 8 failed, 16 wrong "
      "usage; they add up.\n";
  return text;
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

std::string Completion(std::string_view shell) {
  if (shell == "bash") return BashCompletion();
  if (shell == "zsh")
    return fmt::format("#compdef etcdmedic\n_arguments '1:command:(({}))' '*:file:_files'\n", Words(" "));
  if (shell == "fish") {
    std::string text;
    for (const Command& command : Commands()) {
      text += fmt::format("complete -c etcdmedic -n __fish_use_subcommand -a '{}' -d '{}'\n", command.name,
                          command.summary);
    }
    return text;
  }
  return {};
}

std::string ManPage(const Command& command) {
  std::string text = fmt::format(
      ".TH \"ETCDMEDIC\" 1\n.SH NAME\netcdmedic {} \\- {}\n.SH SYNOPSIS\n.B etcdmedic {}\n{}\n.SH OPTIONS\n",
      command.name, Roff(command.summary), command.name, Roff(command.positional));
  for (const auto flags : {command.flags, GlobalFlags()}) {
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
    if (!info.log_lines.empty()) text += fmt::format("- In etcd's log: `{}`\n", info.log_lines);
    if (!info.issues.empty()) text += fmt::format("- Upstream: {}\n", info.issues);
  }
  return text;
}

}  // namespace etcdmedic::tool
