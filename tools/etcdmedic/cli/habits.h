// SPDX-License-Identifier: Apache-2.0
// What people type who know etcd's own tools, bbolt, auger or kubectl, and what it means here:
// docs/habits.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace etcdmedic::tool {

struct Habit {
  std::string_view typed;  // "member list"
  std::string_view tool;   // whose word it is; "any" for words that suggest themselves
  // What is run, "auth PATH users": the words after PATH follow the first argument. Empty where nothing here
  // does what the other tool does.
  std::string_view runs;
  std::string_view hint;  // what to use instead, where nothing is run
};

struct FlagHabit {
  std::string_view typed;    // "--start-index"
  std::string_view tool;     // whose flag it is
  std::string_view command;  // for which command; empty for all
  // The flag that it is here; "PATH" where its value is the first argument. Empty where there is none.
  std::string_view means;
  std::string_view hint;  // why, and what to do instead
};

std::span<const Habit> Habits();
std::span<const FlagHabit> FlagHabits();

// Whether a word in front of a command is another tool's name, whose words are understood here: "etcdctl".
bool IsOtherTool(std::string_view word);

// The row for a command line's first two words, or for its first one; null where there is none.
const Habit* FindHabit(std::string_view first, std::string_view second);

struct Command;

// The row for a flag as it was typed ("--hex", "--endpoints=…"); null where there is none, or where the
// command has that flag itself.
const FlagHabit* FindFlagHabit(const Command& command, std::string_view typed);

// Takes flags of other tools for ours among the words after a command.
void TranslateFlags(const Command& command, std::vector<std::string>& words);

}  // namespace etcdmedic::tool
