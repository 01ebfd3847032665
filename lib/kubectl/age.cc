// SPDX-License-Identifier: Apache-2.0
#include "kubectl/age.h"

#include <fmt/format.h>

#include <chrono>

#include "text/time.h"

namespace etcdmedic::kubectl {
namespace {

// "5d", or "5d3h" where the smaller part is not zero.
std::string Two(int64_t large, char large_unit, int64_t small, char small_unit) {
  if (small == 0) return fmt::format("{}{}", large, large_unit);
  return fmt::format("{}{}{}{}", large, large_unit, small, small_unit);
}

}  // namespace

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
  const auto then = text::ParseTime(time);
  return then ? HumanDuration(now - then->seconds) : "<unknown>";
}

std::string LongTime(std::string_view time) {
  static constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr int64_t kDay = 86400, kYearOne = -62135596800;
  const auto then = text::ParseTime(time);
  const int64_t seconds = then ? then->seconds : kYearOne;
  const int64_t second = (seconds % kDay + kDay) % kDay;
  const std::chrono::sys_days days(std::chrono::days((seconds - second) / kDay));
  const std::chrono::year_month_day date(days);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kDays[std::chrono::weekday(days).c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     second / 3600, second / 60 % 60, second % 60);
}

}  // namespace etcdmedic::kubectl
