// SPDX-License-Identifier: Apache-2.0
// The command table's types. Help, man pages, completion and the parser are all made from the rows that the
// files in commands/ define, one each.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "render/document.h"
#include "render/output.h"

namespace etcdmedic::tool {

// fsck's bits.
enum Exit : int { kClean = 0, kNotable = 1, kDamaged = 4, kFailed = 8, kUsage = 16 };

// The words that a flag takes, where these are a fixed set.
using ValuesMaker = std::vector<std::string> (*)();

struct Flag {
  std::string_view name;   // "--from"
  std::string_view value;  // "INDEX"; empty for a switch
  std::string_view help;
  char short_name = 0;      // 'o' for -o; 0 for none
  bool repeats = false;     // a list with commas, which may be typed in parts
  bool can_negate = false;  // a switch that also takes =true and =false, and what strconv.ParseBool takes
  // The parser refuses any other word, help lists them, and completion offers them. Case does not matter:
  // Args::Get gives the word as it is here.
  ValuesMaker values = nullptr;
};

// A flag that takes one of a fixed set of words.
constexpr Flag Choice(std::string_view name, std::string_view value, std::string_view help,
                      ValuesMaker values) {
  return {name, value, help, 0, false, false, values};
}

// "a|b|c" as its words.
std::vector<std::string> SplitWords(std::string_view text, char separator = '|');

// The error (kUsage) of a flag that was given something other than it takes: "--order takes ascend, descend,
// not up".
tl::unexpected<Error> NotAValue(std::string_view flag, const std::vector<std::string>& values,
                                std::string_view typed);

struct Example {
  std::string_view args;  // after the program's name; DIR, FILE, VALUE and OBJECT stand for test data
  std::string_view text;
  int exit = kClean;
};

class Args;

struct Command;

struct Context {
  render::Output& out;
  render::Output& err;
  std::string help_topic =
      {};  // what `etcdmedic help` takes for what was typed: a command, a group, or empty
  render::Format format = render::Format::kTable;
  // One of Command::formats as it was typed, "custom-columns=…"; format is kTable then.
  std::string own_format = {};
  bool color = false;
  // stdout is a terminal, so secrets are masked.
  bool terminal = false;
  bool show_secrets = false;  // --show-secrets
  bool hide_secrets = false;  // --hide-secrets

  // Passwords, hashes and tokens that etcd itself keeps: hidden wherever the output goes.
  bool hides_passwords() const { return !show_secrets; }
  // What stored values keep secret: hidden on a terminal, and elsewhere on demand, since a manifest in a file
  // must be whole.
  bool hides_values() const { return !show_secrets && (terminal || hide_secrets); }
};

// Which of the formats that commands share one has: docs/design/output.md.
enum class Answers : uint8_t {
  kNames,      // table, yaml, json, ndjson, and name: what identifies each item
  kDocuments,  // table, yaml, json, ndjson
  kText,       // table alone: text or bytes
};

struct Command {
  std::string_view name;        // "wal dump"
  std::string_view positional;  // "PATH [KEY [RANGE_END]]"
  std::string_view summary;
  std::span<const Flag> flags = {};
  std::span<const Example> examples = {};
  int (*run)(Context&, const Args&);
  Answers answers = Answers::kNames;
  // Formats beyond those; one that ends in '=' takes an argument.
  std::span<const std::string_view> formats = {};
};

// The formats of a command, as they are typed.
std::vector<std::string_view> FormatsOf(const Command& command);

// Sets the formats of `context` to the one that was typed. Errors: kUsage for one that the command does not
// have.
Result<void> SetFormat(const Command& command, const std::string& typed, Context& context);

// What belongs together in the help.
struct Family {
  std::string_view title;
  std::vector<Command> commands;
};
std::span<const Family> Families();   // commands/families.cc
std::span<const Command> Commands();  // those of all families

// Flags that every command takes.
std::span<const Flag> GlobalFlags();

// What was typed, checked against the command's table.
class Args {
 public:
  const std::vector<std::string>& positional() const { return positional_; }
  bool Has(std::string_view flag) const { return values_.contains(std::string(flag)); }
  // Whether a switch was negated: --show-events=false.
  bool IsOff(std::string_view flag) const { return off_.contains(std::string(flag)); }
  std::optional<std::string> Get(std::string_view flag) const;
  // The words of a list with commas, without empty ones.
  std::vector<std::string> List(std::string_view flag) const;
  // A number, also as 0x…. Errors: kUsage.
  Result<uint64_t> Number(std::string_view flag, uint64_t fallback) const;
  // The same for bytes, also with KiB, MiB or GiB after it.
  Result<uint64_t> Size(std::string_view flag, uint64_t fallback) const;

 private:
  friend struct Parsed;
  friend struct Parser;
  std::vector<std::string> positional_;
  std::map<std::string, std::string> values_;
  std::set<std::string> off_;  // switches
};

struct Parsed {
  const Command* command = nullptr;  // null where only help was asked for
  std::string group = {};            // "wal", where its commands are to be listed
  Args args;
  bool help = false;
};

// Reads a command line. Flags may stand before the command; names and flags of other tools are taken for ours
// (cli/habits.h). Errors: kUsage, with the nearest name for an unknown one.
Result<Parsed> Parse(const std::vector<std::string>& words);

// The command or the group of commands that a command line names, as `etcdmedic help` takes it, or empty.
std::string HelpTopicOf(const std::vector<std::string>& words);

// The command with that name, or null.
const Command* CommandNamed(std::string_view name);

// Whether commands have the name of the group before theirs: "wal", "db", "snapshot".
bool IsGroup(std::string_view name);

inline constexpr std::string_view kExitCodes =
    "0 clean; 1 repaired, a difference, or no match; 4 damage found and left; 8 failed, refused or not "
    "permitted; 16 wrong usage; they add up";

std::string ShortHelpText();  // where nothing was typed
std::string HelpText();
std::string GroupHelpText(std::string_view group);
std::string HelpText(const Command& command);
std::string Completion(std::string_view shell);  // bash, zsh, fish; empty for another
std::string NamesOf(const Flag& flag);           // "-o, --format"
std::string HelpOf(const Flag& flag,
                   const Command& command);  // with the formats of this command, or the words that it takes
// A paragraph about the command, for its manual page; empty where its summary says all.
std::string_view DescriptionOf(const Command& command);
std::string ManPage(const Command& command);
std::string ManOverview();
std::string CodesDocument();     // docs/codes.md
std::string LogLinesDocument();  // docs/log-lines.md
std::string HabitsDocument();    // docs/habits.md

// The fields of an error in a document.
void WriteFailure(render::Document& document, const Error& error);

// Prints an error on stderr, for programs as a document too, and gives its exit code.
int Report(Context& context, const Error& error);
// The same without a document, where the command's own says it.
int PrintError(Context& context, const Error& error);

}  // namespace etcdmedic::tool
