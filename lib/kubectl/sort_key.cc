// SPDX-License-Identifier: Apache-2.0
#include "kubectl/sort_key.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "text/ascii.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::pair<std::string_view, long double> kSuffixes[] = {
    {"n", 1e-9L},    {"u", 1e-6L},    {"m", 1e-3L},    {"", 1},        {"k", 1e3L},     {"M", 1e6L},
    {"G", 1e9L},     {"T", 1e12L},    {"P", 1e15L},    {"E", 1e18L},   {"Ki", 0x1p10L}, {"Mi", 0x1p20L},
    {"Gi", 0x1p30L}, {"Ti", 0x1p40L}, {"Pi", 0x1p50L}, {"Ei", 0x1p60L}};

std::string_view TakeDigits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, text::IsDigit);
  const std::string_view digits = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

std::string_view WithoutZeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

// Runs of digits count as numbers, everything else byte by byte.
bool NaturalLess(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (!text::IsDigit(a[0]) || !text::IsDigit(b[0])) {
      if (a[0] != b[0]) return static_cast<unsigned char>(a[0]) < static_cast<unsigned char>(b[0]);
      a.remove_prefix(1);
      b.remove_prefix(1);
      continue;
    }
    const std::string_view all_x = TakeDigits(a), all_y = TakeDigits(b);
    const std::string_view x = WithoutZeros(all_x), y = WithoutZeros(all_y);
    if (x.size() != y.size()) return x.size() < y.size();
    if (x != y) return x < y;
    if (all_x.size() != all_y.size()) return all_x.size() < all_y.size();
  }
  return a.size() < b.size();
}

}  // namespace

std::optional<long double> QuantityOf(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::string_view whole = TakeDigits(text);
  std::string number(whole);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    (number += '.') += TakeDigits(text);
  }
  if (number.empty() || number == ".") return std::nullopt;
  long double amount = std::strtold(number.c_str(), nullptr);
  const auto* suffix = std::ranges::find(kSuffixes, text, &std::pair<std::string_view, long double>::first);
  if (suffix != std::end(kSuffixes)) {
    amount *= suffix->second;
  } else {
    int exponent = 0;
    if (text.size() < 2 || (text[0] != 'e' && text[0] != 'E')) return std::nullopt;
    text.remove_prefix(text[1] == '+' ? 2 : 1);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
    amount *= std::pow(10.0L, static_cast<long double>(exponent));
  }
  return negative ? -amount : amount;
}

SortKey::SortKey(text::ObjectView value, size_t number)
    : rank_(!value            ? Rank::kAbsent
            : value.is_null() ? Rank::kNull
                              : Rank::kValue),
      text_(value.text()),
      amount_(QuantityOf(text_)),
      number_(number) {}

bool SortKey::operator<(const SortKey& other) const {
  if (rank_ != other.rank_) return rank_ < other.rank_;
  if (rank_ == Rank::kAbsent) return number_ > other.number_;
  return amount_ && other.amount_ ? *amount_ < *other.amount_ : NaturalLess(text_, other.text_);
}

}  // namespace etcdmedic::kubectl
