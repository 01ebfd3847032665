// SPDX-License-Identifier: Apache-2.0
#include "text/pattern.h"

#include <fmt/format.h>
#include <regex.h>

#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace etcdmedic::text {

size_t FindBytes(std::string_view bytes, std::string_view needle) {
  if (needle.empty()) return 0;
  if (needle.size() > bytes.size()) return std::string_view::npos;
  const char* const begin = bytes.data();
  const char* at = begin;
#ifdef __SSE2__
  const char* const last = begin + (bytes.size() - needle.size());  // where a match may begin at most
  // Sixteen places at once: those whose first and last byte are the needle's are compared as a whole.
  const __m128i first_byte = _mm_set1_epi8(needle.front()), last_byte = _mm_set1_epi8(needle.back());
  const size_t distance = needle.size() - 1;
  for (; last - at >= 15; at += 16) {
    const auto first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto end = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + distance));
    auto both = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(first, first_byte), _mm_cmpeq_epi8(end, last_byte))));
    for (; both != 0; both &= both - 1) {
      const char* const place = at + __builtin_ctz(both);
      if (std::memcmp(place, needle.data(), needle.size()) == 0) return static_cast<size_t>(place - begin);
    }
  }
#endif
  const auto left = static_cast<size_t>(begin + bytes.size() - at);
  const void* const found = memmem(at, left, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<size_t>(static_cast<const char*>(found) - begin);
}

struct Pattern::Compiled {
  regex_t places;  // which says where
  regex_t whether;
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    regfree(&places);
    regfree(&whether);
  }
};

Pattern Pattern::Literal(std::string text) {
  Pattern pattern;
  pattern.text_ = std::move(text);
  return pattern;
}

Result<Pattern> Pattern::Regex(const std::string& expression) {
  for (size_t at = 0; at + 1 < expression.size(); ++at) {
    if (expression[at] != '\\') continue;
    if (expression[++at] >= '1' && expression[at] <= '9')
      return Fail(Errc::kUsage, "", "an expression here has no back references");
  }
  if (expression.find('\0') != std::string::npos)
    return Fail(Errc::kUsage, "", "a regular expression holds no zero byte");
  regex_t places, whether;
  const int error = regcomp(&places, expression.c_str(), REG_EXTENDED | REG_NEWLINE);
  if (error != 0) {
    char said[200];
    regerror(error, &places, said, sizeof said);
    return Fail(Errc::kUsage, "", fmt::format("{} is not a regular expression: {}", expression, said));
  }
  if (regcomp(&whether, expression.c_str(), REG_EXTENDED | REG_NEWLINE | REG_NOSUB) != 0) {
    regfree(&places);
    return Fail(Errc::kUsage, "", fmt::format("{} is too large an expression", expression));
  }
  Pattern pattern;
  pattern.text_ = expression;
  pattern.regex_ = std::make_shared<Compiled>();
  pattern.regex_->places = places;
  pattern.regex_->whether = whether;
  return pattern;
}

Pattern Pattern::Clone() const {
  if (!regex_) return *this;
  auto again = Regex(text_);
  return again ? std::move(*again) : *this;
}

bool Pattern::In(std::string_view bytes) const {
  if (!regex_) return FindBytes(bytes, text_) != std::string_view::npos;
  regmatch_t range{0, static_cast<regoff_t>(bytes.size())};
  return regexec(&regex_->whether, bytes.data() == nullptr ? "" : bytes.data(), 1, &range, REG_STARTEND) == 0;
}

std::optional<Pattern::Match> Pattern::Find(std::string_view bytes) const {
  if (!regex_) {
    const size_t at = FindBytes(bytes, text_);
    return at == std::string_view::npos ? std::nullopt : std::optional(Match{at, text_.size()});
  }
  regmatch_t match{0, static_cast<regoff_t>(bytes.size())};
  if (regexec(&regex_->places, bytes.data() == nullptr ? "" : bytes.data(), 1, &match, REG_STARTEND) != 0)
    return std::nullopt;
  return Match{static_cast<size_t>(match.rm_so), static_cast<size_t>(match.rm_eo - match.rm_so)};
}

}  // namespace etcdmedic::text
