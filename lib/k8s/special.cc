// SPDX-License-Identifier: Apache-2.0
#include "k8s/special.h"

#include <fmt/format.h>

namespace etcdmedic::k8s {
namespace {

struct Date {
  int64_t year;
  unsigned month, day;
};

// Days since 1970-01-01 -> date of the proleptic Gregorian calendar. Years begin in March, so that the leap
// day is last.
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
  constexpr int64_t kDay = 86400;
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

// `value` / 10^digits without trailing zeros: 1500000 of 6 digits is "1.5".
std::string Decimal(uint64_t value, unsigned digits) {
  uint64_t unit = 1;
  for (unsigned i = 0; i < digits; ++i) unit *= 10;
  std::string text = fmt::format("{}", value / unit);
  if (value % unit == 0) return text;
  std::string fraction = fmt::format("{:0{}}", value % unit, digits);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + '.' + fraction;
}

}  // namespace

void AppendTime(int64_t seconds, std::string& out) {
  // Beyond this range the calendar itself overflows; Go prints nonsense there.
  constexpr int64_t kFarthest = int64_t{1} << 60;
  AppendSeconds(seconds > kFarthest ? kFarthest : seconds < -kFarthest ? -kFarthest : seconds, out);
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

std::string DurationText(int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  const std::string sign = nanoseconds < 0 ? "-" : "";
  const uint64_t all =
      nanoseconds < 0 ? -static_cast<uint64_t>(nanoseconds) : static_cast<uint64_t>(nanoseconds);
  if (all < 1'000) return fmt::format("{}{}ns", sign, all);
  if (all < 1'000'000) return sign + Decimal(all, 3) + "µs";
  if (all < 1'000'000'000) return sign + Decimal(all, 6) + "ms";
  constexpr uint64_t kMinute = 60'000'000'000;
  const uint64_t minutes = all / kMinute;
  std::string text = sign;
  if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
  if (minutes > 0) text += fmt::format("{}m", minutes % 60);
  return text + Decimal(all % kMinute, 9) + "s";
}

std::string QuantityText(std::string_view stored) {
  if (stored.empty()) return "0";
  const size_t first = stored.front() == '-' ? 1 : 0;
  const bool number =
      stored.size() > first &&
      stored.size() - first <= 19 &&  // beyond 64 bits Go's text is wrong stored[first] != '0' &&
      stored.find_first_not_of("0123456789", first) == std::string_view::npos;
  constexpr std::string_view kSuffixes = "kMGTPE";
  size_t thousands = 0;
  while (number && thousands < kSuffixes.size() && stored.ends_with("000")) {
    stored.remove_suffix(3);
    ++thousands;
  }
  std::string text(stored);
  if (thousands > 0) text += kSuffixes[thousands - 1];
  return text;
}

}  // namespace etcdmedic::k8s
