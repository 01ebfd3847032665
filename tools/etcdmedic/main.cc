// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>

#include "command.h"

namespace etcdmedic::tool {
namespace {

constexpr std::pair<std::string_view, render::Format> kFormats[] = {{"table", render::Format::kTable},
                                                                    {"yaml", render::Format::kYaml},
                                                                    {"json", render::Format::kJson},
                                                                    {"ndjson", render::Format::kNdjson},
                                                                    {"name", render::Format::kName}};

bool IsOwnFormat(const Command& command, std::string_view typed) {
  return std::ranges::any_of(command.formats, [&](std::string_view format) {
    return format.ends_with('=') ? typed.starts_with(format) : typed == format;
  });
}

// Sets the formats of `context` from what was typed. Errors: kUsage.
Result<void> SetFormat(const Command& command, const std::string& typed, Context& context) {
  for (const auto& [text, format] : kFormats) {
    if (text != typed) continue;
    context.format = format;
    return {};
  }
  if (IsOwnFormat(command, typed)) {
    context.own_format = typed;
    return {};
  }
  if (typed == "etcdctl-json")
    return Fail(Errc::kUsage, "", fmt::format("etcdctl has no document for what {} shows", command.name));
  std::string known = "table, yaml, json, ndjson";
  for (const std::string_view format : command.formats) known += fmt::format(", {}", format);
  return Fail(Errc::kUsage, "", fmt::format("the format is {} or name, not {}", known, typed));
}

bool WantsColor(const Args& args) {
  const std::string when = args.Get("--color").value_or("auto");
  if (when != "auto") return when == "always";
  const char* no_color = getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

int Run(const std::vector<std::string>& words, render::Output& out, render::Output& err) {
  Context context{out, err};
  auto parsed = Parse(words);
  if (!parsed) return Report(context, parsed.error());
  if (parsed->version) return out.Print("etcdmedic {}\n", ETCDMEDIC_VERSION), kClean;
  if (parsed->command == nullptr) return out.Write(HelpText()), words.empty() ? kUsage : kClean;
  if (parsed->help) return out.Write(HelpText(*parsed->command)), kClean;
  const std::string typed = parsed->args.Get("--format").value_or("table");
  if (auto set = SetFormat(*parsed->command, typed, context); !set) return Report(context, set.error());
  context.color = WantsColor(parsed->args);
  context.terminal = isatty(STDOUT_FILENO) == 1;
  context.show_secrets = parsed->args.Has("--show-secrets");
  return parsed->command->run(context, parsed->args);
}

}  // namespace

int Report(Context& context, const Error& error) {
  context.out.Flush();
  context.err.Print("etcdmedic: {}{}{}\n", error.where.file, error.where.file.empty() ? "" : ": ",
                    error.what);
  if (error.code == Errc::kUsage) context.err.Write("Try etcdmedic help.\n");
  return error.code == Errc::kUsage ? kUsage : kFailed;
}

}  // namespace etcdmedic::tool

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  etcdmedic::render::Output out(STDOUT_FILENO);
  etcdmedic::render::Output err(STDERR_FILENO);
  try {
    const int exit_code = etcdmedic::tool::Run({argv + 1, argv + argc}, out, err);
    out.Flush();
    return out.failed() ? exit_code | etcdmedic::tool::kFailed : exit_code;
  } catch (const std::exception& failure) {
    err.Print("etcdmedic: {}\n", failure.what());
    return etcdmedic::tool::kFailed;
  }
}
