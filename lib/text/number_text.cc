// SPDX-License-Identifier: Apache-2.0
#include "text/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>

#include "text/ascii.h"

namespace etcdmedic::text {
namespace {

// Shortest digits, without the point, and the power of ten of the first of them.
struct Decimal {
  std::array<char, 24> digits;
  size_t count = 0;
  int exponent = 0;
};

Decimal Shortest(double magnitude) {
  Decimal decimal{};
  std::array<char, 40> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), magnitude, std::chars_format::scientific).ptr;
  const char* at = text.data();
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') decimal.digits[decimal.count++] = *at;
  }
  if (at != end) ++at;
  if (at != end && *at == '+') ++at;
  std::from_chars(at, end, decimal.exponent);
  return decimal;
}

// 1e+21, 1.5e-07: at least `exponent_digits` digits of exponent.
void AppendScientific(std::string& out, const Decimal& decimal, int exponent_digits) {
  out += decimal.digits[0];
  if (decimal.count > 1) out.append(".").append(decimal.digits.data() + 1, decimal.count - 1);
  out += 'e';
  out += decimal.exponent < 0 ? '-' : '+';
  const int power = std::abs(decimal.exponent);
  if (power < 10 && exponent_digits == 2) out += '0';
  out += std::to_string(power);
}

void AppendFixed(std::string& out, const Decimal& decimal) {
  const std::string_view digits(decimal.digits.data(), decimal.count);
  if (decimal.exponent < 0) {
    out.append("0.").append(static_cast<size_t>(-decimal.exponent - 1), '0').append(digits);
    return;
  }
  const auto whole = static_cast<size_t>(decimal.exponent) + 1;
  out.append(digits.substr(0, whole));
  if (whole > digits.size()) out.append(whole - digits.size(), '0');
  if (whole < digits.size()) out.append(".").append(digits.substr(whole));
}

bool IsWhole(std::string_view number) { return number.find_first_of(".eE") == std::string_view::npos; }

bool FitsSigned(std::string_view number) {
  const char* end = number.data() + number.size();
  int64_t value = 0;
  const auto read = std::from_chars(number.data(), end, value);
  return read.ec == std::errc() && read.ptr == end;
}

bool FitsUnsigned(std::string_view number) {
  const char* end = number.data() + number.size();
  uint64_t value = 0;
  const auto read = std::from_chars(number.data(), end, value);
  return read.ec == std::errc() && read.ptr == end;
}

// Nothing where it is too large for a double. Too small is 0, as Go has it.
std::optional<double> ToDouble(std::string_view number) {
  double value = 0;
  const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
  if (read.ec == std::errc()) return value;
  const size_t exponent = number.find_first_of("eE");
  const bool small = exponent != std::string_view::npos && number.substr(exponent + 1, 1) == "-";
  if (!small) return std::nullopt;
  return number[0] == '-' ? -0.0 : 0.0;
}

// The text of a whole number is kept where the API server reads it as an integer; a double otherwise.
void AppendNumber(std::string& out, std::string_view number, void (*append)(std::string&, double)) {
  if (IsWhole(number) && FitsSigned(number)) {
    out.append(number == "-0" ? "0" : number);
  } else if (const auto value = ToDouble(number)) {
    append(out, *value);
  } else {
    out.append(number);
  }
}

}  // namespace

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
NumberScan ScanNumber(std::string_view text) {
  size_t at = text.starts_with('-') ? 1 : 0;
  const auto is = [&](std::string_view any) {
    return at < text.size() && any.find(text[at]) != std::string_view::npos;
  };
  const auto digits = [&] {
    const size_t first = at;
    while (at < text.size() && IsDigit(text[at])) ++at;
    return at - first;
  };
  const bool zero = is("0");
  const size_t count = digits();
  bool whole = count == 1 || (count > 1 && !zero);
  if (whole && is(".")) {
    ++at;
    whole = digits() > 0;
  }
  if (whole && is("eE")) {
    ++at;
    if (is("+-")) ++at;
    whole = digits() > 0;
  }
  return {at, whole};
}

void AppendJsonDouble(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value < 0) out += '-';
  const double magnitude = std::fabs(value);
  const Decimal decimal = Shortest(magnitude);
  if (magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21))
    AppendScientific(out, decimal, 1);
  else
    AppendFixed(out, decimal);
}

void AppendYamlDouble(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += std::isnan(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
    return;
  }
  std::string json;
  AppendJsonDouble(json, value);
  if (IsWhole(json) && (FitsSigned(json) || FitsUnsigned(json))) {
    out += json;
    return;
  }
  if (value < 0) out += '-';
  const Decimal decimal = Shortest(std::fabs(value));
  if (decimal.exponent < -4 || decimal.exponent >= 6)
    AppendScientific(out, decimal, 2);
  else
    AppendFixed(out, decimal);
}

void AppendJsonNumber(std::string& out, std::string_view number) {
  AppendNumber(out, number, AppendJsonDouble);
}

void AppendYamlNumber(std::string& out, std::string_view number) {
  AppendNumber(out, number, AppendYamlDouble);
}

}  // namespace etcdmedic::text
