// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace etcdmedic::render {

// From now on the last column of a Table ends where a terminal of this width does, with an ellipsis; 0 lets
// it be as wide as it is. Lists of facts, which have no header, are whole, and kubectl's tables as kubectl
// prints them.
void FitTables(size_t width);

}  // namespace etcdmedic::render
