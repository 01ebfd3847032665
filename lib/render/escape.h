// SPDX-License-Identifier: Apache-2.0
// Writes text of which some bytes must become something else, at the speed of a copy where none must.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace etcdmedic::render {

// What bytes become that are not printable ASCII or valid UTF-8.
class EscapeTable {
 public:
  struct Piece {
    std::array<char, 7> text{};
    uint8_t length = 0;  // of text
    constexpr Piece() = default;
    constexpr explicit Piece(std::string_view from) {
      for (const char c : from) text[length++] = c;
    }
  };

  // `escape(byte)` gives the Piece, not an empty one, for a control character, 0x7F, one of the two of
  // `marks` or a byte that is not valid UTF-8 where it stands. `for_people`: also for both bytes of U+0080 to
  // U+009F; and characters that are not seen but change how others are shown (marks of direction, zero
  // widths) become \u{NNNN}.
  template <class Escape>
  constexpr EscapeTable(std::array<char, 2> marks, bool for_people, const Escape& escape)
      : marks_(marks), for_people_(for_people) {
    for (size_t i = 0; i < 256; ++i) {
      const auto byte = static_cast<unsigned char>(i);
      const char c = static_cast<char>(byte);
      kept_[i] = Piece({&c, 1});
      const bool plain = byte >= 0x20 && byte < 0x7F && c != marks[0] && c != marks[1];
      escaped_[i] = plain ? kept_[i] : escape(byte);
    }
  }

  void Append(std::string& out, std::string_view text) const;

 private:
  void AppendCharacters(std::string& out, std::string_view text) const;

  std::array<char, 2> marks_;
  bool for_people_;
  std::array<Piece, 256> escaped_{};
  std::array<Piece, 256> kept_{};
};

}  // namespace etcdmedic::render
