// SPDX-License-Identifier: Apache-2.0
// The words after a command, read by its table.
#pragma once

#include "cli/command.h"

namespace etcdmedic::tool {

// Errors: kUsage.
Result<Parsed> ParseArguments(const Command& command, std::vector<std::string> words);

// Whether a value follows the flag `typed`, of whatever command; nothing where it is unknown or commands
// differ.
std::optional<bool> TakesValue(std::string_view typed);

}  // namespace etcdmedic::tool
