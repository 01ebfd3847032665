// SPDX-License-Identifier: Apache-2.0
#include "kubectl/age.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace etcdmedic::kubectl {
namespace {

// Takes exactly `digits` digits off the front of `text`; -1 where they are not there.
int TakeNumber(std::string_view& text, size_t digits) {
  if (text.size() < digits) return -1;
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || rest != text.data() + digits || value < 0) return -1;
  text.remove_prefix(digits);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || (text[0] != c && text[0] != (c | 0x20))) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+01:00": seconds east of UTC.
std::optional<int64_t> TakeZone(std::string_view& text) {
  if (TakeChar(text, 'Z')) return 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int64_t sign = text[0] == '+' ? 1 : -1;
  text.remove_prefix(1);
  const int hours = TakeNumber(text, 2);
  if (hours < 0 || !TakeChar(text, ':')) return std::nullopt;
  const int minutes = TakeNumber(text, 2);
  if (minutes < 0) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

// "5d", or "5d3h" where the smaller part is not zero.
std::string Two(int64_t large, char large_unit, int64_t small, char small_unit) {
  if (small == 0) return fmt::format("{}{}", large, large_unit);
  return fmt::format("{}{}{}{}", large, large_unit, small, small_unit);
}

}  // namespace

std::optional<int64_t> ParseTime(std::string_view text) {
  const int year = TakeNumber(text, 4);
  if (year < 0 || !TakeChar(text, '-')) return std::nullopt;
  const int month = TakeNumber(text, 2);
  if (!TakeChar(text, '-')) return std::nullopt;
  const int day = TakeNumber(text, 2);
  if (!TakeChar(text, 'T')) return std::nullopt;
  const int hour = TakeNumber(text, 2);
  if (!TakeChar(text, ':')) return std::nullopt;
  const int minute = TakeNumber(text, 2);
  if (!TakeChar(text, ':')) return std::nullopt;
  const int second = TakeNumber(text, 2);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') text.remove_prefix(1);
  }
  const auto zone = TakeZone(text);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!zone || !text.empty() || !date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86400 + hour * 3600 + minute * 60 + second - *zone;
}

std::string HumanDuration(int64_t seconds) {
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 2 * 60) return fmt::format("{}s", seconds);
  const int64_t minutes = seconds / 60;
  if (minutes < 10) return Two(minutes, 'm', seconds % 60, 's');
  if (minutes < 3 * 60) return fmt::format("{}m", minutes);
  const int64_t hours = minutes / 60;
  if (hours < 8) return Two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return fmt::format("{}h", hours);
  const int64_t days = hours / 24;
  if (days < 8) return Two(days, 'd', hours % 24, 'h');
  if (days < 2 * 365) return fmt::format("{}d", days);
  if (days < 8 * 365) return Two(days / 365, 'y', days % 365, 'd');
  return fmt::format("{}y", days / 365);
}

std::string AgeOf(std::string_view time, int64_t now) {
  const auto seconds = ParseTime(time);
  return seconds ? HumanDuration(now - *seconds) : "<unknown>";
}

}  // namespace etcdmedic::kubectl
