// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "cli/command.h"

namespace etcdmedic::tool {
namespace {

tl::unexpected<Error> Usage(std::string what) { return Fail(Errc::kUsage, "", std::move(what)); }

}  // namespace

std::optional<std::string> Args::Get(std::string_view flag) const {
  const auto found = values_.find(std::string(flag));
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Args::List(std::string_view flag) const {
  std::vector<std::string> words = SplitWords(Get(flag).value_or(""), ',');
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

Result<uint64_t> Args::Number(std::string_view flag, uint64_t fallback) const {
  const auto text = Get(flag);
  if (text && text->ends_with("iB"))
    return Usage(fmt::format("{} takes a number without a unit, not {}", flag, *text));
  return Size(flag, fallback);
}

Result<uint64_t> Args::Size(std::string_view flag, uint64_t fallback) const {
  const auto text = Get(flag);
  if (!text) return fallback;
  const bool hex = text->starts_with("0x") || text->starts_with("0X");
  uint64_t value = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data() + (hex ? 2 : 0), end, value, hex ? 16 : 10);
  const std::string_view unit(rest, static_cast<size_t>(end - rest));
  const uint64_t factor = unit.empty()    ? 1
                          : unit == "KiB" ? 1024
                          : unit == "MiB" ? 1 << 20
                          : unit == "GiB" ? 1 << 30
                                          : 0;
  if (error != std::errc() || factor == 0 || value > UINT64_MAX / factor) {
    return Usage(fmt::format("{} takes a number, also as 0x…, not {}", flag, *text));
  }
  return value * factor;
}

std::vector<std::string> SplitWords(std::string_view text, char separator) {
  std::vector<std::string> words;
  for (size_t at = 0; at <= text.size() && !text.empty();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

tl::unexpected<Error> NotAValue(std::string_view flag, const std::vector<std::string>& values,
                                std::string_view typed) {
  return Usage(fmt::format("{} takes {}, not {}", flag, fmt::join(values, ", "), typed));
}

}  // namespace etcdmedic::tool
