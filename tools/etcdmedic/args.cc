// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>
#include <numeric>

#include "command.h"

namespace etcdmedic::tool {
namespace {

size_t Distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t next = std::min({row[j] + 1, row[j + 1] + 1, diagonal + (a[i] == b[j] ? 0 : 1)});
      diagonal = std::exchange(row[j + 1], next);
    }
  }
  return row.back();
}

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

// The command that the first one or two words name, and how many words that took.
std::pair<const Command*, size_t> FindCommand(const std::vector<std::string>& words) {
  for (const size_t count : {size_t{2}, size_t{1}}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
    const auto found = std::ranges::find(Commands(), name, &Command::name);
    if (found != Commands().end()) return {&*found, count};
  }
  return {nullptr, 0};
}

tl::unexpected<Error> UnknownCommand(const std::vector<std::string>& words) {
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) names.push_back(command.name);
  const bool two = words.size() > 1 &&
                   std::ranges::any_of(names, [&](auto name) { return name.starts_with(words[0] + " "); });
  const std::string typed = two ? words[0] + " " + words[1] : words[0];
  return Usage(fmt::format("there is no command {}{}", typed, Suggest(typed, names)));
}

std::vector<Flag> FlagsOf(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  flags.insert(flags.end(), GlobalFlags().begin(), GlobalFlags().end());
  return flags;
}

struct Arity {
  size_t least = 0;
  size_t most = 0;
};

// What a row's positional words ask for: "PATH [KEY [RANGE_END]]" is one to three, "PATH..." one or more.
Arity ArityOf(std::string_view positional) {
  if (positional.find('|') != std::string_view::npos) return {0, std::numeric_limits<size_t>::max()};
  Arity arity;
  for (size_t at = 0; at < positional.size();) {
    const size_t end = std::min(positional.find(' ', at), positional.size());
    const std::string_view word = positional.substr(at, end - at);
    if (!word.starts_with("[")) ++arity.least;
    if (word.find("...") != std::string_view::npos) arity.most = std::numeric_limits<size_t>::max() - 1;
    ++arity.most;
    at = end + 1;
  }
  return arity;
}

std::string NamesOf(const Flag& flag) {
  return flag.short_name == 0 ? std::string(flag.name) : fmt::format("-{},{}", flag.short_name, flag.name);
}

}  // namespace

std::string Suggest(std::string_view typed, const std::vector<std::string_view>& names) {
  const auto best =
      std::ranges::min_element(names, {}, [&](std::string_view name) { return Distance(typed, name); });
  if (best == names.end() || Distance(typed, *best) > std::max<size_t>(2, typed.size() / 3)) return {};
  return fmt::format("; did you mean {}?", *best);
}

struct Parser {
  static Result<Parsed> Run(const Command& command, std::vector<std::string> words) {
    CLI::App app;
    app.set_help_flag();
    Parsed parsed;
    parsed.command = &command;
    const std::vector<Flag> flags = FlagsOf(command);
    std::vector<std::string> values(flags.size());
    std::vector<CLI::Option*> options;
    for (size_t i = 0; i < flags.size(); ++i) {
      const std::string names = NamesOf(flags[i]);
      options.push_back(flags[i].value.empty() ? app.add_flag(names) : app.add_option(names, values[i]));
    }
    app.add_option("positional", parsed.args.positional_);
    std::ranges::reverse(words);
    try {
      app.parse(words);
    } catch (const CLI::ExtrasError&) {
      const auto extras = app.remaining();
      std::vector<std::string_view> names;
      for (const Flag& flag : flags) names.push_back(flag.name);
      const std::string typed = extras.empty() ? "" : extras.front();
      return Usage(fmt::format("{} knows no {}{}", command.name, typed, Suggest(typed, names)));
    } catch (const CLI::ParseError& error) {
      return Usage(error.what());
    }
    for (size_t i = 0; i < flags.size(); ++i) {
      if (options[i]->count() > 0) parsed.args.values_[std::string(flags[i].name)] = values[i];
    }
    parsed.help = parsed.args.Has("--help");
    const Arity arity = ArityOf(command.positional);
    const size_t given = parsed.args.positional_.size();
    if (given < arity.least && !parsed.help)
      return Usage(fmt::format("{} needs {}", command.name, command.positional));
    if (given > arity.most) {
      return Usage(arity.most == 1 ? fmt::format("{} takes one path", command.name)
                                   : fmt::format("{} takes {}", command.name, command.positional));
    }
    return parsed;
  }
};

std::optional<std::string> Args::Get(std::string_view flag) const {
  const auto found = values_.find(std::string(flag));
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

Result<uint64_t> Args::Number(std::string_view flag, uint64_t fallback) const {
  const auto text = Get(flag);
  if (!text) return fallback;
  const bool hex = text->starts_with("0x") || text->starts_with("0X");
  uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data() + (hex ? 2 : 0), end, value, hex ? 16 : 10);
  const std::string_view unit(rest, static_cast<size_t>(end - rest));
  const uint64_t factor = unit.empty()    ? 1
                          : unit == "KiB" ? 1024
                          : unit == "MiB" ? 1 << 20
                          : unit == "GiB" ? 1 << 30
                                          : 0;
  if (error != std::errc() || factor == 0 || value > UINT64_MAX / factor) {
    return Usage(fmt::format("{} takes a number, also as 0x… or with KiB, MiB, GiB, not {}", flag, *text));
  }
  return value * factor;
}

Result<Parsed> Parse(const std::vector<std::string>& words) {
  Parsed parsed;
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    parsed.help = true;
    return parsed;
  }
  if (words[0] == "--version") {
    parsed.version = true;
    return parsed;
  }
  const auto [command, count] = FindCommand(words);
  if (command == nullptr) return UnknownCommand(words);
  return Parser::Run(*command, {words.begin() + static_cast<std::ptrdiff_t>(count), words.end()});
}

}  // namespace etcdmedic::tool
