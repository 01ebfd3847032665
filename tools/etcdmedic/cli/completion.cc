// SPDX-License-Identifier: Apache-2.0
// Completion scripts for bash, zsh and fish, made from the command table: a command's first word, its second
// one where it has two, then its flags, the values of those that have a list of them, and words or files.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/choices.h"

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

// Flags of a command and of all commands.
std::vector<Flag> FlagsOf(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  flags.insert(flags.end(), GlobalFlags().begin(), GlobalFlags().end());
  return flags;
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

// Shell patterns, one a spelling: 'top --by'|'top -b'.
std::string PatternOf(const Command& command, const Flag& flag) {
  std::string pattern = Quoted(fmt::format("{} {}", command.name, flag.name));
  if (flag.short_name != 0) pattern += "|" + Quoted(fmt::format("{} -{}", command.name, flag.short_name));
  return pattern;
}

// Lines of a `case` over "COMMAND FLAG" that set `values`; the list between `open` and `close`.
std::string ValueCases(std::string_view open, std::string_view close) {
  std::string lines;
  for (const Command& command : Commands()) {
    for (const Flag& flag : FlagsOf(command)) {
      if (const auto values = ValuesOf(command, flag); !values.empty())
        lines += fmt::format("    {}) values={}{}{} ;;\n", PatternOf(command, flag), open,
                             fmt::join(values, " "), close);
    }
  }
  return lines;
}

// " --by -o ": the flags of a command that take a value.
std::string Valued(const Command& command) {
  std::string names = " ";
  for (const Flag& flag : FlagsOf(command)) {
    if (flag.value.empty()) continue;
    names += fmt::format("{} ", flag.name);
    if (flag.short_name != 0) names += fmt::format("-{} ", flag.short_name);
  }
  return names;
}

std::string BashCommand(const Command& command) {
  const auto words = WordsOf(command).value_or(WordChoices{});
  return fmt::format("    {}) flags='{}' valued='{}' place={} words='{}' ;;\n", Quoted(command.name),
                     fmt::join(FlagNames(FlagsOf(command)), " "), Valued(command), words.place,
                     fmt::join(words.values, " "));
}

// bash splits "--by=key" into three words.
constexpr std::string_view kBash = R"(_etcdmedic() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} verb=${{COMP_WORDS[1]}} second= flags= words= valued= values= place=0
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '{}' -- "$current"))
    return
  fi
  case $verb in
{}  esac
  local first=2
  if [[ -n $second ]]; then
    if ((COMP_CWORD == 2)); then
      COMPREPLY=($(compgen -W "$second" -- "$current"))
      return
    fi
    verb+=" ${{COMP_WORDS[2]}}"
    first=3
  fi
  case $verb in
{}  esac
  local previous=${{COMP_WORDS[COMP_CWORD-1]}}
  [[ $current == = ]] && current=
  [[ $previous == = ]] && previous=${{COMP_WORDS[COMP_CWORD-2]}}
  case "$verb $previous" in
{}  esac
  local at here=1
  for ((at = first; at < COMP_CWORD; at++)); do
    case ${{COMP_WORDS[at]}} in
      -?*) [[ $valued == *" ${{COMP_WORDS[at]}} "* ]] && ((at++)) && [[ ${{COMP_WORDS[at]}} == = ]] && ((at++)) ;;
      *) ((here++)) ;;
    esac
  done
  if [[ -n $values ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  elif [[ -n $words ]] && ((here == place)) && [[ $valued != *" $previous "* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}}
complete -o filenames -F _etcdmedic etcdmedic
)";

std::string Bash() {
  Words firsts;
  std::string seconds, rest;
  for (const Group& group : Groups()) {
    firsts.push_back(group.name);
    if (!group.commands.empty())
      seconds += fmt::format("    {}) second={} ;;\n", group.name, Quoted(Summary(group)));
  }
  std::erase(seconds, ',');
  for (const Command& command : Commands()) rest += BashCommand(command);
  return fmt::format(kBash, fmt::join(firsts, " "), seconds, rest, ValueCases("'", "'"));
}

// "name:description", as _describe takes it.
std::string Described(std::string_view name, std::string_view text) {
  return Quoted(fmt::format("{}:{}", name, text)) + " ";
}

std::string ZshCommand(const Command& command) {
  std::string flags;
  for (const Flag& flag : FlagsOf(command)) flags += Described(flag.name, HelpOf(flag, command));
  const auto words = WordsOf(command).value_or(WordChoices{});
  return fmt::format("    {}) flags=( {}) valued='{}' place={} choices=( {} ) ;;\n", Quoted(command.name),
                     flags, Valued(command), words.place, fmt::join(words.values, " "));
}

constexpr std::string_view kZsh = R"(#compdef etcdmedic
_etcdmedic() {{
  local verb=$words[2] valued= place=0 first=3
  local -a choices flags values
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
    first=4
  fi
  case $verb in
{}  esac
  local previous=$words[CURRENT-1]
  [[ $words[CURRENT] == --*=* ]] && previous=${{words[CURRENT]%%=*}} && compset -P '*='
  case "$verb $previous" in
{}  esac
  local at here=1
  for ((at = first; at < CURRENT; at++)); do
    case $words[at] in
      -?*) [[ $valued == *" $words[at] "* ]] && ((at++)) ;;
      *) ((here++)) ;;
    esac
  done
  if (($#values)); then
    compadd -a values
  elif [[ $words[CURRENT] == -* ]]; then
    _describe flag flags
  elif (($#choices)) && ((here == place)) && [[ $valued != *" $previous "* ]]; then
    compadd -a choices
  else
    _files
  fi
}}
if [[ $funcstack[1] == _etcdmedic ]]; then
  _etcdmedic "$@"
else
  compdef _etcdmedic etcdmedic
fi
)";

std::string Zsh() {
  std::string firsts, seconds, rest;
  for (const Group& group : Groups()) {
    firsts += Described(group.name, Summary(group));
    if (group.commands.empty()) continue;
    seconds += fmt::format("    {}) choices=( ", group.name);
    for (const Command* command : group.commands)
      seconds += Described(SecondWord(*command), command->summary);
    seconds += ") ;;\n";
  }
  for (const Command& command : Commands()) rest += ZshCommand(command);
  return fmt::format(kZsh, firsts, seconds, rest, ValueCases("( ", " )"));
}

std::string FishQuoted(std::string_view text) { return Quoted(text, R"(\')"); }

std::string FishFlag(const Flag& flag, const Command& command, std::string_view condition) {
  const auto values = ValuesOf(command, flag);
  std::string argument = flag.value.empty() ? "" : " -r";
  if (!values.empty()) argument = fmt::format(" -x -a '{}'", fmt::join(values, " "));
  return fmt::format("complete -c etcdmedic -n '{}' -l {}{}{} -d {}\n", condition, flag.name.substr(2),
                     flag.short_name == 0 ? "" : fmt::format(" -s {}", flag.short_name), argument,
                     FishQuoted(HelpOf(flag, command)));
}

// Words after the program: the command's own, and one more at least for each place before the choices.
std::string FishWords(const Command& command, std::string_view condition) {
  const auto words = WordsOf(command);
  if (!words) return "";
  const auto own = 1 + std::ranges::count(command.name, ' ') + 1;
  return fmt::format("complete -c etcdmedic -f -n '{}; and test (count (commandline -opc)) -ge {}' -a '{}'\n",
                     condition, static_cast<size_t>(own) + words->place - 1, fmt::join(words->values, " "));
}

std::string FishCommand(const Command& command) {
  constexpr std::string_view kSeen = "__fish_seen_subcommand_from";
  std::string text;
  const size_t space = command.name.find(' ');
  std::string condition = fmt::format("{} {}", kSeen, command.name.substr(0, space));
  if (space != std::string_view::npos) {
    text = fmt::format(
        "complete -c etcdmedic -f -n '{}; and test (count (commandline -opc)) -eq 2' -a {} -d {}\n",
        condition, SecondWord(command), FishQuoted(command.summary));
    condition += fmt::format("; and {} {}", kSeen, SecondWord(command));
  }
  text += FishWords(command, condition);
  for (const Flag& flag : FlagsOf(command)) text += FishFlag(flag, command, condition);
  return text;
}

std::string Fish() {
  std::string text;
  for (const Group& group : Groups())
    text += fmt::format("complete -c etcdmedic -f -n __fish_use_subcommand -a {} -d {}\n", group.name,
                        FishQuoted(Summary(group)));
  for (const Command& command : Commands()) text += FishCommand(command);
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
