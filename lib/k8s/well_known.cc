// SPDX-License-Identifier: Apache-2.0
#include "k8s/well_known.h"

#include <fmt/format.h>

#include "text/ascii.h"

namespace etcdmedic::k8s {
namespace {

// Two 64-bit numbers multiplied fit.
__extension__ typedef unsigned __int128 Wide;

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
  for (; !text.empty() && text::IsDigit(text[0]); text.remove_prefix(1), ++digits) {
    whole = whole * 10 + static_cast<unsigned>(text[0] - '0');
    if (whole > UINT64_MAX) return std::nullopt;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (; !text.empty() && text::IsDigit(text[0]); text.remove_prefix(1), ++digits) {
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

std::string QuantityText(std::string_view stored) {
  if (stored.empty()) return "0";
  const size_t first = stored.front() == '-' ? 1 : 0;
  const bool number = stored.size() > first && stored[first] != '0' &&
                      stored.size() - first <= 19 &&  // beyond 64 bits Go's text is wrong
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
