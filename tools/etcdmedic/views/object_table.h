// SPDX-License-Identifier: Apache-2.0
// Columns laid out as kubectl lays them out: three blanks between them, none behind the last.
#pragma once

#include <string>
#include <vector>

#include "render/output.h"

namespace etcdmedic::tool {

// Keeps a block of rows to find the widths, then prints them; later blocks keep the widths and may widen
// them. So a table of any length streams.
class ObjectTable {
 public:
  explicit ObjectTable(render::Output& out) : out_(out) {}
  ~ObjectTable() { Flush(); }
  ObjectTable(const ObjectTable&) = delete;
  ObjectTable& operator=(const ObjectTable&) = delete;

  void Add(std::vector<std::string> cells);
  // Prints what is kept, and forgets the widths.
  void Flush();

 private:
  static constexpr size_t kBlock = 1000;
  void Print();
  render::Output& out_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> widths_;
};

}  // namespace etcdmedic::tool
