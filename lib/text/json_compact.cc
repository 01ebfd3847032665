// SPDX-License-Identifier: Apache-2.0
#include "text/json_compact.h"

#include <array>

#include "text/number_text.h"
#include "text/object_tree.h"

namespace etcdmedic::text {
namespace {

constexpr std::array<bool, 256> kPlain = [] {  // bytes that are in a string for themselves
  std::array<bool, 256> table{};
  for (size_t c = 0x20; c < 0x80; ++c) table[c] = true;
  for (const char c : std::string_view("\"\\<>&")) table[static_cast<unsigned char>(c)] = false;
  return table;
}();

// Takes a value apart from left to right; each function says whether what it is named after was there.
class CompactJsonMatcher {
 public:
  explicit CompactJsonMatcher(std::string_view json) : at_(json.data()), end_(at_ + json.size()) {}

  bool Whole() { return Value(0) && at_ == end_; }

 private:
  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool Value(size_t depth) {
    if (Take('"')) return String();
    if (Take('{')) return depth < kMaxTreeDepth && (Take('}') || Members(depth + 1));
    if (Take('[')) return depth < kMaxTreeDepth && (Take(']') || Items(depth + 1));
    return Word("true") || Word("false") || Word("null") || Number();
  }

  bool Members(size_t depth) {
    do {
      if (!Take('"') || !String() || !Take(':') || !Value(depth)) return false;
    } while (Take(','));
    return Take('}');
  }

  bool Items(size_t depth) {
    do {
      if (!Value(depth)) return false;
    } while (Take(','));
    return Take(']');
  }

  bool Word(std::string_view word) {
    if (!std::string_view(at_, end_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  // Behind its first quote.
  bool String() {
    for (;;) {
      while (at_ != end_ && kPlain[static_cast<unsigned char>(*at_)]) ++at_;
      if (Take('"')) return true;
      if (!Take('\\') || at_ == end_ ||
          std::string_view("\"\\bfnrt").find(*at_++) == std::string_view::npos) {
        return false;
      }
    }
  }

  bool Number() {
    const NumberScan number = ScanNumber({at_, end_});
    at_ += number.length;
    return number.whole;
  }

  const char* at_;
  const char* end_;
};

}  // namespace

bool IsCompactJson(std::string_view json) { return CompactJsonMatcher(json).Whole(); }

}  // namespace etcdmedic::text
