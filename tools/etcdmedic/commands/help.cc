// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

int Run(Context& context, const Args& args) {
  const std::string name = fmt::format("{}", fmt::join(args.positional(), " "));
  if (name.empty()) return context.out.Write(HelpText()), kClean;
  const auto found = std::ranges::find(Commands(), name, &Command::name);
  if (found == Commands().end() && IsGroup(name)) {
    context.out.Write(GroupHelpText(name));
    return kClean;
  }
  if (found == Commands().end())
    return Report(context, {Errc::kUsage, {}, fmt::format("there is no command {}", name)});
  context.out.Write(HelpText(*found));
  return kClean;
}

}  // namespace

extern const Command kHelp = {
    .name = "help",
    .positional = "[COMMAND...]",
    .summary = "help for a command",
    .run = Run,
};

}  // namespace etcdmedic::tool
