// SPDX-License-Identifier: Apache-2.0
// A list of like rows in every format: a table, a document with "rows", a document a row for NDJSON, or the
// first column alone for names. Rows stream.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/command.h"
#include "render/table.h"

namespace etcdmedic::tool {

struct Column {
  std::string_view name;   // in documents
  std::string_view title;  // in tables
  render::Align align = render::Align::kLeft;
};

inline constexpr auto kRight = render::Align::kRight;

using Cell = std::variant<uint64_t, std::string, double>;

class Rows {
 public:
  Rows(Context& context, std::string_view schema, std::vector<Column> columns);
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  void Add(const std::vector<Cell>& cells);

 private:
  void AddToTable(const std::vector<Cell>& cells);
  Context& context_;
  std::string schema_;
  std::vector<Column> columns_;
  render::Document document_;
  std::optional<render::Table> table_;
};

}  // namespace etcdmedic::tool
