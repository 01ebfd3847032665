// SPDX-License-Identifier: Apache-2.0
#include "cli/parser.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>

#include "base/try.h"
#include "cli/command.h"
#include "cli/habits.h"
#include "text/ascii.h"
#include "text/suggest.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGlobal[] = {
    {"--format", "FORMAT", "table (default), yaml, json, ndjson or name", 'o'},
    Choice("--color", "WHEN", "colours (default: auto, which respects NO_COLOR and TERM=dumb)",
           [] { return SplitWords("auto|always|never"); }),
    Choice("--progress", "WHEN",
           "how far work has come, on stderr (default: auto, after a second on a terminal)",
           [] { return SplitWords("auto|always|never"); }),
    {"--show-secrets", "", "print Secrets, passwords, tokens and hashes unmasked, on a terminal too"},
    {"--hide-secrets", "", "mask them in pipes and files too, for output that others will see"},
    {"--help", "", "help for the command", 'h'},
};

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

std::vector<Flag> AllFlagsOf(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  flags.insert(flags.end(), GlobalFlags().begin(), GlobalFlags().end());
  return flags;
}

struct Arity {
  std::vector<std::string> needed;  // their names
  size_t most = 0;
};

// What a row's positional words ask for: "PATH [KEY [RANGE_END]]" is one to three, "PATH..." one or more.
Arity ArityOf(std::string_view positional) {
  if (positional.find('|') != std::string_view::npos) return {{}, std::numeric_limits<size_t>::max()};
  Arity arity;
  for (const std::string& word : SplitWords(positional, ' ')) {
    if (!word.starts_with("[")) arity.needed.push_back(word.substr(0, word.find("...")));
    if (word.find("...") != std::string_view::npos) arity.most = std::numeric_limits<size_t>::max() - 1;
    ++arity.most;
  }
  return arity;
}

// In our words, where the parser says "--limit: 1 required TEXT missing".
std::string MissingValue(const std::vector<Flag>& flags, std::string_view said) {
  const auto flag = std::ranges::find_if(flags, [&](const Flag& each) {
    return said.starts_with(fmt::format("{}:", each.name)) ||
           said.starts_with(
               fmt::format("{} was given", each.name.substr(2)));  // a value that it does not take
  });
  if (flag == flags.end()) return std::string(said);
  return flag->value.empty() ? fmt::format("{} takes no value", flag->name)
                             : fmt::format("{} needs a value: {} {}", flag->name, flag->name, flag->value);
}

// "--token=" is an empty value; the parser would take the next word for it.
void SplitEmptyValues(const std::vector<Flag>& flags, std::vector<std::string>& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    const bool empty = std::ranges::any_of(flags, [&](const Flag& flag) {
      return !flag.value.empty() && words[i] == std::string(flag.name) + "=";
    });
    if (!empty) continue;
    words[i].pop_back();
    words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, "");
  }
}

// The flag, or why there is none: what it is in another tool, or the nearest name.
tl::unexpected<Error> UnknownFlag(const Command& command, const std::vector<Flag>& flags,
                                  const std::string& typed) {
  if (const FlagHabit* const habit = FindFlagHabit(command, typed); habit != nullptr && habit->means.empty())
    return Usage(fmt::format("{} has no {}: {}", command.name, habit->typed, habit->hint));
  std::vector<std::string_view> names;
  for (const Flag& flag : flags) names.push_back(flag.name);
  return Usage(fmt::format("unknown flag {} for {}{}", typed, command.name,
                           text::Suggest(typed.substr(0, typed.find('=')), names)));
}

// Whether there are as many words as the command takes. Errors: kUsage, naming the first that is missing.
Result<void> CheckCount(const Command& command, const Args& args) {
  const Arity arity = ArityOf(command.positional);
  const size_t given = args.positional().size();
  const std::string usage = fmt::format("etcdmedic {}{}{}", command.name,
                                        command.positional.empty() ? "" : " ", command.positional);
  if (given < arity.needed.size()) return Usage(fmt::format("{} is missing: {}", arity.needed[given], usage));
  if (given > arity.most)
    return Usage(fmt::format("{} is one argument too many: {}", args.positional()[arity.most], usage));
  return {};
}

// With the names that kubectl and etcdctl have for it; --output is a folder in some commands.
std::string ParserNames(const Flag& flag, const std::vector<Flag>& flags) {
  const bool taken = std::ranges::find(flags, "--output", &Flag::name) != flags.end();
  const std::string others = flag.name != "--format" ? ""
                             : taken                 ? ",-w,--write-out"
                                                     : ",-w,--write-out,--output";
  const std::string own = flag.short_name == 0 ? "" : fmt::format("-{},", flag.short_name);
  return fmt::format("{}{}{}", own, flag.name, others);
}

// "-o=yaml" as "-o", "yaml".
std::vector<std::string> SplitShortFlags(std::vector<std::string> words) {
  std::vector<std::string> split;
  for (std::string& word : words) {
    const bool joined = word.size() > 2 && word[0] == '-' && word[1] != '-' && word[2] == '=';
    if (joined) {
      split.push_back(word.substr(0, 2));
      word.erase(0, 3);
    }
    split.push_back(std::move(word));
  }
  return split;
}

// Each flag as an option whose value goes to its place in `values`.
std::vector<CLI::Option*> AddOptions(CLI::App& app, const std::vector<Flag>& flags,
                                     std::vector<std::string>& values) {
  std::vector<CLI::Option*> options;
  for (size_t i = 0; i < flags.size(); ++i) {
    const std::string names = ParserNames(flags[i], flags);
    options.push_back(flags[i].value.empty() ? app.add_flag(names, values[i])
                                             : app.add_option(names, values[i]));
    if (flags[i].value.empty() && !flags[i].can_negate) options.back()->disable_flag_override();
    if (flags[i].repeats) options.back()->join(',');
  }
  return options;
}

Result<void> ReadWords(const Command& command, const std::vector<Flag>& flags, CLI::App& app,
                       std::vector<std::string> words) {
  words = SplitShortFlags(std::move(words));
  SplitEmptyValues(flags, words);
  std::ranges::reverse(words);
  try {
    app.parse(words);
  } catch (const CLI::ExtrasError&) {
    const auto extras = app.remaining();
    return UnknownFlag(command, flags, extras.empty() ? "" : extras.front());
  } catch (const CLI::ArgumentMismatch& error) {
    return Usage(MissingValue(flags, error.what()));
  } catch (const CLI::ParseError& error) {
    return Usage(error.what());
  }
  return {};
}

}  // namespace

std::span<const Flag> GlobalFlags() { return kGlobal; }

struct Parser {
  static Result<Parsed> Run(const Command& command, std::vector<std::string> words) {
    CLI::App app;
    app.set_help_flag();
    Parsed parsed;
    parsed.command = &command;
    const std::vector<Flag> flags = AllFlagsOf(command);
    std::vector<std::string> values(flags.size());
    const std::vector<CLI::Option*> options = AddOptions(app, flags, values);
    app.add_option("positional", parsed.args.positional_);
    RETURN_IF_ERROR(ReadWords(command, flags, app, std::move(words)));
    for (size_t i = 0; i < flags.size(); ++i) {
      if (options[i]->count() > 0) parsed.args.values_[std::string(flags[i].name)] = values[i];
    }
    parsed.help = parsed.args.Has("--help");
    if (parsed.help) return parsed;
    RETURN_IF_ERROR(CheckValues(flags, parsed.args));
    RETURN_IF_ERROR(CheckCount(command, parsed.args));
    return parsed;
  }

 private:
  // A switch that was negated is off, and not there.
  static Result<void> CheckSwitch(const Flag& flag, Args& args) {
    static const std::vector<std::string> kOn{"true", "t", "1"}, kOff{"false", "f", "0"};
    const auto typed = args.values_.find(std::string(flag.name));
    if (typed == args.values_.end()) return {};
    const std::string word = text::Lower(typed->second);
    if (std::ranges::find(kOn, word) != kOn.end()) return {};
    if (std::ranges::find(kOff, word) == kOff.end())
      return NotAValue(flag.name, {kOn.front(), kOff.front()}, typed->second);
    args.off_.insert(typed->first);
    args.values_.erase(typed);
    return {};
  }

  // In the words of the table, whatever their case was.
  static Result<void> CheckChoice(const Flag& flag, Args& args) {
    const auto typed = args.values_.find(std::string(flag.name));
    if (typed == args.values_.end()) return {};
    const std::vector<std::string> values = flag.values();
    const auto found = std::ranges::find_if(
        values, [&](const std::string& value) { return text::Lower(value) == text::Lower(typed->second); });
    if (found == values.end()) return NotAValue(flag.name, values, typed->second);
    typed->second = *found;
    return {};
  }

  static Result<void> CheckValues(const std::vector<Flag>& flags, Args& args) {
    for (const Flag& flag : flags) {
      if (flag.can_negate) RETURN_IF_ERROR(CheckSwitch(flag, args));
      if (flag.values != nullptr) RETURN_IF_ERROR(CheckChoice(flag, args));
    }
    return {};
  }
};

Result<Parsed> ParseArguments(const Command& command, std::vector<std::string> words) {
  return Parser::Run(command, std::move(words));
}

std::optional<bool> TakesValue(std::string_view typed) {
  if (typed.find('=') != std::string_view::npos || typed == "--version") return false;
  if (typed == "-w" || typed == "--write-out" || typed == "--output") return true;
  bool with = false, without = false;
  const auto look = [&](const Flag& flag) {
    const bool is_short = flag.short_name != 0 && typed.size() >= 2 && typed[1] == flag.short_name;
    if (typed != flag.name && !is_short) return;
    const bool joined = is_short && typed.size() > 2;  // "-oyaml"
    (flag.value.empty() || joined ? without : with) = true;
  };
  std::ranges::for_each(GlobalFlags(), look);
  for (const Command& command : Commands()) std::ranges::for_each(command.flags, look);
  return with == without ? std::nullopt : std::optional(with);
}

}  // namespace etcdmedic::tool
