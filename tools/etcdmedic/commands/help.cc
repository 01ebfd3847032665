// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

void WriteFlags(render::Document& document, std::string_view name, std::span<const Flag> flags) {
  document.List(name, flags, [&](const Flag& flag) {
    document.Field("flag", flag.name);
    if (flag.short_name != 0) document.Field("short_flag", fmt::format("-{}", flag.short_name));
    document.FieldIf("argument", flag.value);
    document.Sentence("message", flag.help);
  });
}

void WriteCommand(render::Document& document, const Command& command) {
  document.Field("command", command.name);
  document.FieldIf("positional", command.positional);
  document.Sentence("message", command.summary);
  std::vector<std::string> formats;
  for (const std::string_view format : FormatsOf(command)) formats.emplace_back(format);
  document.Texts("formats", formats);
  WriteFlags(document, "flags", command.flags);
  document.List("examples", command.examples, [&](const Example& example) {
    document.Field("arguments", example.args);
    document.Sentence("message", example.text);
    document.Field("exit_code", example.exit);
  });
}

// For programs: one command, those of a group, or all.
int WriteHelp(Context& context, const std::string& name) {
  std::vector<const Command*> commands;
  for (const Command& command : Commands()) {
    if (name.empty() || command.name == name || command.name.starts_with(name + " "))
      commands.push_back(&command);
  }
  if (context.format == render::Format::kName) {
    for (const Command* command : commands) context.out.Print("{}\n", command->name);
    return kClean;
  }
  render::ListDocument list(context.out, context.format, {"help", "command", "commands"});
  for (const Command* command : commands)
    list.Add([&](render::Document& document) { WriteCommand(document, *command); });
  list.End([](render::Document& document) { WriteFlags(document, "global_flags", GlobalFlags()); });
  return kClean;
}

int Run(Context& context, const Args& args) {
  const std::string name = fmt::format("{}", fmt::join(args.positional(), " "));
  const auto found = std::ranges::find(Commands(), name, &Command::name);
  if (context.format != render::Format::kTable &&
      (name.empty() || found != Commands().end() || IsGroup(name)))
    return WriteHelp(context, name);
  if (name.empty()) return context.out.Write(HelpText()), kClean;
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
