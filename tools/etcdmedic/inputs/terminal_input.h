// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include "cli/command.h"

namespace etcdmedic::tool {

// Says on stderr that the command waits for input where `path` is "-" and standard input is a terminal.
inline void NoteTerminalInput(Context& context, const std::string& path) {
  if (path != "-" || isatty(STDIN_FILENO) == 0) return;
  context.err.Write("etcdmedic: reading from the terminal; Ctrl-D ends the input\n");
  context.err.Flush();
}

}  // namespace etcdmedic::tool
