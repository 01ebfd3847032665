// SPDX-License-Identifier: Apache-2.0
#include "diag/codes.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace etcdmedic::diag {
namespace {

constexpr CodeInfo kCodes[] = {
#define FINDING_CODE(id, name, severity, title, loss, remedy, issues) \
  {Code::id, name, Severity::severity, title, loss, remedy, issues},
#include "diag/codes.def"
};

constexpr std::pair<std::string_view, Code> kFormerNames[] = {
#define FORMER_NAME(name, id) {name, Code::id},
#include "diag/codes.def"
};

bool SameIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

}  // namespace

std::string_view NameOf(Severity severity) {
  constexpr std::string_view kNames[] = {"note", "warning", "error", "fatal"};
  return kNames[static_cast<size_t>(severity)];
}

const CodeInfo& InfoOf(Code code) { return kCodes[static_cast<size_t>(code)]; }

std::span<const CodeInfo> AllCodes() { return kCodes; }

const CodeInfo* FindCode(std::string_view name) {
  const auto found =
      std::ranges::find_if(kCodes, [&](const CodeInfo& info) { return SameIgnoringCase(info.name, name); });
  if (found != std::end(kCodes)) return found;
  for (const auto& [former, code] : kFormerNames) {
    if (SameIgnoringCase(former, name)) return &InfoOf(code);
  }
  return nullptr;
}

std::vector<std::string_view> FormerNamesOf(Code code) {
  std::vector<std::string_view> names;
  for (const auto& [former, now] : kFormerNames) {
    if (now == code) names.push_back(former);
  }
  return names;
}

}  // namespace etcdmedic::diag
