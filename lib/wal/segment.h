// SPDX-License-Identifier: Apache-2.0
// Reads one WAL segment to its last byte whatever is wrong with it. Every byte is handed to the visitor
// exactly once, in file order: as part of a record, as slack, or as damage. docs/format/wal.md, "Reading past
// damage".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wal/frame.h"

namespace etcdmedic::wal {

enum class Slack : uint8_t {
  kZeroTail,     // preallocated zeros after the last frame
  kGarbageTail,  // other bytes after the first zero length: etcd never reads them
};

enum class Fault : uint8_t {
  kTornTail,   // the end of a write that did not finish: whole zero sectors, or the file's end, inside the
               // last frame
  kTruncated,  // the segment ends inside a frame
  kZeroed,     // zeros where records were
  kGarbage,    // bytes that are not a record
  kLength,     // an impossible length field or padding count
  kMalformed,  // a frame whose payload is not a record
  kCrc,        // a record whose data does not fit its CRC
};

std::string_view NameOf(Fault fault);

// The change of one bit or a few bytes that makes the damaged range sound again, proven by the chain.
struct Healing {
  uint64_t offset = 0;  // in the segment
  std::string bytes;    // what must be there
  bool single_bit = false;
  std::string proof;  // for people: why this is right
};

struct Damage {
  Fault fault = Fault::kGarbage;
  uint64_t offset = 0;
  uint64_t length = 0;
  uint32_t stored_crc = 0;        // for kCrc
  uint32_t computed_crc = 0;      // for kCrc
  bool followed = false;          // proven records follow it
  bool ambiguous_heal = false;    // a single bit would fit but nothing proves it
  std::vector<Healing> healings;  // empty, or exactly one that is proven
  // The record as it is after healing; for kCrc without healing the record as it stands (its data is not to
  // be trusted).
  std::optional<Record> record;
  std::shared_ptr<const std::string> healed_frame;  // owns what `record` views where it was healed
};

// Implemented by whoever reads a segment. Called on the caller's thread, in file order. What a record views
// lives as long as the segment's bytes; of a healed one as long as its Damage::healed_frame. Offsets and
// lengths are bytes from the beginning of the segment.
class SegmentVisitor {
 public:
  virtual ~SegmentVisitor() = default;
  virtual void OnRecord(const Record& record) = 0;
  virtual void OnSlack(Slack kind, uint64_t offset, uint64_t length) = 0;
  virtual void OnDamage(const Damage& damage) = 0;
};

struct SegmentOptions {
  // The running CRC that the segment before ended with; without it the first crc record is believed.
  std::optional<uint32_t> seed;
  // Whether no other segment follows: only there a torn tail is possible.
  bool last = true;
};

// How a segment's chain begins and ends, to be compared with its neighbours.
struct SegmentChain {
  std::optional<uint32_t> first_crc;  // stored in the leading crc record
  uint32_t end_crc = 0;               // running value after the last record
  bool end_proven = false;            // the last record was sound
  uint64_t valid_end = 0;             // end of the last sound record
  uint64_t records = 0;               // sound ones
  bool plain_frames = false;          // frames without padding (etcd 2.x) occur
};

// Reads all of `segment`. Never fails: damage goes to `visitor`, and reading continues after it. Memory does
// not grow with the segment.
SegmentChain ReadSegment(Bytes segment, const SegmentOptions& options, SegmentVisitor& visitor);

}  // namespace etcdmedic::wal
