// SPDX-License-Identifier: Apache-2.0
// What the pages of a backend are used for, as a map of a bounded number of cells however large the file is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bolt/check.h"

namespace etcdmedic::report {

enum class PageState : uint8_t {
  kStructure,     // metas, free list, directory of buckets
  kBucket,        // of a bucket that has a group of its own
  kOtherBuckets,  // of all others
  kPending,       // freed by the newest commit, and kept for the older meta page
  kFree,
  kUnreachable,  // neither in use nor in the free list
  kDamaged,      // an error was found in it
  kUnused,       // beyond the high water mark: room to grow into
};

// "structure", "bucket", "other-buckets", "pending", "free", "unreachable", "damaged", "unused".
std::string_view NameOf(PageState state);

struct PageGroup {
  PageState state = PageState::kStructure;
  std::string bucket = {};  // of kBucket
  uint64_t pages = 0;
};

struct PageMap {
  uint32_t page_size = 0;
  uint64_t pages = 0;         // whole ones in the file, or up to the high water mark where that is beyond it
  uint64_t pages_a_cell = 1;  // a power of two
  std::vector<PageGroup> groups;  // that have pages; in the order of PageState, buckets by size
  // Positions in `groups`, in the order of pages up to the high water mark.
  std::vector<uint8_t> cells;
};

inline constexpr size_t kMostCells = 2048;

// `db` and `report` are what bolt::Check took and gave; `findings` what was found in `file`. A cell is
// damaged where any of its pages is, else what most of them are. Nothing where no meta page is valid.
std::optional<PageMap> MapPages(Bytes db, const std::string& file, const bolt::FileReport& report,
                                const std::vector<diag::Finding>& findings, size_t most_cells = kMostCells);

}  // namespace etcdmedic::report
