// SPDX-License-Identifier: Apache-2.0
// Text in cells that end in tabs -> columns, as Go's text/tabwriter aligns them: cells of adjacent lines that
// have the same number of cells before them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace etcdmedic::kubectl {

// No column is wider than this, so that a hostile value of a megabyte does not become gigabytes of blanks;
// the names that Kubernetes takes are shorter.
constexpr size_t kWidestColumn = 300;

// A column is as wide as its widest cell has characters, and `padding` more. What follows the last tab of a
// line is not aligned.
std::string AlignTabs(std::string_view text, size_t padding);

}  // namespace etcdmedic::kubectl
