// SPDX-License-Identifier: Apache-2.0
// What the log of a member holds beyond its backend, for those who read the backend alone.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "member/layout.h"

namespace etcdmedic::startup {

// Entries that were committed and that the backend has not applied.
struct Unapplied {
  uint64_t first = 0;
  uint64_t last = 0;
};

// Reads the last segment alone, which has the newest HardState; a log that is damaged there is read up to the
// damage. Nothing where the backend has everything, where only entries without a request are missing (3.4
// does not count them), or where there is no log beside it.
std::optional<Unapplied> FindUnapplied(const member::Layout& layout, Bytes db);

}  // namespace etcdmedic::startup
