// SPDX-License-Identifier: Apache-2.0
// Finds records of bucket `key` on every page of a db, used or not. docs/design/salvage.md.
#pragma once

#include <vector>

#include "bolt/node.h"
#include "salvage/record.h"

namespace etcdmedic::salvage {

// What a page is to the states that the meta pages lead to.
enum class PageUse : uint8_t {
  kUnused,  // to none of them
  kLive,    // a leaf of the newest one
  kOlder,   // a leaf of another one
  kInside,  // one that such a leaf continues on
};

struct ScanInput {
  bolt::Pages pages;          // the file, without a trailer
  std::vector<PageUse> uses;  // by page; those beyond its end are kUnused
  uint64_t high_water = 0;    // 0 where no meta page is valid
  uint8_t source = 0;         // number for the copies
  bool proven = false;        // the backup's SHA-256 says that no byte has changed
};

// Every copy of every record, in the order of pages. A page whose header or elements cannot be read is
// searched byte by byte. On `threads` threads (0: as many as there are cores). Takes 24 bytes a copy.
std::vector<Copy> ScanPages(const ScanInput& input, unsigned threads = 0);

// Where records begin in `bytes` by their own content: a revision key, and a message that agrees with it.
// Their places are relative to `bytes`.
std::vector<Copy> Carve(Bytes bytes);

}  // namespace etcdmedic::salvage
