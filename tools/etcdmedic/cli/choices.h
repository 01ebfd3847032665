// SPDX-License-Identifier: Apache-2.0
// The values that a flag or a word of a command can have, where there is a list of them: for completion.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace etcdmedic::tool {

// Of a flag of this command; empty where any value is possible.
std::vector<std::string> ValuesOf(const Command& command, const Flag& flag);

// Of a word after the command's name.
struct WordChoices {
  size_t place = 1;  // 1 is the first word after the name, flags not counted
  std::vector<std::string> values;
};
// Nothing where no word has a list.
std::optional<WordChoices> WordsOf(const Command& command);

}  // namespace etcdmedic::tool
