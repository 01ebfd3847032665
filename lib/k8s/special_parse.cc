// SPDX-License-Identifier: Apache-2.0
#include "k8s/special_parse.h"

namespace etcdmedic::k8s {
namespace {

// Two 64-bit numbers multiplied fit.
__extension__ typedef unsigned __int128 Wide;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes parts off the front of a text; `ok` falls at the first that does not fit.
struct Taker {
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
    if (rest.empty() || marks.find(rest[0]) == std::string_view::npos) {
      ok = false;
    } else {
      rest.remove_prefix(1);
    }
  }
};

// Days from 1970-01-01 to the date; years begin in March.
int64_t DaysOf(int64_t year, unsigned month, unsigned day) {
  if (month <= 2) --year;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (static_cast<int64_t>(month) + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

int32_t TakeNanos(Taker& taker) {
  if (!taker.rest.starts_with('.')) return 0;
  taker.rest.remove_prefix(1);
  int32_t nanos = 0;
  unsigned digits = 0;
  for (; !taker.rest.empty() && IsDigit(taker.rest[0]); taker.rest.remove_prefix(1)) {
    if (digits++ < 9) nanos = nanos * 10 + (taker.rest[0] - '0');
  }
  taker.ok &= digits > 0;
  for (; digits < 9; ++digits) nanos *= 10;
  return nanos;
}

int64_t DaysIn(unsigned year, unsigned month) {
  const bool december = month == 12;
  return DaysOf(december ? year + 1 : year, december ? 1 : month + 1, 1) - DaysOf(year, month, 1);
}

int64_t TakeOffset(Taker& taker) {
  if (taker.rest.starts_with('Z') || taker.rest.starts_with('z')) {
    taker.rest.remove_prefix(1);
    return 0;
  }
  const bool behind = taker.rest.starts_with('-');
  taker.Mark("+-");
  const unsigned hours = taker.Digits(2);
  taker.Mark(":");
  const unsigned minutes = taker.Digits(2);
  const auto seconds = static_cast<int64_t>(hours * 3600 + minutes * 60);
  return behind ? -seconds : seconds;
}

struct Unit {
  std::string_view name;
  int64_t nanoseconds;
};
// Longer names first.
constexpr Unit kUnits[] = {{"ns", 1},
                           {"us", 1'000},
                           {"µs", 1'000},
                           {"μs", 1'000},
                           {"ms", 1'000'000},
                           {"h", 3'600'000'000'000},
                           {"m", 60'000'000'000},
                           {"s", 1'000'000'000}};

std::optional<int64_t> TakeUnit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return unit.nanoseconds;
  }
  return std::nullopt;
}

// "1.5" in front of a unit, as nanoseconds; wraps where it does not fit 128 bits' worth of digits.
std::optional<Wide> TakeAmount(std::string_view& text) {
  Wide whole = 0, fraction = 0, scale = 1;
  size_t digits = 0;
  for (; !text.empty() && IsDigit(text[0]); text.remove_prefix(1), ++digits) {
    whole = whole * 10 + static_cast<unsigned>(text[0] - '0');
    if (whole > UINT64_MAX) return std::nullopt;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; !text.empty() && IsDigit(text[0]); text.remove_prefix(1), ++digits) {
      if (scale > 1'000'000'000'000'000) continue;
      fraction = fraction * 10 + static_cast<unsigned>(text[0] - '0');
      scale *= 10;
    }
  }
  const auto unit = TakeUnit(text);
  if (digits == 0 || !unit) return std::nullopt;
  const auto size = static_cast<Wide>(*unit);
  return whole * size + fraction * size / scale;
}

}  // namespace

std::optional<Instant> ParseInstant(std::string_view text) {
  Taker taker{text};
  const unsigned year = taker.Digits(4);
  taker.Mark("-");
  const unsigned month = taker.Digits(2);
  taker.Mark("-");
  const unsigned day = taker.Digits(2);
  taker.Mark("Tt");
  const unsigned hour = taker.Digits(2);
  taker.Mark(":");
  const unsigned minute = taker.Digits(2);
  taker.Mark(":");
  const unsigned second = taker.Digits(2);
  const int32_t nanos = TakeNanos(taker);
  const int64_t offset = TakeOffset(taker);
  const bool in_range = month >= 1 && month <= 12 && day >= 1 && day <= DaysIn(year, month) && hour < 24 &&
                        minute < 60 && second < 60;
  if (!taker.ok || !taker.rest.empty() || !in_range) return std::nullopt;
  const int64_t seconds = DaysOf(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
  return Instant{seconds, nanos};
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return 0;
  if (text.empty()) return std::nullopt;
  Wide sum = 0;
  while (!text.empty()) {
    const auto amount = TakeAmount(text);
    if (!amount) return std::nullopt;
    sum += *amount;
    if (sum > (uint64_t{1} << 63)) return std::nullopt;
  }
  const auto nanoseconds = static_cast<uint64_t>(sum);
  if (negative) return static_cast<int64_t>(-nanoseconds);
  if (nanoseconds > INT64_MAX) return std::nullopt;
  return static_cast<int64_t>(nanoseconds);
}

}  // namespace etcdmedic::k8s
