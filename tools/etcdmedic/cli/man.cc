// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

// roff takes a leading dot or quote for a request.
std::string Roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '-')
      out += "\\-";
    else if (c == '\\')
      out += "\\e";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

}  // namespace

std::string ManPage(const Command& command) {
  std::string text = fmt::format(
      ".TH \"ETCDMEDIC\" 1\n.SH NAME\netcdmedic {} \\- {}\n.SH SYNOPSIS\n.B etcdmedic {}\n{}\n.SH OPTIONS\n",
      command.name, Roff(command.summary), command.name, Roff(command.positional));
  for (const auto flags : {command.flags, GlobalFlags()}) {
    for (const Flag& flag : flags)
      text += fmt::format(".TP\n.B {} {}\n{}\n", Roff(NamesOf(flag)), Roff(flag.value),
                          Roff(HelpOf(flag, command)));
  }
  if (!command.examples.empty()) text += ".SH EXAMPLES\n";
  for (const Example& example : command.examples)
    text += fmt::format(".TP\netcdmedic {}\n{}\n", Roff(example.args), Roff(example.text));
  text +=
      ".SH EXIT STATUS\n0 clean, 1 repaired, 4 damage found and left, 8 failed, 16 wrong usage; they add "
      "up.\n";
  return text;
}

}  // namespace etcdmedic::tool
