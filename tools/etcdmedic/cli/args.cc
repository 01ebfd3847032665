// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <limits>
#include <memory>

#include "cli/command.h"
#include "text/suggest.h"

namespace etcdmedic::tool {
namespace {

constexpr Flag kGlobal[] = {
    {"--format", "FORMAT", "table (default), yaml, json, ndjson or name", 'o'},
    {"--color", "WHEN", "auto (default), always or never; NO_COLOR is respected"},
    {"--show-secrets", "", "print Secrets, passwords, tokens and hashes unmasked, on a terminal too"},
    {"--hide-secrets", "", "mask them in pipes and files too, for output that others will see"},
    {"--help", "", "help for the command", 'h'},
};

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

// What people type who know etcd's other tools, and what does it here.
constexpr std::pair<std::string_view, std::string_view> kElsewhere[] = {
    {"check", "`etcdmedic verify PATH` checks a member, `etcdmedic db check PATH` the pages of its db"},
    {"fsck", "`etcdmedic verify PATH` checks a member"},
    {"compact",
     "`etcdmedic db compact PATH NEW` writes a compact copy of the db; a revision is compacted by etcdctl"},
    {"defrag", "`etcdmedic db compact PATH NEW` writes a compact copy of the db"},
    {"describe", "`etcdmedic objects PATH KIND NAME -o yaml` shows an object"},
    {"dump", "`etcdmedic wal dump PATH` shows the log, `etcdmedic db dump PATH BUCKET` the db"},
    {"endpoint hashkv", "`etcdmedic hashkv PATH` computes it from the files"},
    {"endpoint health", "`etcdmedic verify PATH` checks the files"},
    {"endpoint status", "`etcdmedic info PATH` shows it from the files"},
    {"ls", "`etcdmedic keys PATH` lists keys, `etcdmedic objects PATH` Kubernetes objects"},
    {"lease list", "`etcdmedic leases PATH`"},
    {"list", "`etcdmedic keys PATH` lists keys, `etcdmedic objects PATH` Kubernetes objects"},
    {"log", "`etcdmedic wal dump PATH` shows the log"},
    {"logs", "`etcdmedic wal dump PATH` shows the log, `etcdmedic explain LINE` what etcd wrote to its own"},
    {"member list", "`etcdmedic members PATH`"},
    {"role list", "`etcdmedic auth PATH roles`"},
    {"search", "`etcdmedic keys PATH PREFIX` lists keys, `etcdmedic history PATH KEY` the changes of one"},
    {"snapshot save",
     "`etcdctl snapshot save` does that; a copy of member/snap/db can be read here as it is"},
    {"status", "`etcdmedic info PATH` shows it, `etcdmedic snapshot status FILE` that of a snapshot"},
    {"user list", "`etcdmedic auth PATH users`"},
    {"wal repair", "`etcdmedic repair PATH` repairs the log with the rest of the member"},
    {"wal verify", "`etcdmedic verify PATH` checks the log with the rest of the member"},
};

// "there is no command X; …", where X is such a name.
std::optional<std::string> UsedHere(const std::vector<std::string>& words) {
  const std::string two = words.size() > 1 ? words[0] + " " + words[1] : words[0];
  for (const std::string& name : {two, words[0]}) {
    const auto found =
        std::ranges::find(kElsewhere, name, &std::pair<std::string_view, std::string_view>::first);
    if (found != std::end(kElsewhere)) return fmt::format("there is no command {}; {}", name, found->second);
  }
  return std::nullopt;
}

tl::unexpected<Error> UnknownCommand(const std::vector<std::string>& words) {
  if (words[0].starts_with("-"))
    return Usage(fmt::format("{} comes after the command: etcdmedic COMMAND PATH {}", words[0], words[0]));
  if (auto here = UsedHere(words)) return Usage(std::move(*here));
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) names.push_back(command.name);
  const bool two = words.size() > 1 &&
                   std::ranges::any_of(names, [&](auto name) { return name.starts_with(words[0] + " "); });
  const std::string typed = two ? words[0] + " " + words[1] : words[0];
  for (const std::string_view group : Groups()) names.push_back(group);
  return Usage(fmt::format("there is no command {}{}", typed, text::Suggest(typed, names)));
}

std::vector<Flag> AllFlagsOf(const Command& command) {
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

// With the names that kubectl and etcdctl have for it; --output is a folder in some commands.
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
    std::vector<CLI::Option*> options;
    for (size_t i = 0; i < flags.size(); ++i) {
      const std::string names = ParserNames(flags[i], flags);
      options.push_back(flags[i].value.empty() ? app.add_flag(names, values[i])
                                               : app.add_option(names, values[i]));
      if (flags[i].value.empty() && !flags[i].can_negate) options.back()->disable_flag_override();
      if (flags[i].repeats) options.back()->join(',');
    }
    app.add_option("positional", parsed.args.positional_);
    words = SplitShortFlags(std::move(words));
    SplitEmptyValues(flags, words);
    std::ranges::reverse(words);
    try {
      app.parse(words);
    } catch (const CLI::ExtrasError&) {
      const auto extras = app.remaining();
      std::vector<std::string_view> names;
      for (const Flag& flag : flags) names.push_back(flag.name);
      const std::string typed = extras.empty() ? "" : extras.front();
      return Usage(fmt::format("unknown flag {} for {}{}", typed, command.name, text::Suggest(typed, names)));
    } catch (const CLI::ArgumentMismatch& error) {
      return Usage(MissingValue(flags, error.what()));
    } catch (const CLI::ParseError& error) {
      return Usage(error.what());
    }
    for (size_t i = 0; i < flags.size(); ++i) {
      if (options[i]->count() == 0) continue;
      // A switch that was negated is there under another name, for those who ask whether it was.
      const bool negated = flags[i].can_negate && values[i] == "false";
      parsed.args.values_[fmt::format("{}{}", flags[i].name, negated ? "=false" : "")] = values[i];
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
  if (text && text->ends_with("iB"))
    return Usage(fmt::format("{} takes a number without a unit, not {}", flag, *text));
  return Size(flag, fallback);
}

Result<uint64_t> Args::Size(std::string_view flag, uint64_t fallback) const {
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
    return Usage(fmt::format("{} takes a number, also as 0x…, not {}", flag, *text));
  }
  return value * factor;
}

const Command* CommandOf(const std::vector<std::string>& words) {
  return words.empty() ? nullptr : FindCommand(words).first;
}

bool IsGroup(std::string_view name) {
  const auto groups = Groups();
  return std::ranges::find(groups, name) != groups.end();
}

Result<Parsed> Parse(const std::vector<std::string>& words) {
  Parsed parsed;
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    parsed.help = true;
    return parsed;
  }
  if (words[0] == "--version" || words[0] == "-v" || words[0] == "version") {
    parsed.version = true;
    return parsed;
  }
  const bool asks = words.size() == 2 && (words[1] == "--help" || words[1] == "-h");
  if (IsGroup(words[0]) && FindCommand(words).first == nullptr && (words.size() == 1 || asks)) {
    parsed.group = words[0];
    parsed.help = asks;
    return parsed;
  }
  const auto [command, count] = FindCommand(words);
  if (command == nullptr) return UnknownCommand(words);
  return Parser::Run(*command, {words.begin() + static_cast<std::ptrdiff_t>(count), words.end()});
}

}  // namespace etcdmedic::tool
