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
    if (flag.values != nullptr) document.Texts("values", flag.values());
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
  std::string name = fmt::format("{}", fmt::join(args.positional(), " "));
  if (!name.empty() && HelpTopicOf(args.positional()).empty()) {
    const auto parsed = Parse(args.positional());
    context.help_topic.clear();
    return Report(context, parsed ? Error{Errc::kUsage, {}, "there is no command " + name} : parsed.error());
  }
  if (!name.empty()) name = HelpTopicOf(args.positional());  // of what another tool calls so
  if (context.format != render::Format::kTable) return WriteHelp(context, name);
  if (name.empty()) return context.out.Write(HelpText()), kClean;
  if (IsGroup(name)) return context.out.Write(GroupHelpText(name)), kClean;
  context.out.Write(HelpText(*std::ranges::find(Commands(), name, &Command::name)));
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
