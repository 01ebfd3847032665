// SPDX-License-Identifier: Apache-2.0
// Finds where the log continues after damage. docs/format/wal.md, "Resynchronising".
#pragma once

#include "wal/heal.h"

namespace etcdmedic::wal {

struct Resync {
  enum class Kind : uint8_t {
    kNothing,    // no frame was found up to the end
    kContinues,  // a record that continues the chain as it was: nothing but foreign bytes is between
    kProven,     // a record whose stored CRC the next one continues
  };
  Kind kind = Kind::kNothing;
  Record record;
};

// Searches [from, segment.size()) in steps of `step` bytes (8: frames are aligned; 1 where etcd 2.x wrote the
// log).
Resync FindNextRecord(Bytes segment, uint64_t from, uint64_t step, uint32_t running, Budget& budget);

}  // namespace etcdmedic::wal
