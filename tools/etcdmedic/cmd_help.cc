// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "command.h"
#include "log_documents.h"

namespace etcdmedic::tool {
namespace {

std::string Joined(const Args& args) {
  std::string text;
  for (const std::string& word : args.positional()) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

int RunHelp(Context& context, const Args& args) {
  const std::string name = Joined(args);
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

int RunCompletion(Context& context, const Args& args) {
  const std::string text = Completion(args.positional()[0]);
  if (text.empty()) return Report(context, {Errc::kUsage, {}, "completion is made for bash, zsh and fish"});
  context.out.Write(text);
  return kClean;
}

int RunDocs(Context& context, const Args& args) {
  const std::string what = args.positional().empty() ? "" : args.positional()[0];
  if (what == "codes") return context.out.Write(CodesDocument()), kClean;
  if (what == "log-lines") return context.out.Write(LogLinesDocument()), kClean;
  if (what == "examples") {
    for (const Command& command : Commands()) {
      for (const Example& example : command.examples)
        context.out.Print("{}\t{}\n", example.exit, example.args);
    }
    return kClean;
  }
  if (what != "man") return Report(context, {Errc::kUsage, {}, "docs makes codes, log-lines, man COMMAND or examples"});
  const std::string name = Joined(args).substr(std::min<size_t>(4, Joined(args).size()));
  for (const Command& command : Commands()) {
    if (name.empty() || name == command.name) context.out.Write(ManPage(command));
  }
  return kClean;
}

}  // namespace etcdmedic::tool
