// SPDX-License-Identifier: Apache-2.0
// Completion scripts for bash, zsh and fish, made from the command table: a command's first word, its second
// one where it has two, then its flags and files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/command.h"
#include "diag/codes.h"

namespace etcdmedic::tool {
namespace {

using Words = std::vector<std::string_view>;

struct Group {
  std::string_view name;                 // the first word
  std::string_view summary;              // of the one command, where there is no second word
  std::vector<const Command*> commands;  // those with a second word
};

std::vector<Group> Groups() {
  std::vector<Group> groups;
  for (const Command& command : Commands()) {
    const size_t space = command.name.find(' ');
    const std::string_view first = command.name.substr(0, space);
    auto group = std::ranges::find(groups, first, &Group::name);
    if (group == groups.end()) group = groups.insert(groups.end(), Group{first, command.summary, {}});
    if (space != std::string_view::npos) group->commands.push_back(&command);
  }
  return groups;
}

std::string_view SecondWord(const Command& command) {
  return command.name.substr(command.name.find(' ') + 1);
}

std::string Summary(const Group& group) {
  if (group.commands.empty()) return std::string(group.summary);
  Words seconds;
  for (const Command* command : group.commands) seconds.push_back(SecondWord(*command));
  return fmt::format("{}", fmt::join(seconds, ", "));
}

// What follows a command in the place of a file.
Words Choices(std::string_view command) {
  Words words;
  if (command == "explain") {
    for (const diag::CodeInfo& info : diag::AllCodes()) words.push_back(info.name);
  } else if (command == "help") {
    for (const Group& group : Groups()) words.push_back(group.name);
  } else if (command == "completion") {
    words = {"bash", "zsh", "fish"};
  }
  return words;
}

Words FlagNames(std::span<const Flag> flags) {
  Words names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  return names;
}

// In single quotes for a shell; the three differ only in how a quote is written inside.
std::string Quoted(std::string_view text, std::string_view quote = R"('\'')") {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += quote;
    else
      out += c;
  }
  return out + "'";
}

std::string Bash() {
  Words firsts;
  std::string seconds, rest;
  for (const Group& group : Groups()) {
    firsts.push_back(group.name);
    if (!group.commands.empty())
      seconds += fmt::format("    {}) second={} ;;\n", group.name, Quoted(Summary(group)));
  }
  std::erase(seconds, ',');
  for (const Command& command : Commands())
    rest += fmt::format("    {}) flags='{}' words='{}' ;;\n", Quoted(command.name),
                        fmt::join(FlagNames(command.flags), " "), fmt::join(Choices(command.name), " "));
  return fmt::format(R"(_etcdmedic() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} verb=${{COMP_WORDS[1]}} second= flags= words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '{}' -- "$current"))
    return
  fi
  case $verb in
{}  esac
  if [[ -n $second ]]; then
    if ((COMP_CWORD == 2)); then
      COMPREPLY=($(compgen -W "$second" -- "$current"))
      return
    fi
    verb+=" ${{COMP_WORDS[2]}}"
  fi
  case $verb in
{}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags {}" -- "$current"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _etcdmedic etcdmedic
)",
                     fmt::join(firsts, " "), seconds, rest, fmt::join(FlagNames(GlobalFlags()), " "));
}

// "name:description", as _describe takes it.
std::string Described(std::string_view name, std::string_view text) {
  return Quoted(fmt::format("{}:{}", name, text)) + " ";
}

std::string Zsh() {
  std::string firsts, seconds, rest, global;
  for (const Group& group : Groups()) {
    firsts += Described(group.name, Summary(group));
    if (group.commands.empty()) continue;
    seconds += fmt::format("    {}) choices=( ", group.name);
    for (const Command* command : group.commands)
      seconds += Described(SecondWord(*command), command->summary);
    seconds += ") ;;\n";
  }
  for (const Command& command : Commands()) {
    rest += fmt::format("    {}) flags=( ", Quoted(command.name));
    for (const Flag& flag : command.flags) rest += Described(flag.name, flag.help);
    rest += fmt::format(") choices=( {} ) ;;\n", fmt::join(Choices(command.name), " "));
  }
  for (const Flag& flag : GlobalFlags()) global += Described(flag.name, flag.help);
  return fmt::format(R"(#compdef etcdmedic
_etcdmedic() {{
  local verb=$words[2]
  local -a choices flags
  if ((CURRENT == 2)); then
    choices=( {})
    _describe command choices
    return
  fi
  case $verb in
{}  esac
  if (($#choices)); then
    if ((CURRENT == 3)); then
      _describe command choices
      return
    fi
    verb+=" $words[3]"
    choices=()
  fi
  case $verb in
{}  esac
  flags+=( {})
  if [[ $words[CURRENT] == -* ]]; then
    _describe flag flags
  elif (($#choices)); then
    _describe word choices
  else
    _files
  fi
}}
compdef _etcdmedic etcdmedic
)",
                     firsts, seconds, rest, global);
}

std::string FishFlag(const Flag& flag, std::string_view condition) {
  return fmt::format("complete -c etcdmedic{} -l {}{}{} -d {}\n", condition, flag.name.substr(2),
                     flag.short_name == 0 ? "" : fmt::format(" -s {}", flag.short_name),
                     flag.value.empty() ? "" : " -r", Quoted(flag.help, R"(\')"));
}

std::string Fish() {
  constexpr std::string_view kSeen = "__fish_seen_subcommand_from";
  std::string text;
  for (const Group& group : Groups())
    text += fmt::format("complete -c etcdmedic -f -n __fish_use_subcommand -a {} -d {}\n", group.name,
                        Quoted(Summary(group), R"(\')"));
  for (const Command& command : Commands()) {
    const size_t space = command.name.find(' ');
    std::string condition = fmt::format("{} {}", kSeen, command.name.substr(0, space));
    if (space != std::string_view::npos) {
      text += fmt::format(
          "complete -c etcdmedic -f -n '{}; and test (count (commandline -opc)) -eq 2' -a {} -d {}\n",
          condition, SecondWord(command), Quoted(command.summary, R"(\')"));
      condition += fmt::format("; and {} {}", kSeen, SecondWord(command));
    }
    if (const Words choices = Choices(command.name); !choices.empty())
      text += fmt::format("complete -c etcdmedic -f -n '{}' -a '{}'\n", condition, fmt::join(choices, " "));
    for (const Flag& flag : command.flags) text += FishFlag(flag, fmt::format(" -n '{}'", condition));
  }
  for (const Flag& flag : GlobalFlags()) text += FishFlag(flag, "");
  return text;
}

struct Shell {
  std::string_view name;
  std::string (*script)();
};
constexpr Shell kShells[] = {{"bash", Bash}, {"zsh", Zsh}, {"fish", Fish}};

}  // namespace

std::string Completion(std::string_view shell) {
  const auto found = std::ranges::find(kShells, shell, &Shell::name);
  return found == std::end(kShells) ? std::string() : found->script();
}

}  // namespace etcdmedic::tool
