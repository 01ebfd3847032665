// SPDX-License-Identifier: Apache-2.0
// Views of raw bytes. A view never owns; whoever maps or holds the file outlives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace etcdmedic {

using Bytes = std::span<const std::byte>;

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Walks a view forward. A read that does not fit gives nothing and leaves the offset where it was.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes, uint64_t offset = 0) : bytes_(bytes), offset_(offset) {}

  uint64_t offset() const { return offset_; }
  uint64_t remaining() const { return bytes_.size() - offset_; }

  std::optional<Bytes> Take(uint64_t count) {
    if (count > remaining()) return std::nullopt;
    const Bytes taken = bytes_.subspan(offset_, count);
    offset_ += count;
    return taken;
  }

  template <class T>
  std::optional<T> Little() {
    const auto raw = Take(sizeof(T));
    if (!raw) return std::nullopt;
    T value = 0;
    for (size_t i = sizeof(T); i-- > 0;) value = static_cast<T>((value << 8) | std::to_integer<T>((*raw)[i]));
    return value;
  }

  template <class T>
  std::optional<T> Big() {
    const auto raw = Take(sizeof(T));
    if (!raw) return std::nullopt;
    T value = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<T>((value << 8) | std::to_integer<T>((*raw)[i]));
    return value;
  }

 private:
  Bytes bytes_;
  uint64_t offset_;
};

// True where every byte is zero; runs at memory speed.
bool AllZero(Bytes bytes);

}  // namespace etcdmedic
