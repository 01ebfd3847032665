// SPDX-License-Identifier: Apache-2.0
// What the sections of a page are made of: tables, legends, sentences, numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html/picture.h"
#include "html/writer.h"

namespace etcdmedic::tool {

// Of keys and names in a page.
inline constexpr size_t kLongestName = 200;

// "12,345".
std::string Grouped(uint64_t number);
inline std::string Grouped(int64_t number) {
  return number < 0 ? std::to_string(number) : Grouped(static_cast<uint64_t>(number));
}
// "1 key", "12,345 keys".
std::string Counted(uint64_t number, std::string_view noun);

// A sentence; what stands between backquotes is code.
void Prose(html::Writer& page, std::string_view tag, std::string_view text, html::Attributes attributes = {});

// Bytes of a file, each direction of writing for itself; what is cut off is told by its size.
void Name(html::Writer& page, std::string_view name);

// A section with its heading, open as long as this.
class Section {
 public:
  // `level` 2 or 3.
  Section(html::Writer& page, int level, std::string_view title, const std::string& id);

 private:
  html::Writer::Scope scope_;
};

struct PageColumn {
  std::string_view title;
  bool numeric = false;
};

// A table; rows are written between its construction and its end, cells in the order of columns. The first
// cell of a row is its heading.
class PageTable {
 public:
  PageTable(html::Writer& page, std::string_view caption, std::vector<PageColumn> columns);

  // Begins a row with its heading.
  class Row {
   public:
    explicit Row(PageTable& table) : table_(table), scope_(table.page_.In("tr")) { table_.at_ = 0; }
    Row& Text(std::string_view text);
    Row& Code(std::string_view text);  // ids
    Row& Name(std::string_view name);  // bytes of a file
    Row& Number(uint64_t number) { return Text(Grouped(number)); }
    Row& Number(int64_t number) { return Text(Grouped(number)); }
    Row& Size(uint64_t bytes);
    // Two amounts as a share of the greatest: what there is now, and in history.
    Row& Bar(uint64_t now, uint64_t history, uint64_t greatest);

   private:
    html::Writer::Scope Cell();
    PageTable& table_;
    html::Writer::Scope scope_;
  };

 private:
  friend class Row;
  html::Writer& page_;
  std::vector<PageColumn> columns_;
  size_t at_ = 0;
  html::Writer::Scope region_, table_;
};

// What the colours of a picture mean.
struct LegendItem {
  std::string_view css_class;  // of the boxes
  std::string text;            // may hold a name from a file
  std::string amount = {};
};
void Legend(html::Writer& page, const std::vector<LegendItem>& items);

// The ends of a picture's axis, and what stands between them.
void Axis(html::Writer& page, std::string_view left, std::string_view middle, std::string_view right);

}  // namespace etcdmedic::tool
