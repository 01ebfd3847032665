// SPDX-License-Identifier: Apache-2.0
// A list of like rows in every format: a table, a document with a list, a line a row for NDJSON, or the first
// column alone for names. Rows stream.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/command.h"
#include "render/table.h"

namespace etcdmedic::tool {

struct Column {
  std::string_view name;                       // in documents; empty: in tables alone
  std::optional<std::string_view> title = {};  // in tables; none: in documents alone
  render::Align align = render::Align::kLeft;
};

inline constexpr auto kRight = render::Align::kRight;

// A value, or nothing (then a document leaves it out), and what a table shows instead where it shows another
// text.
struct Cell {
  using Value = std::variant<std::monostate, uint64_t, int64_t, double, bool, std::string>;
  template <class T>
  Cell(T from) : value(std::move(from)) {}
  template <class T>
  Cell(std::optional<T> from) {
    if (from) value = std::move(*from);
  }
  Cell(std::string_view from) : value(std::string(from)) {}
  Cell(Value from, std::string text) : value(std::move(from)), shown(std::move(text)) {}

  Value value;
  std::optional<std::string> shown = {};
};

// Nothing where the text is empty; then a table shows `none`.
inline Cell TextCell(const std::string& text, std::string_view none = {}) {
  return text.empty() ? Cell(std::monostate(), std::string(none)) : Cell(text);
}

// A bucket's name; the directory of buckets has none.
inline Cell BucketCell(const std::string& name) { return {name, name.empty() ? "(directory)" : name}; }

class Rows {
 public:
  Rows(Context& context, const render::ListNames& names, std::vector<Column> columns,
       const render::ListDocument::Fill& head = {});
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  // `more` writes fields into a document after those of the cells. For names the first cell counts, where it
  // has a value.
  void Add(const std::vector<Cell>& cells, const render::ListDocument::Fill& more = {});

 private:
  void AddToTable(const std::vector<Cell>& cells);

  Context& context_;
  std::vector<Column> columns_;
  std::optional<render::ListDocument> list_;
  std::optional<render::Table> table_;
};

}  // namespace etcdmedic::tool
