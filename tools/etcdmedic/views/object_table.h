// SPDX-License-Identifier: Apache-2.0
// A row of an object as kubectl prints it.
#pragma once

#include <string>
#include <vector>

#include "render/table.h"

namespace etcdmedic::tool {

// Adds a row whose cells are cut at their first line break, as kubectl cuts them.
void AddObjectRow(render::Table& table, const std::vector<std::string>& cells);

}  // namespace etcdmedic::tool
