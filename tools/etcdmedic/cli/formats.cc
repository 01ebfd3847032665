// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

struct FormatName {
  std::string_view name;
  render::Format format;
};
constexpr FormatName kTable{"table", render::Format::kTable};
constexpr FormatName kDocuments[] = {
    {"yaml", render::Format::kYaml}, {"json", render::Format::kJson}, {"ndjson", render::Format::kNdjson}};
constexpr std::string_view kGoTemplates[] = {"go-template", "go-template-file", "template", "templatefile"};
constexpr FormatName kName{"name", render::Format::kName};

std::vector<FormatName> SharedFormatsOf(const Command& command) {
  std::vector<FormatName> formats{kTable};
  if (command.answers != Answers::kText)
    formats.insert(formats.end(), std::begin(kDocuments), std::end(kDocuments));
  if (command.answers == Answers::kNames) formats.push_back(kName);
  return formats;
}

}  // namespace

std::vector<std::string_view> FormatsOf(const Command& command) {
  std::vector<std::string_view> names;
  for (const FormatName& each : SharedFormatsOf(command)) names.push_back(each.name);
  names.insert(names.end(), command.formats.begin(), command.formats.end());
  return names;
}

Result<void> SetFormat(const Command& command, const std::string& typed, Context& context) {
  const std::vector<FormatName> shared = SharedFormatsOf(command);
  const auto found = std::ranges::find(shared, typed, &FormatName::name);
  if (found != shared.end()) {
    context.format = found->format;
    return {};
  }
  const bool own = std::ranges::any_of(command.formats, [&](std::string_view format) {
    return format.ends_with('=') ? typed.starts_with(format) : typed == format;
  });
  if (own) {
    context.own_format = typed;
    return {};
  }
  if (typed == "etcdctl-json")
    return Fail(Errc::kUsage, "", fmt::format("etcdctl has no document for what {} shows", command.name));
  const std::string name = typed.substr(0, typed.find('='));
  if (std::ranges::find(command.formats, "jsonpath=") != command.formats.end() &&
      std::ranges::find(kGoTemplates, name) != std::end(kGoTemplates)) {
    return Fail(Errc::kUsage, "",
                fmt::format("{} has no -o {}: it does not run Go templates; use -o jsonpath= or "
                            "-o custom-columns=, or -o json with jq",
                            command.name, name));
  }
  return Fail(
      Errc::kUsage, "",
      fmt::format("{} has no -o {}; it has {}", command.name, typed, fmt::join(FormatsOf(command), ", ")));
}

}  // namespace etcdmedic::tool
