// SPDX-License-Identifier: Apache-2.0
// A record of bucket `key` where it was found, and how far it can be trusted. docs/design/salvage.md.
#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/bytes.h"

namespace etcdmedic::salvage {

// Where a record was found, the best first.
enum class Origin : uint8_t {
  kLive,    // in the tree that etcd would open
  kOlder,   // in the tree of the other meta page, the state of a transaction before
  kFreed,   // on a page below the high water mark that neither leads to
  kOrphan,  // on a page beyond it, or where no meta page tells what is used
  kLog,     // in no page: written by an entry of the log
};
std::string_view NameOf(Origin origin);  // "live", "older-transaction", "freed", "orphan", "log"

enum class Confidence : uint8_t {
  kCertain,   // proven: by the log's CRC, by the backup's SHA-256, or by equal records in two files
  kLikely,    // revision key and record agree, and nothing contradicts it; pages carry no checksum
  kDoubtful,  // of a page without its frame, or contradicted by another copy
};
std::string_view NameOf(Confidence confidence);  // "certain", "likely", "doubtful"

// One copy. 24 bytes, since a file has millions.
struct Copy {
  int64_t main = 0;
  uint32_t sub = 0;
  uint32_t value_size = 0;  // of the stored value, which follows the revision key
  uint64_t place : 48 = 0;  // of the revision key in its source
  uint64_t source : 8 = 0;  // number of the source
  Origin origin : 3 = Origin::kLive;
  Confidence confidence : 2 = Confidence::kLikely;
  bool tombstone : 1 = false;
  bool unframed : 1 = false;  // found by its bytes alone

  void SetPlace(uint64_t offset) { place = offset & 0xFFFF'FFFF'FFFFU; }
  std::pair<int64_t, uint32_t> Revision() const { return {main, sub}; }
  // The best copy of a revision first.
  auto Rank() const {
    return std::tuple(main, sub, bool{unframed}, Origin{origin}, uint64_t{source}, uint64_t{place});
  }
};
static_assert(sizeof(Copy) == 24);

constexpr uint64_t kMostSources = 255;

// Its parts in `source`, the bytes that it was found in.
Bytes KeyOf(const Copy& copy, Bytes source);
Bytes ValueOf(const Copy& copy, Bytes source);

// Whether a revision key and the message stored under it agree, so that both are what etcd wrote: of a put
// the modification revision is that of the key, and the other numbers are possible; a tombstone's message
// holds the user's key alone.
bool Agree(Bytes revision_key, Bytes message);

}  // namespace etcdmedic::salvage
