// SPDX-License-Identifier: Apache-2.0
// Puts the content of one file into a new one.
#pragma once

#include "bolt/builder.h"
#include "bolt/view.h"

namespace etcdmedic::bolt {

struct CopyResult {
  BuildSummary built;
  uint64_t buckets = 0;
  uint64_t sorted = 0;    // buckets whose entries stood out of order
  uint64_t repeated = 0;  // entries left out because an equal key had come before
  bool whole = true;      // nothing was left out but those
};

// Every bucket and entry that can be reached, in order. What cannot be is reported by the view. A bucket
// whose entries stand out of order is sorted, which takes 48 bytes an entry. Errors: as Builder.
Result<CopyResult> Copy(const View& view, Builder& builder);

// CRC-32C over the name of every bucket and its keys and values in order, as `etcdutl snapshot status`
// computes it: equal for files of equal content.
uint32_t ContentHash(const View& view);

}  // namespace etcdmedic::bolt
