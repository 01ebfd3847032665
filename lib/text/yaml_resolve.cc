// SPDX-License-Identifier: Apache-2.0
// What YAML 1.1, as go-yaml v2 understands it, makes of a plain scalar.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

#include "text/ascii.h"
#include "text/yaml_scalar.h"

namespace etcdmedic::text {
namespace {

// First bytes that can begin something else than a string.
enum class Hint : uint8_t { kNone, kWord, kPoint, kNumber };

constexpr std::array<Hint, 256> kHints = [] {
  std::array<Hint, 256> table{};
  for (const char c : std::string_view("yYnNtTfFoO~")) table[static_cast<unsigned char>(c)] = Hint::kWord;
  for (const char c : std::string_view("+-0123456789")) table[static_cast<unsigned char>(c)] = Hint::kNumber;
  table['.'] = Hint::kPoint;
  return table;
}();

// Each in lower case, Capitalised and in UPPER CASE (".NaN" beside ".Nan", which no one writes).
constexpr std::string_view kWords[] = {"y", "yes", "true", "on", "n", "no", "false", "off", "~", "null"};
constexpr std::string_view kPointWords[] = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"};

bool IsWord(std::string_view text) {
  if (text.size() > 5) return false;
  const auto in_case = [&](std::string_view word) {
    if (word.size() != text.size()) return false;
    bool lower = true;  // the rest, after the first letter
    bool upper = true;
    for (size_t i = 0; i < word.size(); ++i) {
      if (Lower(text[i]) != word[i]) return false;
      if (i == 0) continue;
      lower = lower && text[i] == word[i];
      upper = upper && text[i] != word[i];
    }
    const bool first_upper = text[0] != word[0];
    return lower || (upper && first_upper);
  };
  return std::ranges::any_of(kWords, in_case);
}

bool IsPointWord(std::string_view text) {
  return std::ranges::find(kPointWords, text) != std::end(kPointWords);
}

std::string_view SkipDigits(std::string_view text, std::string_view more = "") {
  size_t at = 0;
  while (at < text.size() && (IsDigit(text[at]) || more.find(text[at]) != std::string_view::npos)) ++at;
  return text.substr(at);
}

// The number is well formed: is it within the range of a double? Too small is 0, and within.
bool InRange(const std::string& number) {
  double value = 0;
  const char* begin = number.data() + (number[0] == '+' ? 1 : 0);
  const auto read = std::from_chars(begin, number.data() + number.size(), value);
  if (read.ec == std::errc()) return true;
  const size_t exponent = number.find_first_of("eE");
  return exponent != std::string::npos && number.compare(exponent + 1, 1, "-") == 0;
}

// [eE][-+]?[0-9]+ or nothing; gives what follows it, and leaves `text` where it does not fit.
std::string_view SkipExponent(std::string_view text, std::string_view more = "") {
  if (text.empty() || Lower(text[0]) != 'e') return text;
  std::string_view rest = text.substr(1);
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) rest.remove_prefix(1);
  if (rest.empty() || !IsDigit(rest[0])) return text;
  return SkipDigits(rest, more);
}

std::string WithoutUnderscores(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '_');
  return plain;
}

// ".5", ".5e3"; underscores only between digits.
bool IsPointFloat(std::string_view text) {
  const std::string_view behind = SkipDigits(text.substr(1), "_");
  if (behind.size() + 1 == text.size() || !SkipExponent(behind, "_").empty()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') continue;
    if (!IsDigit(text[i - 1]) || i + 1 == text.size() || !IsDigit(text[i + 1])) return false;
  }
  return InRange(WithoutUnderscores(text));
}

bool FitsInBase(std::string_view digits, int base, char sign) {
  uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value, base);
  if (digits.empty() || read.ec != std::errc() || read.ptr != end) return false;
  if (sign == '-') return value <= uint64_t{1} << 63;
  return sign != '+' || value <= uint64_t{INT64_MAX};
}

// As strconv.ParseInt and ParseUint with base 0: 0x, 0o, 0b, and 0 for octal.
bool IsInteger(std::string_view text) {
  const bool has_sign = text[0] == '+' || text[0] == '-';
  std::string_view digits = has_sign ? text.substr(1) : text;
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char mark = Lower(digits[1]);
    base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
    digits.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
  }
  return FitsInBase(digits, base, text[0]);
}

// Binary numbers whose sign follows the prefix, which go-yaml also takes.
bool IsOddBinary(std::string_view plain) {
  if (!plain.starts_with("0b") || plain.size() < 4) return false;
  return (plain[2] == '+' || plain[2] == '-') && FitsInBase(plain.substr(3), 2, plain[2]);
}

bool IsFloat(const std::string& plain) {
  std::string_view rest = plain;
  if (rest[0] == '+' || rest[0] == '-') rest.remove_prefix(1);
  const std::string_view behind = SkipDigits(rest);
  const bool digits = behind.size() < rest.size();
  rest = behind;
  if (!rest.empty() && rest[0] == '.') {
    const std::string_view fraction = SkipDigits(rest.substr(1));
    if (!digits && fraction.size() + 1 == rest.size()) return false;
    rest = fraction;
  } else if (!digits) {
    return false;
  }
  return SkipExponent(rest).empty() && InRange(plain);
}

// 1:30, -1_0:59.5: sixty-based numbers, which older readers know.
bool IsBase60(std::string_view text) {
  if (text[0] == '+' || text[0] == '-') text.remove_prefix(1);
  if (text.empty() || !IsDigit(text[0])) return false;
  text = SkipDigits(text, "_");
  if (text.empty() || text[0] != ':') return false;
  while (!text.empty() && text[0] == ':') {
    text.remove_prefix(1);
    const size_t digits = text.size() - SkipDigits(text).size();
    if (digits == 0 || digits > 2 || (digits == 2 && text[0] > '5')) return false;
    text.remove_prefix(digits);
  }
  return text.empty() || (text[0] == '.' && SkipDigits(text.substr(1), "_").empty());
}

// Reads the times that go-yaml takes, with the leniency of Go's time.Parse.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool IsTime() {
    if (rest_.size() < 8 || SkipDigits(rest_).size() + 4 != rest_.size() || rest_[4] != '-') return false;
    const int year = Take(4);
    rest_.remove_prefix(1);
    const int month = Number();
    if (month < 1 || month > 12 || !Skip('-')) return false;
    const int day = Number();
    if (day < 1 || day > DaysIn(year, month)) return false;
    if (rest_.empty()) return true;
    const char separator = rest_[0];
    if (separator == ' ') {
      while (Skip(' ')) {
      }
      return Clock() && rest_.empty();
    }
    return (Skip('T') || Skip('t')) && Clock() && Zone() && rest_.empty();
  }

 private:
  bool Skip(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  int Take(size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i) value = value * 10 + (rest_[i] - '0');
    rest_.remove_prefix(digits);
    return value;
  }
  // One or two digits, or -1.
  int Number() {
    const size_t digits = std::min<size_t>(2, rest_.size() - SkipDigits(rest_).size());
    return digits == 0 ? -1 : Take(digits);
  }
  bool Below(int limit) {
    const int number = Number();
    return number >= 0 && number < limit;
  }
  bool Clock() {
    if (!Below(24) || !Skip(':') || !Below(60) || !Skip(':') || !Below(60)) return false;
    if (rest_.size() >= 2 && (rest_[0] == '.' || rest_[0] == ',') && IsDigit(rest_[1])) {
      rest_ = SkipDigits(rest_.substr(1));
    }
    return true;
  }
  // "Z" or "+01:00".
  bool Zone() {
    if (Skip('Z')) return true;
    if (rest_.size() < 6 || (rest_[0] != '+' && rest_[0] != '-') || rest_[3] != ':') return false;
    const std::string_view zone = rest_.substr(0, 6);
    if (!IsDigit(zone[1]) || !IsDigit(zone[2]) || !IsDigit(zone[4]) || !IsDigit(zone[5])) return false;
    rest_.remove_prefix(6);
    return zone.substr(1, 2) <= "24" && zone.substr(4, 2) <= "60";
  }
  static int DaysIn(int year, int month) {
    static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : kDays[month - 1];
  }
  std::string_view rest_;
};

bool IsNumber(std::string_view text) {
  if (TimeReader(text).IsTime() || IsBase60(text)) return true;
  if (text.size() == 5 && !IsDigit(text[0]) && Lower(text[2]) == 'i' && IsPointWord(text.substr(1)))
    return true;
  // Past the sign only these can be in a number; the rest is what most strings fail on.
  if (text.find_first_not_of("0123456789abcdefABCDEFxXoO_+-.") != std::string_view::npos) return false;
  const std::string plain = WithoutUnderscores(text);
  return IsInteger(plain) || IsFloat(plain) || IsOddBinary(plain);
}

}  // namespace

bool ReadsAsString(std::string_view text) {
  if (text.empty()) return false;
  switch (kHints[static_cast<unsigned char>(text[0])]) {
    case Hint::kNone:
      return true;
    case Hint::kWord:
      return !IsWord(text);
    case Hint::kPoint:
      return !IsPointWord(text) && !IsPointFloat(text);
    case Hint::kNumber:
      return !IsNumber(text);
  }
  return true;
}

}  // namespace etcdmedic::text
