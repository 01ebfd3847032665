// SPDX-License-Identifier: Apache-2.0
// The layout of a bbolt file: page headers and the two meta pages. docs/format/bolt.md, "Pages" and "Meta".
#pragma once

#include <bit>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace etcdmedic::bolt {

constexpr uint32_t kMagicNumber = 0xED0CDAED;
constexpr uint32_t kFormatVersion = 2;
constexpr uint16_t kBranchPage = 0x01;
constexpr uint16_t kLeafPage = 0x02;
constexpr uint16_t kMetaPage = 0x04;
constexpr uint16_t kFreelistPage = 0x10;
constexpr uint64_t kHeaderSize = 16;
constexpr uint64_t kElementSize = 16;
constexpr uint64_t kMetaSize = 64;
constexpr uint64_t kBucketHeaderSize = 16;
constexpr uint64_t kLongestKey = 32768;
constexpr uint32_t kBucketFlag = 1;
constexpr uint64_t kNoFreelist = ~uint64_t{0};
constexpr uint32_t kSmallestPage = 512;
constexpr uint32_t kLargestPage = 65536;
constexpr int kDeepest = 64;  // levels; a sound tree of any size has fewer than ten

// A little-endian number at `at`, which the caller has compared with the size.
template <class T>
T LoadLittle(Bytes bytes, uint64_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  if constexpr (std::endian::native == std::endian::big) value = *ByteReader(bytes, at).Little<T>();
  return value;
}

// The first eight bytes as a big-endian number, which compares as the bytes do.
inline uint64_t LoadBig(Bytes bytes) {
  uint64_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

struct PageHeader {
  uint64_t id = 0;
  uint16_t flags = 0;
  uint16_t count = 0;
  uint32_t overflow = 0;  // pages that follow and belong to this one
};

// The header at an offset that is at least kHeaderSize before the end.
PageHeader HeaderAt(Bytes bytes, uint64_t offset);

// The header as it is stored.
std::string EncodeHeader(const PageHeader& header);

// "branch", "leaf", "meta" or "freelist"; "unknown" for flags that are not one of these types.
std::string_view TypeName(uint16_t flags);

// The fields of a meta page, from the end of its header on.
struct MetaField {
  std::string_view name;
  uint64_t offset;
  uint64_t size;
};
inline constexpr MetaField kMetaMagic{"magic", 0, 4}, kMetaVersion{"version", 4, 4},
    kMetaPageSize{"page size", 8, 4}, kMetaFlags{"flags", 12, 4}, kMetaRoot{"root bucket: root", 16, 8},
    kMetaSequence{"root bucket: sequence", 24, 8}, kMetaFreelist{"freelist", 32, 8},
    kMetaHighWater{"high water mark", 40, 8}, kMetaTxid{"transaction", 48, 8},
    kMetaChecksum{"checksum", 56, 8};

struct Meta {
  uint32_t page_size = 0;
  uint64_t root = 0;        // page of the root bucket
  uint64_t freelist = 0;    // page, or all ones where it is not persisted
  uint64_t high_water = 0;  // first page never allocated
  uint64_t txid = 0;
};

enum class MetaFault : uint8_t { kNone, kMissing, kMagic, kVersion, kChecksum, kPageSize };

// The meta as it is stored after the page's header, with its checksum.
std::string EncodeMeta(const Meta& meta);

std::string_view TextOf(MetaFault fault);

// One of the two meta pages. Where `fault` is not kNone the fields are what is there, to be shown only.
struct MetaPage {
  uint64_t offset = 0;
  MetaFault fault = MetaFault::kMissing;
  Meta meta;
  uint32_t version = 0;
  uint64_t checksum = 0;  // as stored
  uint64_t computed = 0;
  bool valid() const { return fault == MetaFault::kNone; }
};

// A meta as it is stored, of kMetaSize bytes.
MetaPage ReadMeta(Bytes body);

// Where the page size was taken from.
enum class SizeSource : uint8_t { kMeta, kPages, kAssumed };

struct Metas {
  uint32_t page_size = 4096;
  SizeSource source = SizeSource::kAssumed;
  bool big_endian = false;  // written by a machine of the other byte order, which this library does not read
  MetaPage pages[2];
  // The page that bbolt opens with: of the valid ones that of the greater txid.
  std::optional<int> active;
};

// Reads both metas. Without a valid one the page size is told from the headers of the other pages, which
// carry their own number.
Metas ReadMetas(Bytes db);

// Bytes of the file without the 32 of the SHA-256 that `etcdctl snapshot save` appends.
uint64_t SizeWithoutTrailer(uint64_t size);

}  // namespace etcdmedic::bolt
