// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

int Run(Context& context, const Args& args) {
  const std::string what = args.positional().empty() ? "" : args.positional()[0];
  if (what == "codes") return context.out.Write(CodesDocument()), kClean;
  if (what == "habits") return context.out.Write(HabitsDocument()), kClean;
  if (what == "log-lines") return context.out.Write(LogLinesDocument()), kClean;
  if (what == "examples") {
    for (const Command& command : Commands()) {
      for (const Example& example : command.examples)
        context.out.Print("{}\t{}\n", example.exit, example.args);
    }
    return kClean;
  }
  if (what != "man")
    return Report(context,
                  {Errc::kUsage, {}, "docs makes codes, habits, log-lines, man [COMMAND] or examples"});
  const std::vector<std::string> words(args.positional().begin() + 1, args.positional().end());
  if (words.empty()) return context.out.Write(ManOverview()), kClean;
  const std::string name = fmt::format("{}", fmt::join(words, " "));
  const Command* const command = CommandNamed(name);
  if (command == nullptr)
    return Report(context, {Errc::kUsage, {}, fmt::format("there is no manual page for {}", name)});
  context.out.Write(ManPage(*command));
  return kClean;
}

}  // namespace

extern const Command kDocs = {
    .name = "docs",
    .positional = "codes | habits | log-lines | man [COMMAND] | examples",
    .summary = "generated documents",
    .run = Run,
    .answers = Answers::kText,
};

}  // namespace etcdmedic::tool
