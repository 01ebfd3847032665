// SPDX-License-Identifier: Apache-2.0
#include "views/object_table.h"

namespace etcdmedic::tool {

void AddObjectRow(render::Table& table, const std::vector<std::string>& cells) {
  for (const std::string& cell : cells) {
    const size_t line = cell.find_first_of("\f\n\r");
    table.Cell(line == std::string::npos ? cell : cell.substr(0, line) + "...");
  }
  table.EndRow();
}

}  // namespace etcdmedic::tool
