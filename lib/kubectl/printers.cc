// SPDX-License-Identifier: Apache-2.0
#include "kubectl/printers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "kubectl/age.h"
#include "text/time.h"

namespace etcdmedic::kubectl {
namespace {

using Form = ColumnRow::Form;

constexpr ColumnRow kPlainColumns[] = {kAge};
constexpr PrinterRow kPlain = {"", kPlainColumns};

const PrinterRow& PrinterOf(const Resource& resource) {
  if (resource.custom) return kPlain;
  for (const auto family : {WorkloadPrinters(), NetworkPrinters(), StoragePrinters(), PolicyPrinters(),
                            ExtensionPrinters(), SchedulingPrinters()}) {
    const auto found = std::ranges::find(family, resource.plural, &PrinterRow::plural);
    if (found != family.end()) return *found;
  }
  return kPlain;
}

// The first of "a.b|c.d" that is there.
text::ObjectView FirstAt(text::ObjectView object, std::string_view paths) {
  while (!paths.empty()) {
    const size_t bar = paths.find('|');
    if (const text::ObjectView value = object.At(paths.substr(0, bar))) return value;
    paths = bar == std::string_view::npos ? std::string_view() : paths.substr(bar + 1);
  }
  return {};
}

std::string CellOf(const ColumnRow& column, text::ObjectView object, const CellContext& context) {
  const text::ObjectView value = FirstAt(object, column.path);
  switch (column.form) {
    case Form::kText:
      return std::string(value.TextOr(column.fallback));
    case Form::kSet:
      return std::string(value && !value.is_null() ? value.text() : column.fallback);
    case Form::kCount:
      return fmt::format("{}", value.size());
    case Form::kAge:
      return value.text().empty() && !column.fallback.empty() ? std::string(column.fallback)
                                                              : AgeOf(value.text(), context.now);
    case Form::kFunction:
      break;
  }
  return column.cell(object, context);
}

bool IsDefaultClass(text::ObjectView object) {
  static constexpr std::string_view kAnnotations[] = {"storageclass.kubernetes.io/is-default-class",
                                                      "storageclass.beta.kubernetes.io/is-default-class",
                                                      "ingressclass.kubernetes.io/is-default-class"};
  const text::ObjectView annotations = object.At("metadata.annotations");
  return std::ranges::any_of(kAnnotations,
                             [&](std::string_view name) { return annotations[name].text() == "true"; });
}

std::string Upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

}  // namespace

TablePrinter::TablePrinter(const Resource& resource, std::string_view api_version, const CellContext& context)
    : context_(context) {
  for (const ExtraColumn& column : resource.columns) {
    const bool ours = column.version.empty() || column.version == VersionOf(api_version);
    if (!ours || (column.priority > 0 && !context.wide)) continue;
    auto path = JsonPath::Parse(column.path);
    extras_.push_back(
        {Upper(column.name), column.type, path ? std::optional(std::move(*path)) : std::nullopt});
  }
  if (!extras_.empty()) return;
  const PrinterRow& printer = PrinterOf(resource);
  name_last_ = printer.name_last;
  mark_default_ = resource.plural == "storageclasses" || resource.plural == "ingressclasses";
  for (const ColumnRow& column : printer.columns) {
    if (!column.wide || context.wide) rows_.push_back(&column);
  }
}

std::vector<std::string> TablePrinter::Header() const {
  std::vector<std::string> header;
  if (!name_last_) header.emplace_back("NAME");
  for (const ColumnRow* column : rows_) header.emplace_back(column->name);
  for (const Extra& extra : extras_) header.push_back(extra.name);
  if (name_last_ && context_.wide) header.emplace_back("NAME");
  return header;
}

std::string TablePrinter::RowName(text::ObjectView object, std::string_view name) const {
  return fmt::format("{}{}", name, mark_default_ && IsDefaultClass(object) ? " (default)" : "");
}

std::vector<std::string> TablePrinter::Row(text::ObjectView object, std::string_view name) const {
  std::vector<std::string> cells;
  if (!name_last_) cells.push_back(RowName(object, name));
  for (const ColumnRow* column : rows_)
    cells.push_back(object ? CellOf(*column, object, context_) : "<unknown>");
  for (const Extra& extra : extras_) cells.push_back(object ? ExtraCell(extra, object) : "<unknown>");
  if (name_last_ && context_.wide) cells.push_back(RowName(object, name));
  return cells;
}

std::string TablePrinter::ExtraCell(const Extra& extra, text::ObjectView object) const {
  if (!extra.path) return {};
  const auto found = extra.path->Find(object);
  if (found.empty() || found.front().is_null()) return {};
  const text::ObjectView value = found.front();
  if (extra.type == "date") {
    return text::ParseTime(value.text()) ? AgeOf(value.text(), context_.now) : "<invalid>";
  }
  std::string text;
  if (value.is_map() || value.is_list())
    value.AppendJson(text);
  else
    text = value.text();
  return text;
}

text::ObjectView ConditionOf(text::ObjectView object, std::string_view type) {
  for (const text::ObjectView condition : object.At("status.conditions")) {
    if (condition["type"].text() == type) return condition;
  }
  return {};
}

std::string MoreText(const std::vector<std::string>& items, size_t count, std::string_view none) {
  if (items.empty()) return std::string(none);
  if (count <= items.size()) return fmt::format("{}", fmt::join(items, ","));
  return fmt::format("{} + {} more...", fmt::join(items, ","), count - items.size());
}

}  // namespace etcdmedic::kubectl
