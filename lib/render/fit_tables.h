// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace etcdmedic::render {

// From now on the last column of a Table ends where a terminal of this width does, with an ellipsis; 0 lets
// it be as wide as it is. Lists of facts, which have no header, are whole, and kubectl's tables as kubectl
// prints them.
void FitTables(size_t width);

// As much of `cell`, a printable text that begins in `column` and ends its line, as fits, with an ellipsis for
// the rest: a view of `cell` or of `cut`.
std::string_view Fitting(std::string_view cell, size_t column, std::string& cut);

}  // namespace etcdmedic::render
