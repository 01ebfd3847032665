// SPDX-License-Identifier: Apache-2.0
// Where the entries of one bucket are: twelve bytes an entry, in the order of the bucket. Keys and values
// stay in the mapped file.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "bolt/view.h"

namespace etcdmedic::mvcc {

class EntryTable {
 public:
  EntryTable() = default;

  // Reads where the entries of `bucket` lie, on all cores. Reports what bolt::Cursor reports. An absent
  // bucket gives an empty table. Errors: kLimit beyond 2^32 entries.
  static Result<EntryTable> Read(const bolt::View& view, std::string_view bucket);
  static Result<EntryTable> Read(const bolt::View& view, const bolt::Cursor& bucket);

  uint32_t size() const { return static_cast<uint32_t>(places_.size()); }
  // False where something could not be reached.
  bool complete() const { return complete_; }
  size_t KeySize(uint32_t at) const { return places_[at] & kKeySizeMask; }
  Bytes KeyAt(uint32_t at) const { return db_.subspan(places_[at] >> kKeySizeBits, KeySize(at)); }
  Bytes ValueAt(uint32_t at) const {
    return db_.subspan((places_[at] >> kKeySizeBits) + KeySize(at), value_sizes_[at]);
  }
  // Says that the key and the head of the value are about to be read.
  void Prefetch(uint32_t at) const {
    const std::byte* const key = db_.data() + (places_[at] >> kKeySizeBits);
    __builtin_prefetch(key);
    __builtin_prefetch(key + 64);
  }
  uint64_t OffsetOf(uint32_t at) const { return places_[at] >> kKeySizeBits; }

 private:
  static constexpr unsigned kKeySizeBits = 16;  // bbolt's longest key has 32768 bytes
  static constexpr uint64_t kKeySizeMask = (uint64_t{1} << kKeySizeBits) - 1;

  void Fill(bolt::Cursor& cursor);

  Bytes db_;
  bool complete_ = true;
  std::vector<uint64_t> places_;       // offset in the file, and size, of the key
  std::vector<uint32_t> value_sizes_;  // the value follows its key
};

}  // namespace etcdmedic::mvcc
