// SPDX-License-Identifier: Apache-2.0
#include "views/rows.h"

#include "render/table.h"
#include "render/text.h"

namespace etcdmedic::tool {
namespace {

using render::Format;

std::string TextOf(const Cell& cell) {
  if (const auto* number = std::get_if<uint64_t>(&cell)) return fmt::format("{}", *number);
  if (const auto* share = std::get_if<double>(&cell)) return fmt::format("{:.1f}%", *share);
  return render::Printable(std::get<std::string>(cell));
}

}  // namespace

Rows::Rows(Context& context, std::string_view schema, std::vector<Column> columns)
    : context_(context),
      schema_(schema),
      columns_(std::move(columns)),
      document_(context.out, context.format) {
  if (context_.format == Format::kTable) {
    std::vector<render::Column> shown;
    for (const Column& column : columns_) shown.push_back({column.title, column.align});
    table_.emplace(context.out, std::move(shown));
  } else if (context_.format == Format::kYaml || context_.format == Format::kJson) {
    document_.BeginMap();
    document_.Field("schema", schema_);
    document_.Key("rows");
    document_.BeginList();
  }
}

Rows::~Rows() {
  if (context_.format != Format::kYaml && context_.format != Format::kJson) return;
  document_.EndList();
  document_.EndMap();
}

void Rows::Add(const std::vector<Cell>& cells) {
  if (context_.format == Format::kTable) return AddToTable(cells);
  if (context_.format == Format::kName) return context_.out.Print("{}\n", TextOf(cells.front()));
  document_.BeginMap();
  if (context_.format == Format::kNdjson) document_.Field("schema", schema_);
  for (size_t i = 0; i < cells.size(); ++i) {
    if (const auto* number = std::get_if<uint64_t>(&cells[i])) {
      document_.Field(columns_[i].name, *number);
    } else if (const auto* share = std::get_if<double>(&cells[i])) {
      document_.Field(columns_[i].name, fmt::format("{:.1f}", *share));
    } else {
      document_.FieldBytes(columns_[i].name, AsBytes(std::get<std::string>(cells[i])));
    }
  }
  document_.EndMap();
}

void Rows::AddToTable(const std::vector<Cell>& cells) {
  for (const Cell& cell : cells) {
    const auto* text = std::get_if<std::string>(&cell);
    table_->Cell(text != nullptr ? *text : TextOf(cell));
  }
  table_->EndRow();
}

}  // namespace etcdmedic::tool
