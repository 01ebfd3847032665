// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

constexpr Example kExamples[] = {
    {"completion bash", "a script to be sourced"},
};

int Run(Context& context, const Args& args) {
  const std::string text = Completion(args.positional()[0]);
  if (text.empty()) return Report(context, {Errc::kUsage, {}, "completion is made for bash, zsh and fish"});
  context.out.Write(text);
  return kClean;
}

}  // namespace

extern const Command kCompletion = {
    .name = "completion",
    .positional = "SHELL",
    .summary = "a completion script for bash, zsh or fish",
    .examples = kExamples,
    .run = Run,
    .answers = Answers::kText,
};

}  // namespace etcdmedic::tool
