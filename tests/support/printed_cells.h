// SPDX-License-Identifier: Apache-2.0
// One row of kubectl's table of an object.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "kubectl/printers.h"
#include "text/json_text.h"
#include "text/time.h"

namespace etcdmedic::test {

constexpr std::string_view kNow = "2026-01-02T00:00:00Z";

// The cells after NAME at kNow, with '|' between them.
inline std::string Cells(std::string_view plural, std::string_view json, bool wide = false) {
  static const kubectl::ResourceTable table;
  text::ObjectTree tree;
  EXPECT_FALSE(text::ReadJson(json, tree)) << json;
  const kubectl::TablePrinter printer(*table.Resolve(plural).front(), "",
                                      {text::ParseTime(kNow)->seconds, wide});
  auto cells = printer.Row(tree.root(), "n");
  EXPECT_EQ(cells.size(), printer.Header().size());
  if (!cells.empty() && cells.front() == "n") cells.erase(cells.begin());
  return fmt::format("{}", fmt::join(cells, "|"));
}

}  // namespace etcdmedic::test
