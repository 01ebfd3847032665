// SPDX-License-Identifier: Apache-2.0
// A mapped file as bbolt's Go code sees it: slices whose bounds are believed until their bytes are asked for,
// and what the Go runtime says where they lead outside. Used by opening.cc alone.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "bolt/format.h"

namespace etcdmedic::startup {

struct GoSlice {
  uint64_t at = 0;  // offset in the file; may be far outside
  uint64_t size = 0;
  bool null = true;
};

struct GoFault {
  std::string message;
  bool slice = false;  // the bounds of a slice, and not the memory after it
};

class GoMemory {
 public:
  explicit GoMemory(Bytes db) : db_(db) {}

  // The offset of a page, as far as Go checks it.
  std::optional<GoFault> PageAt(uint64_t id, uint64_t page_size, uint64_t& offset) const {
    offset = id * page_size;  // wraps as it does there
    if (offset < kMostMapped) return std::nullopt;
    return GoFault{fmt::format("runtime error: index out of range [{}] with length {}", offset, kMostMapped),
                   true};
  }

  // Copies bytes out; those between the file's end and the end of its last page of memory are zeros.
  template <class T>
  std::optional<GoFault> Load(uint64_t at, T& out) const {
    if (at > mapped() || sizeof(T) > mapped() - at) return Outside();
    std::byte bytes[sizeof(T)] = {};
    if (at < db_.size()) {
      const Bytes part = db_.subspan(at, std::min<uint64_t>(sizeof(T), db_.size() - at));
      std::copy(part.begin(), part.end(), bytes);
    }
    out = bolt::LoadLittle<T>(Bytes(bytes, sizeof(T)), 0);
    return std::nullopt;
  }

  // The slice [from, from + size) after `base`.
  static std::optional<GoFault> Slice(uint64_t base, uint64_t from, uint64_t size, GoSlice& out) {
    if (from + size > kLongestSlice) {
      return GoFault{fmt::format("runtime error: slice bounds out of range [::{}] with length {}",
                                 from + size, kLongestSlice),
                     true};
    }
    out = {base + from, size, false};
    return std::nullopt;
  }

  // bytes.Compare: reads no further than the first difference.
  std::optional<GoFault> Compare(const GoSlice& a, const GoSlice& b, int& order) const {
    const uint64_t common = std::min(a.size, b.size);
    const uint64_t there = std::min({common, Rest(a.at), Rest(b.at)});
    order = AsText(db_.subspan(std::min<uint64_t>(a.at, db_.size()), there))
                .compare(AsText(db_.subspan(std::min<uint64_t>(b.at, db_.size()), there)));
    if (order == 0 && there < common) return Outside();
    if (order == 0) order = a.size < b.size ? -1 : a.size > b.size ? 1 : 0;
    return std::nullopt;
  }

  static GoSlice Head(const GoSlice& slice) {
    return {slice.at, std::min<uint64_t>(slice.size, 1), slice.null};
  }

  // Reading all of it.
  std::optional<GoFault> Touch(const GoSlice& slice) const {
    if (slice.size == 0 || (slice.at <= mapped() && slice.size <= mapped() - slice.at)) return std::nullopt;
    return Outside();
  }

  Bytes Shown(const GoSlice& slice) const {
    return db_.subspan(std::min<uint64_t>(slice.at, db_.size()), std::min(slice.size, Rest(slice.at)));
  }

 private:
  static constexpr uint64_t kMostMapped = 0xFFFFFFFFFFFF;  // bbolt's bound of its map, on 64 bits
  static constexpr uint64_t kLongestSlice = 0x7FFFFFFF;
  static constexpr uint64_t kMemoryPage = 4096;

  static GoFault Outside() { return {"unexpected fault address", false}; }
  uint64_t mapped() const { return (db_.size() + kMemoryPage - 1) / kMemoryPage * kMemoryPage; }
  uint64_t Rest(uint64_t at) const { return at < db_.size() ? db_.size() - at : 0; }

  Bytes db_;
};

}  // namespace etcdmedic::startup
