// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

// Errors: kUsage.
Result<bool> WantsColor(const Args& args) {
  const std::string when = args.Get("--color").value_or("auto");
  if (when == "always" || when == "never") return when == "always";
  if (when != "auto")
    return Fail(Errc::kUsage, "", fmt::format("--color takes auto, always or never, not {}", when));
  const char* no_color = getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

int Run(const std::vector<std::string>& words, render::Output& out, render::Output& err) {
  Context context{out, err, CommandOf(words)};
  auto parsed = Parse(words);
  if (!parsed) return Report(context, parsed.error());
  if (!parsed->group.empty()) {
    out.Write(GroupHelpText(parsed->group));
    return parsed->help ? kClean : kUsage;
  }
  if (parsed->version) return out.Print("etcdmedic {}\n", ETCDMEDIC_VERSION), kClean;
  if (parsed->command == nullptr) return out.Write(HelpText()), words.empty() ? kUsage : kClean;
  if (parsed->help) return out.Write(HelpText(*parsed->command)), kClean;
  const std::string typed = parsed->args.Get("--format").value_or("table");
  if (auto set = SetFormat(*parsed->command, typed, context); !set) return Report(context, set.error());
  const auto color = WantsColor(parsed->args);
  if (!color) return Report(context, color.error());
  context.color = *color;
  context.terminal = isatty(STDOUT_FILENO) == 1;
  context.show_secrets = parsed->args.Has("--show-secrets");
  context.hide_secrets = parsed->args.Has("--hide-secrets");
  if (context.show_secrets && context.hide_secrets)
    return Report(context, {Errc::kUsage, {}, "give one of --show-secrets and --hide-secrets"});
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
  etcdmedic::tool::HoldStandardDescriptors();
  return etcdmedic::tool::Main({argv + 1, argv + argc});
}
