// SPDX-License-Identifier: Apache-2.0
#include "mvcc/revision.h"

#include <fmt/format.h>

#include <bit>

namespace etcdmedic::mvcc {
namespace {

constexpr auto kSeparator = std::byte{'_'};
constexpr auto kTombstoneMark = std::byte{'t'};

int64_t BigEndianAt(Bytes key, size_t at) {
  uint64_t value = 0;
  std::memcpy(&value, key.data() + at, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return static_cast<int64_t>(value);
}

void AppendBigEndian(std::string& out, int64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> shift & 0xFF));
}

}  // namespace

std::optional<RevisionKey> ParseRevisionKey(Bytes key) {
  if (key.size() != kRevisionSize && key.size() != kTombstoneSize) return std::nullopt;
  const RevisionKey parsed{{BigEndianAt(key, 0), BigEndianAt(key, 9)}, key.size() == kTombstoneSize};
  if (key[8] != kSeparator || parsed.revision.main < 0 || parsed.revision.sub < 0) return std::nullopt;
  if (parsed.tombstone && key[17] != kTombstoneMark) return std::nullopt;
  return parsed;
}

std::string EncodeRevisionKey(const RevisionKey& key) {
  std::string out;
  AppendBigEndian(out, key.revision.main);
  out.push_back('_');
  AppendBigEndian(out, key.revision.sub);
  if (key.tombstone) out.push_back('t');
  return out;
}

std::string TextOf(const Revision& revision) {
  return revision.sub == 0 ? fmt::format("{}", revision.main)
                           : fmt::format("{}.{}", revision.main, revision.sub);
}

}  // namespace etcdmedic::mvcc
