// SPDX-License-Identifier: Apache-2.0
// Pages that the newest commit freed. bbolt keeps them as they are until the next one, because the older meta
// page still leads to them: docs/format/bolt.md, "Meta".
#pragma once

#include <vector>

#include "bolt/check.h"

namespace etcdmedic::bolt {

// The pages that are free by `report`, which Check made of `db`, and reached from the meta page that it did
// not follow; ascending. Reads these pages and no others. Empty where only one meta page is valid, or
// where the two are not of adjacent transactions, so that pages of the older one may have been used again.
std::vector<uint64_t> FindPendingPages(Bytes db, const FileReport& report);

}  // namespace etcdmedic::bolt
