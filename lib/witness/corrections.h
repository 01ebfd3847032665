// SPDX-License-Identifier: Apache-2.0
// What the log says that records must be, where the backend has others: docs/design/log-as-witness.md. For
// those who put them right; the comparison alone is in witness.h.
#pragma once

#include "witness/witness.h"

namespace etcdmedic::witness {

// A record that the log has otherwise. The views are of the log, which must outlive it.
struct Correction {
  uint64_t entry = 0;       // that wrote it
  uint64_t place = 0;       // of the backend's record in the file: of its revision key
  uint32_t value_size = 0;  // of what is stored there
  mvcc::RevisionKey id;
  Bytes key = {}, value = {};
  int64_t lease = 0;
  int64_t create_revision = 0, version = 0;  // 0 where the log does not tell, and of a deletion
};

// An entry, and the revision that it made.
struct Made {
  uint64_t index = 0;
  int64_t revision = 0;
};

struct Corrections {
  // Of each record of the same revision and kind (put or deletion) with another content.
  std::vector<Correction> records;
  // The first revision above the compacted one, and the last of all, whose entry is known for sure.
  std::optional<Made> first_retained, last;
};

// As CompareWithLog of witness.h, and fills `out`.
WitnessReport CompareWithLog(const WitnessInput& input, Corrections& out);

}  // namespace etcdmedic::witness
