// SPDX-License-Identifier: Apache-2.0
// Finds the small change that makes a damaged frame sound again, from what the CRC chain proves.
// docs/format/wal.md, "Healing". No healing is offered without proof.
#pragma once

#include <string>

#include "wal/segment.h"

namespace etcdmedic::wal {

// Bounds the work that hostile bytes can cause: CRC bytes that may still be spent on guesses.
class Budget {
 public:
  explicit Budget(uint64_t bytes) : left_(bytes) {}
  bool Spend(uint64_t bytes) {
    if (bytes > left_) {
      left_ = 0;
      return false;
    }
    left_ -= bytes;
    return true;
  }

 private:
  uint64_t left_;
};

// Whether the record that is at `offset` continues a chain that has the value `crc`.
enum class Link : uint8_t { kHolds, kBroken, kNothing };  // kNothing: no record is there
Link LinkAt(Bytes segment, uint64_t offset, uint32_t crc, Budget& budget);

// Whether `record.crc` is what the writer stored: the next record continues it, or would after one bit of its
// own is put right and that bit is proven in turn.
bool StoredCrcProven(Bytes segment, const Record& record, Budget& budget, int depth = 3);

// For a whole record whose CRC does not fit `running`. Fills damage.healings (at most one),
// damage.ambiguous_heal, damage.followed, damage.record and damage.healed_frame.
void HealCrcMismatch(Bytes segment, const Record& record, uint32_t running, Budget& budget, Damage& damage);

// For a crc record whose value should be `right`.
void HealCrcRecord(Bytes segment, const Record& record, uint32_t right, Damage& damage);

// For a sound record whose frame has other padding than etcd gives it: true where the next record stands
// after the usual padding and not after the one told.
bool HealPadding(Bytes segment, const Frame& frame, const Record& record, Budget& budget, Damage& damage);

// For a record that fits the chain and whose data is not what its type says: true where the data is that of
// exactly one type that is one bit away. No CRC covers the type.
bool HealType(Bytes segment, const Record& record, Damage& damage);

// For a frame that is whole but for its padding, which the file's end cuts off.
bool HealCutPadding(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage);

// For an offset where a frame should be and none is, or one whose payload is not a record: a wrong length
// field or one wrong bit in the record's head. True where a proven healing was found; damage.length and
// .record are then those of the healed frame.
bool HealFrame(Bytes segment, uint64_t offset, uint32_t running, Budget& budget, Damage& damage);

}  // namespace etcdmedic::wal
