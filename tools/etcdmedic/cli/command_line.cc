// SPDX-License-Identifier: Apache-2.0
// Which command a command line names: its own words may have flags before and between them, and may be those
// of another tool.
#include <fmt/format.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/habits.h"
#include "cli/parser.h"
#include "text/suggest.h"

namespace etcdmedic::tool {
namespace {

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

// "wal", "db", …: the first words of names that have two.
std::vector<std::string_view> Groups() {
  std::vector<std::string_view> groups;
  for (const Command& command : Commands()) {
    const size_t space = command.name.find(' ');
    if (space == std::string_view::npos) continue;
    const std::string_view group = command.name.substr(0, space);
    if (std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
  }
  return groups;
}

bool BeginsHabit(std::string_view word) {
  return std::ranges::any_of(Habits(), [&](const Habit& each) {
    return each.typed == word || each.typed.starts_with(std::string(word) + " ");
  });
}

bool BeginsCommand(std::string_view word) {
  return CommandNamed(word) != nullptr || IsGroup(word) || BeginsHabit(word);
}

// Of a flag that is not known, or that takes a value in some commands only.
bool MayBeValue(std::string_view word) { return !word.starts_with("-") && !BeginsCommand(word); }

// The places of the first two words that are neither flags nor values of flags.
std::vector<size_t> PlainWords(const std::vector<std::string>& words) {
  std::vector<size_t> plain;
  for (size_t i = 0; i < words.size() && plain.size() < 2; ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word[0] != '-') {
      plain.push_back(i);
    } else if (i + 1 < words.size() && TakesValue(word).value_or(MayBeValue(words[i + 1]))) {
      ++i;
    }
  }
  return plain;
}

// What a command line names.
struct Named {
  std::string first, second;         // as they were typed
  const Command* command = nullptr;  // of ours
  const Habit* habit = nullptr;      // of another tool, where `command` is null
  std::vector<size_t> used;          // the places of the words that name it
};

Named Resolve(const std::vector<std::string>& words) {
  Named named;
  const std::vector<size_t> plain = PlainWords(words);
  if (plain.empty()) return named;
  named.first = words[plain[0]];
  if (plain.size() > 1) named.second = words[plain[1]];
  const Command* const two = CommandNamed(named.first + " " + named.second);
  const Habit* const habit = two == nullptr ? FindHabit(named.first, named.second) : nullptr;
  const bool two_words =
      two != nullptr || (habit != nullptr && habit->typed.find(' ') != std::string_view::npos);
  named.command = two != nullptr ? two : two_words ? nullptr : CommandNamed(named.first);
  named.habit = named.command == nullptr ? habit : nullptr;
  if (named.command == nullptr && named.habit == nullptr) return named;
  named.used.assign(plain.begin(), plain.begin() + (two_words ? 2 : 1));
  return named;
}

std::vector<std::string> Without(const std::vector<std::string>& words, const std::vector<size_t>& places) {
  std::vector<std::string> rest;
  for (size_t i = 0; i < words.size(); ++i) {
    if (std::ranges::find(places, i) == places.end()) rest.push_back(words[i]);
  }
  return rest;
}

// "etcdctl member list" as "member list".
std::vector<std::string> WithoutOtherTool(const std::vector<std::string>& words) {
  const std::vector<size_t> plain = PlainWords(words);
  return plain.size() > 1 && IsOtherTool(words[plain[0]]) ? Without(words, {plain[0]}) : words;
}

// "auth PATH users" as the command, and the words that follow the first argument.
std::pair<const Command*, std::vector<std::string>> TargetOf(const Habit& habit) {
  const size_t path = habit.runs.find(" PATH ");
  const Command* const command = CommandNamed(habit.runs.substr(0, path));
  if (path == std::string_view::npos) return {command, {}};
  return {command, SplitWords(habit.runs.substr(path + 6), ' ')};
}

// Puts words after the first argument.
void InsertAfterPath(const std::vector<std::string>& more, std::vector<std::string>& words) {
  const std::vector<size_t> plain = PlainWords(words);
  if (plain.empty()) return;
  words.insert(words.begin() + static_cast<std::ptrdiff_t>(plain[0]) + 1, more.begin(), more.end());
}

Result<Parsed> RunHabit(const Habit& habit, std::vector<std::string> rest) {
  if (habit.runs.empty()) return Usage(fmt::format("there is no command {}; {}", habit.typed, habit.hint));
  const auto [command, more] = TargetOf(habit);
  TranslateFlags(*command, rest);
  InsertAfterPath(more, rest);
  return ParseArguments(*command, std::move(rest));
}

tl::unexpected<Error> UnknownCommand(const Named& named) {
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) names.push_back(command.name);
  for (const Habit& habit : Habits()) names.push_back(habit.typed);
  for (const std::string_view group : Groups()) names.push_back(group);
  const bool two = IsGroup(named.first) && !named.second.empty();
  const std::string typed = two ? named.first + " " + named.second : named.first;
  std::string near;
  if (!named.second.empty()) near = text::Suggest(named.first + " " + named.second, names);
  if (near.empty()) near = text::Suggest(typed, names);
  return Usage(fmt::format("there is no command {}{}", typed, near));
}

bool Asks(const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [](const auto& word) { return word == "--help" || word == "-h"; });
}

bool AsksVersion(const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [](const auto& word) { return word == "--version" || word == "-v" || word == "-V"; });
}

Result<Parsed> ParseWithoutCommand(const std::vector<std::string>& words) {
  if (AsksVersion(words)) {
    std::vector<std::string> rest = words;
    std::erase_if(rest, [](const auto& word) { return AsksVersion({word}); });
    return ParseArguments(*CommandNamed("version"), std::move(rest));
  }
  if (!words.empty() && !Asks(words)) return Usage("a command is missing");
  Parsed parsed;
  parsed.help = Asks(words);
  return parsed;
}

}  // namespace

const Command* CommandNamed(std::string_view name) {
  const auto found = std::ranges::find(Commands(), name, &Command::name);
  return found == Commands().end() ? nullptr : &*found;
}

bool IsGroup(std::string_view name) {
  const auto groups = Groups();
  return std::ranges::find(groups, name) != groups.end();
}

Result<Parsed> Parse(const std::vector<std::string>& typed) {
  const std::vector<std::string> words = WithoutOtherTool(typed);
  const Named named = Resolve(words);
  if (named.first.empty()) return ParseWithoutCommand(words);
  std::vector<std::string> rest = Without(words, named.used);
  if (named.command != nullptr) {
    TranslateFlags(*named.command, rest);
    return ParseArguments(*named.command, std::move(rest));
  }
  if (IsGroup(named.first) && named.habit == nullptr && (named.second.empty() || Asks(words))) {
    Parsed parsed;
    parsed.group = named.first;
    parsed.help = Asks(words);
    return parsed;
  }
  if (named.habit != nullptr) return RunHabit(*named.habit, std::move(rest));
  return UnknownCommand(named);
}

std::string HelpTopicOf(const std::vector<std::string>& typed) {
  const std::vector<std::string> words = WithoutOtherTool(typed);
  const Named named = Resolve(words);
  if (named.command != nullptr) return std::string(named.command->name);
  if (named.habit != nullptr && !named.habit->runs.empty())
    return std::string(TargetOf(*named.habit).first->name);
  return IsGroup(named.first) ? named.first : std::string();
}

}  // namespace etcdmedic::tool
