// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "base/file_kind.h"
#include "cli/command.h"
#include "cli/progress_meter.h"
#include "render/fit_tables.h"

namespace etcdmedic::tool {
namespace {

bool IsDumbTerminal() {
  const char* const terminal = getenv("TERM");
  return terminal != nullptr && std::string_view(terminal) == "dumb";
}

bool WantsColor(const Args& args) {
  const std::string when = args.Get("--color").value_or("auto");
  if (when != "auto") return when == "always";
  const char* const no_color = getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && !IsDumbTerminal() && (no_color == nullptr || *no_color == '\0');
}

ProgressMeter::Shows ShowsOf(const Args& args) {
  const std::string when = args.Get("--progress").value_or("auto");
  const bool erases = isatty(STDERR_FILENO) == 1 && !IsDumbTerminal();
  if (when == "never" || (when == "auto" && !erases)) return ProgressMeter::Shows::kNothing;
  return erases ? ProgressMeter::Shows::kOneLine : ProgressMeter::Shows::kLines;
}

// $COLUMNS, or what the terminal says; 0 where there is none.
size_t WidthOfTerminal() {
  if (isatty(STDOUT_FILENO) != 1) return 0;
  const char* const columns = getenv("COLUMNS");
  if (const long width = columns != nullptr ? strtol(columns, nullptr, 10) : 0; width > 0)
    return size_t(width);
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// The help that was asked for goes to stdout; what stands in for a command that is missing, to stderr.
int ShowHelp(const Parsed& parsed, render::Output& out, render::Output& err) {
  if (parsed.command != nullptr) return out.Write(HelpText(*parsed.command)), kClean;
  if (parsed.help) return out.Write(parsed.group.empty() ? HelpText() : GroupHelpText(parsed.group)), kClean;
  err.Write(parsed.group.empty() ? ShortHelpText() : GroupHelpText(parsed.group));
  return kUsage;
}

Result<void> SetOptions(const Command& command, const Args& args, Context& context) {
  if (auto set = SetFormat(command, args.Get("--format").value_or("table"), context); !set) return set;
  context.color = WantsColor(args);
  context.terminal = isatty(STDOUT_FILENO) == 1;
  context.show_secrets = args.Has("--show-secrets");
  context.hide_secrets = args.Has("--hide-secrets");
  if (context.show_secrets && context.hide_secrets)
    return Fail(Errc::kUsage, "", "give one of --show-secrets and --hide-secrets");
  return {};
}

// Tools that ask a server take the key first, and their users type it first.
Result<void> CheckOrder(const Command& command, const Args& args) {
  const std::vector<std::string>& words = args.positional();
  const bool key_follows = command.positional.starts_with("PATH ") &&
                           !command.positional.starts_with("PATH PATH") && command.positional != "PATH NEW";
  if (!key_follows || words.size() < 2) return {};
  const bool archived = words[0] == "-" || words[0].find('!') != std::string::npos;
  const FileKind last = Look(words.back()).kind;
  if (archived || Look(words[0]).kind != FileKind::kMissing) return {};
  if (last != FileKind::kRegular && last != FileKind::kDirectory) return {};
  return Fail(
      Errc::kUsage, words[0],
      fmt::format("does not exist; the path comes first: etcdmedic {} {} ...", command.name, words.back()));
}

int Run(const std::vector<std::string>& words, render::Output& out, render::Output& err) {
  Context context{out, err, HelpTopicOf(words)};
  auto parsed = Parse(words);
  if (!parsed) return Report(context, parsed.error());
  if (parsed->command == nullptr || parsed->help) return ShowHelp(*parsed, out, err);
  if (auto set = SetOptions(*parsed->command, parsed->args, context); !set)
    return Report(context, set.error());
  if (auto ordered = CheckOrder(*parsed->command, parsed->args); !ordered)
    return Report(context, ordered.error());
  render::FitTables(WidthOfTerminal());
  const ProgressMeter meter(ShowsOf(parsed->args));
  return parsed->command->run(context, parsed->args);
}

// Descriptors 0 to 2 that are closed are taken by /dev/null, so that no file that is opened later gets their
// number. Writing to what was opened for reading fails, as it should.
void HoldStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
    if (open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY) != descriptor) return;
  }
}

}  // namespace

int Main(const std::vector<std::string>& words) {
  render::Output out(STDOUT_FILENO);
  render::Output err(STDERR_FILENO);
  int code = kFailed;
  try {
    code = Run(words, out, err);
  } catch (const std::exception& failure) {
    err.Print("etcdmedic: {}\n", failure.what());
  }
  out.Close();
  if (out.error() == 0) return code;
  err.Print("etcdmedic: cannot write to standard output: {}\n", strerror(out.error()));
  return code | kFailed;
}

}  // namespace etcdmedic::tool

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  etcdmedic::tool::ProgressMeter::BlockSignal();
  etcdmedic::tool::HoldStandardDescriptors();
  return etcdmedic::tool::Main({argv + 1, argv + argc});
}
