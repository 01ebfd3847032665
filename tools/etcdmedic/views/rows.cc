// SPDX-License-Identifier: Apache-2.0
#include "views/rows.h"

#include "render/text.h"
#include "text/utf8.h"

namespace etcdmedic::tool {
namespace {

using render::Format;

struct TextOfValue {
  std::string operator()(std::monostate) const { return {}; }
  std::string operator()(std::integral auto number) const { return fmt::format("{}", number); }
  std::string operator()(double percent) const { return fmt::format("{:.1f}%", percent); }
  std::string operator()(bool flag) const { return flag ? "yes" : "no"; }
  std::string operator()(const std::string& text) const { return text; }
};

std::string TextOf(const Cell& cell) {
  return cell.shown ? *cell.shown : std::visit(TextOfValue(), cell.value);
}

// A text as it is where it is one, whatever a table shows.
std::string NameOf(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell.value);
  return render::Printable(text != nullptr && text::IsUtf8(*text) ? *text : TextOf(cell));
}

void WriteCell(render::Document& document, std::string_view name, const Cell& cell) {
  std::visit(
      [&](const auto& value) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
          document.Field(name, value);
      },
      cell.value);
}

}  // namespace

Rows::Rows(Context& context, const render::ListNames& names, std::vector<Column> columns,
           const render::ListDocument::Fill& head)
    : context_(context), columns_(std::move(columns)) {
  if (context_.format == Format::kTable) {
    std::vector<render::Column> shown;
    for (const Column& column : columns_) {
      if (column.title) shown.push_back({*column.title, column.align});
    }
    table_.emplace(context_.out, std::move(shown));
  } else if (context_.format != Format::kName) {
    list_.emplace(context_.out, context_.format, names, head);
  }
}

Rows::~Rows() {
  if (list_) list_->End();
}

void Rows::Add(const std::vector<Cell>& cells, const render::ListDocument::Fill& more) {
  if (context_.format == Format::kName) {
    const Cell& name = cells.front();
    if (!std::holds_alternative<std::monostate>(name.value)) context_.out.Print("{}\n", NameOf(name));
    return;
  }
  if (table_) return AddToTable(cells);
  list_->Add([&](render::Document& document) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (!columns_[i].name.empty()) WriteCell(document, columns_[i].name, cells[i]);
    }
    if (more) more(document);
  });
}

void Rows::AddToTable(const std::vector<Cell>& cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (columns_[i].title) table_->Cell(TextOf(cells[i]));
  }
  table_->EndRow();
}

}  // namespace etcdmedic::tool
