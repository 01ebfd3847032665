// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "command.h"
#include "diag/codes.h"

namespace etcdmedic::tool {
namespace {

std::string Joined(const Args& args) {
  std::string text;
  for (const std::string& word : args.positional()) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void PrintCode(Context& context, const diag::CodeInfo& info) {
  context.out.Print("{} ({})\n  {}\n\n  For the data: {}\n  What to do:   {}\n", info.name,
                    NameOf(info.severity), info.title, info.loss, info.remedy);
  if (!info.log_lines.empty()) context.out.Print("  etcd's log:   {}\n", info.log_lines);
  if (!info.issues.empty()) context.out.Print("  Upstream:     {}\n", info.issues);
}

// Length of the longest fragment of etcd's log that the line holds; 0 for none.
size_t MatchLength(const diag::CodeInfo& info, const std::string& line) {
  size_t best = 0;
  for (std::string_view rest = info.log_lines; !rest.empty();) {
    const size_t bar = rest.find('|');
    const std::string_view fragment = rest.substr(0, bar);
    if (line.find(Lower(fragment)) != std::string::npos) best = std::max(best, fragment.size());
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
  }
  return best;
}

int ExplainLine(Context& context, const std::string& line) {
  std::vector<std::pair<size_t, const diag::CodeInfo*>> matches;
  for (const diag::CodeInfo& info : diag::AllCodes()) {
    if (const size_t length = MatchLength(info, Lower(line))) matches.emplace_back(length, &info);
  }
  if (matches.empty()) {
    context.err.Write(
        "etcdmedic: no finding code and no known line of etcd's log matches; `etcdmedic explain` lists the "
        "codes\n");
    return kMended;
  }
  std::ranges::stable_sort(matches, std::greater<>(), &std::pair<size_t, const diag::CodeInfo*>::first);
  for (const auto& [length, info] : matches) {
    if (length < matches.front().first) break;
    PrintCode(context, *info);
  }
  return kClean;
}

}  // namespace

int RunExplain(Context& context, const Args& args) {
  if (args.positional().empty()) {
    for (const diag::CodeInfo& info : diag::AllCodes())
      context.out.Print("{:<26} {:<8} {}\n", info.name, NameOf(info.severity), info.title);
    return kClean;
  }
  const std::string text = Joined(args);
  if (const diag::CodeInfo* info = diag::FindCode(text)) return PrintCode(context, *info), kClean;
  return ExplainLine(context, text);
}

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
  if (what == "examples") {
    for (const Command& command : Commands()) {
      for (const Example& example : command.examples)
        context.out.Print("{}\t{}\n", example.exit, example.args);
    }
    return kClean;
  }
  if (what != "man") return Report(context, {Errc::kUsage, {}, "docs makes codes, man COMMAND or examples"});
  const std::string name = Joined(args).substr(std::min<size_t>(4, Joined(args).size()));
  for (const Command& command : Commands()) {
    if (name.empty() || name == command.name) context.out.Write(ManPage(command));
  }
  return kClean;
}

}  // namespace etcdmedic::tool
