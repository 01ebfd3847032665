// SPDX-License-Identifier: Apache-2.0
#include "text/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "text/ascii.h"

namespace etcdmedic::text {
namespace {

constexpr int64_t kDay = 86400;

struct Date {
  int64_t year;
  unsigned month, day;
};

// Days since 1970-01-01 -> date of the proleptic Gregorian calendar, whose years std::chrono ends at 32767.
// Years begin in March, so that the leap day is last.
Date DateOf(int64_t days) {
  constexpr int64_t kDaysOfEra = 146097;  // 400 years
  days += 719468;                         // from 0000-03-01
  const int64_t era = (days >= 0 ? days : days - (kDaysOfEra - 1)) / kDaysOfEra;
  const int64_t day_of_era = days - era * kDaysOfEra;
  const int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (kDaysOfEra - 1)) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  const auto day = static_cast<unsigned>(day_of_year - (153 * month + 2) / 5 + 1);
  const auto calendar_month = static_cast<unsigned>(month < 10 ? month + 3 : month - 9);
  return {year_of_era + era * 400 + (calendar_month <= 2 ? 1 : 0), calendar_month, day};
}

// Puts `width` digits at `to`.
void PutDigits(char* to, unsigned value, unsigned width) {
  for (unsigned i = width; i-- > 0; value /= 10) to[i] = static_cast<char>('0' + value % 10);
}

void AppendSeconds(int64_t seconds, std::string& out) {
  const int64_t days = (seconds >= 0 ? seconds : seconds - (kDay - 1)) / kDay;
  const auto rest = static_cast<unsigned>(seconds - days * kDay);
  const Date date = DateOf(days);
  char text[] = "0000-00-00T00:00:00";
  const bool usual = date.year >= 0 && date.year <= 9999;
  if (!usual) out += date.year < 0 ? fmt::format("-{:04}", -date.year) : fmt::format("{}", date.year);
  if (usual) PutDigits(text, static_cast<unsigned>(date.year), 4);
  PutDigits(text + 5, date.month, 2);
  PutDigits(text + 8, date.day, 2);
  PutDigits(text + 11, rest / 3600, 2);
  PutDigits(text + 14, rest / 60 % 60, 2);
  PutDigits(text + 17, rest % 60, 2);
  out += usual ? text : text + 4;
}

// Takes parts off the front of a text; `ok` falls at the first that does not fit.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  unsigned Digits(size_t count) {
    unsigned value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (rest.empty() || !IsDigit(rest[0])) {
        ok = false;
        return 0;
      }
      value = value * 10 + static_cast<unsigned>(rest[0] - '0');
      rest.remove_prefix(1);
    }
    return value;
  }
  void Mark(std::string_view marks) {
    ok = ok && !rest.empty() && marks.find(rest[0]) != std::string_view::npos;
    rest.remove_prefix(rest.empty() ? 0 : 1);
  }
};

int32_t ScanNanos(Scanner& scanner) {
  if (!scanner.rest.starts_with('.')) return 0;
  scanner.rest.remove_prefix(1);
  int32_t nanos = 0;
  unsigned digits = 0;
  for (; !scanner.rest.empty() && IsDigit(scanner.rest[0]); scanner.rest.remove_prefix(1)) {
    if (digits++ < 9) nanos = nanos * 10 + (scanner.rest[0] - '0');
  }
  scanner.ok &= digits > 0;
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

// Seconds east of UTC.
int64_t ScanOffset(Scanner& scanner) {
  if (scanner.rest.starts_with('Z') || scanner.rest.starts_with('z')) {
    scanner.rest.remove_prefix(1);
    return 0;
  }
  const bool west = scanner.rest.starts_with('-');
  scanner.Mark("+-");
  const unsigned hours = scanner.Digits(2);
  scanner.Mark(":");
  const unsigned minutes = scanner.Digits(2);
  scanner.ok &= hours < 24 && minutes < 60;
  const auto seconds = static_cast<int64_t>(hours * 3600 + minutes * 60);
  return west ? -seconds : seconds;
}

}  // namespace

std::optional<Instant> ParseTime(std::string_view text) {
  Scanner scanner{text};
  const auto year = static_cast<int>(scanner.Digits(4));
  scanner.Mark("-");
  const unsigned month = scanner.Digits(2);
  scanner.Mark("-");
  const unsigned day = scanner.Digits(2);
  scanner.Mark("Tt");
  const unsigned hour = scanner.Digits(2);
  scanner.Mark(":");
  const unsigned minute = scanner.Digits(2);
  scanner.Mark(":");
  const unsigned second = scanner.Digits(2);
  const int32_t nanos = ScanNanos(scanner);
  const int64_t offset = ScanOffset(scanner);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  const bool in_range = date.ok() && hour < 24 && minute < 60 && second < 60;
  if (!scanner.ok || !scanner.rest.empty() || !in_range) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return Instant{days * kDay + hour * 3600 + minute * 60 + second - offset, nanos};
}

void AppendTime(int64_t seconds, std::string& out) {
  // Beyond this range the calendar itself overflows; Go prints nonsense there.
  constexpr int64_t kFarthest = int64_t{1} << 60;
  AppendSeconds(std::clamp(seconds, -kFarthest, kFarthest), out);
  out += 'Z';
}

void AppendMicroTime(int64_t seconds, int32_t nanos, std::string& out) {
  int64_t micros = nanos / 1000;
  int64_t carry = micros / 1'000'000;
  micros %= 1'000'000;
  if (micros < 0) {
    micros += 1'000'000;
    --carry;
  }
  const bool overflows = __builtin_add_overflow(seconds, carry, &seconds);
  if (overflows) micros = 0;
  AppendTime(seconds, out);
  char fraction[] = ".000000Z";
  PutDigits(fraction + 1, static_cast<unsigned>(micros), 6);
  out.pop_back();
  out += fraction;
}

void AppendNanoTime(int64_t seconds, int32_t nanos, std::string& out) {
  AppendTime(seconds, out);
  if (nanos <= 0) return;
  char fraction[] = ".000000000";
  PutDigits(fraction + 1, static_cast<unsigned>(nanos), 9);
  std::string_view digits(fraction);
  digits.remove_suffix(digits.size() - 1 - digits.find_last_not_of('0'));
  out.pop_back();
  out.append(digits).append("Z");
}

}  // namespace etcdmedic::text
