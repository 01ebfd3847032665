// SPDX-License-Identifier: Apache-2.0
// Rows of kubectl's table, for the tests of its columns.
#pragma once

#include "support/printed_cells.h"

namespace etcdmedic::test {

struct TableCase {
  std::string_view plural;
  bool wide;
  std::string_view json, cells;
};

template <class Cases>
void ExpectCells(const Cases& cases) {
  for (const TableCase& each : cases)
    EXPECT_EQ(Cells(each.plural, each.json, each.wide), each.cells) << each.plural;
}

}  // namespace etcdmedic::test
