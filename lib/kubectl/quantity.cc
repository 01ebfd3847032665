// SPDX-License-Identifier: Apache-2.0
#include "kubectl/quantity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <span>

#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

constexpr WideInteger kUnit = 1'000'000'000;
constexpr int64_t kLargest = std::numeric_limits<int64_t>::max();
constexpr WideInteger kLargestNanos = kLargest * kUnit;

struct Suffix {
  std::string_view text;
  int exponent;  // of 10, or of 1024
};
constexpr Suffix kDecimalSuffixes[] = {{"n", -9}, {"u", -6}, {"m", -3}, {"", 0},   {"k", 3},
                                       {"M", 6},  {"G", 9},  {"T", 12}, {"P", 15}, {"E", 18}};
constexpr Suffix kBinarySuffixes[] = {{"Ki", 1}, {"Mi", 2}, {"Gi", 3}, {"Ti", 4}, {"Pi", 5}, {"Ei", 6}};

WideInteger DividedUp(WideInteger value, WideInteger by) {
  const WideInteger whole = value / by;
  return value > 0 && value % by != 0 ? whole + 1 : whole;
}

// The digits of a number with one point in it at most, and how many of them are after it.
struct Digits {
  WideInteger value = 0;
  int decimals = 0;
};
std::optional<Digits> TakeDigits(std::string_view& text) {
  Digits digits;
  size_t seen = 0;
  bool point = false;
  for (; !text.empty() && (text::IsDigit(text[0]) || (text[0] == '.' && !point)); text.remove_prefix(1)) {
    if (text[0] == '.') {
      point = true;
      continue;
    }
    ++seen;
    if (digits.value > kLargestNanos) return std::nullopt;
    digits.value = digits.value * 10 + (text[0] - '0');
    digits.decimals += point ? 1 : 0;
  }
  return seen == 0 ? std::nullopt : std::optional(digits);
}

// value * 10^exponent, rounded away from zero; nothing beyond what counts.
std::optional<WideInteger> Scaled(WideInteger value, int exponent) {
  for (; exponent > 0 && value != 0; --exponent) {
    value *= 10;
    if (value > kLargestNanos) return std::nullopt;
  }
  for (; exponent < 0 && value > 1; ++exponent) value = DividedUp(value, 10);
  return value;
}

const Suffix* Find(std::span<const Suffix> table, std::string_view text) {
  const auto found = std::ranges::find(table, text, &Suffix::text);
  return found == table.end() ? nullptr : &*found;
}

std::optional<int> Exponent(std::string_view text) {
  if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  int exponent = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  const bool whole = error == std::errc() && rest == text.data() + text.size();
  return whole && exponent >= -100 && exponent <= 100 ? std::optional(exponent) : std::nullopt;
}

}  // namespace

std::optional<Quantity> Quantity::Parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto digits = TakeDigits(text);
  if (!digits) return std::nullopt;
  Quantity quantity;
  std::optional<WideInteger> nanos;
  if (const Suffix* binary = Find(kBinarySuffixes, text)) {
    quantity.form_ = Form::kBinary;
    WideInteger value = digits->value;
    for (int i = 0; i < binary->exponent && value <= kLargestNanos; ++i) value *= 1024;
    nanos = value > kLargestNanos ? std::nullopt : Scaled(value, 9 - digits->decimals);
  } else if (const Suffix* decimal = Find(kDecimalSuffixes, text)) {
    nanos = Scaled(digits->value, 9 - digits->decimals + decimal->exponent);
  } else if (const auto exponent = Exponent(text)) {
    quantity.form_ = Form::kExponent;
    nanos = Scaled(digits->value, 9 - digits->decimals + *exponent);
  }
  if (!nanos || *nanos > kLargestNanos) return std::nullopt;
  quantity.nanos_ = negative ? -*nanos : *nanos;
  return quantity;
}

Quantity& Quantity::operator+=(const Quantity& other) {
  if (is_zero()) form_ = other.form_;
  nanos_ = std::clamp(nanos_ + other.nanos_, -kLargestNanos, kLargestNanos);
  return *this;
}

int64_t Quantity::Value() const { return static_cast<int64_t>(DividedUp(nanos_, kUnit)); }

int64_t Quantity::MilliValue() const {
  return static_cast<int64_t>(std::clamp<WideInteger>(DividedUp(nanos_, 1'000'000), -kLargest, kLargest));
}

std::string Quantity::Text() const {
  if (is_zero()) return "0";
  const WideInteger size = nanos_ < 0 ? -nanos_ : nanos_;
  const bool binary = form_ == Form::kBinary && size >= 1024 * kUnit && nanos_ % kUnit == 0;
  return binary ? BinaryText() : DecimalText();
}

std::string Quantity::BinaryText() const {
  int64_t value = Value();
  int exponent = 0;
  for (; value % 1024 == 0 && exponent < 6; ++exponent) value /= 1024;
  return fmt::format("{}{}", value, exponent == 0 ? "" : kBinarySuffixes[exponent - 1].text);
}

std::string Quantity::DecimalText() const {
  WideInteger value = nanos_;
  int exponent = -9;
  for (; value % 1000 == 0 && exponent < 18; exponent += 3) value /= 1000;
  const std::string number = fmt::format("{}", value);
  if (form_ == Form::kExponent) return exponent == 0 ? number : fmt::format("{}e{}", number, exponent);
  const auto suffix = std::ranges::find(kDecimalSuffixes, exponent, &Suffix::exponent);
  return number + std::string(suffix->text);
}

Quantities QuantitiesOf(text::ObjectView map) {
  Quantities quantities;
  for (const text::ObjectView each : map)
    quantities.insert_or_assign(std::string(each.key()), Quantity::Parse(each.text()).value_or(Quantity()));
  return quantities;
}

void Add(Quantities& to, const Quantities& more) {
  for (const auto& [name, quantity] : more) to[name] += quantity;
}

void RaiseTo(Quantities& to, const Quantities& others) {
  for (const auto& [name, quantity] : others) {
    const auto [at, is_new] = to.try_emplace(name, quantity);
    if (!is_new && at->second < quantity) at->second = quantity;
  }
}

}  // namespace etcdmedic::kubectl
