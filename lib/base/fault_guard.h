// SPDX-License-Identifier: Apache-2.0
// Turns a page of a mapped file that cannot be read (EIO, or the file shrank) into zeros instead of a SIGBUS.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace etcdmedic {

// Watches a mapping; the slot's number, or -1 where all are taken (then a fault is fatal as ever). The
// handler is installed with the first mapping and passes on faults elsewhere to whoever handled them before.
// Thread-safe.
int WatchMapping(const void* begin, uint64_t size);
void UnwatchMapping(int slot);

struct Faults {
  uint64_t pages = 0;
  uint64_t first_offset = 0;
};
Faults FaultsOf(int slot);

}  // namespace etcdmedic
