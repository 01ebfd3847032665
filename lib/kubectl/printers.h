// SPDX-License-Identifier: Apache-2.0
// The tables that `kubectl get` prints: columns by resource, those of kubectl 1.33 and later. What is
// covered: docs/kubernetes.md, "Tables".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kubectl/jsonpath.h"
#include "kubectl/resources.h"
#include "text/object_tree.h"

namespace etcdmedic::kubectl {

struct CellContext {
  int64_t now = 0;  // seconds since 1970, for ages
  bool wide = false;
};

using Cell = std::string (*)(text::ObjectView object, const CellContext& context);

// A column behind NAME: a function, or what is found at `path` ("a.b" or, where that is absent, "|c.d").
struct ColumnRow {
  // kText: the fallback where there is no text; kSet: only where there is no value, as Go prints a pointer.
  enum class Form : uint8_t { kText, kSet, kCount, kAge, kFunction };
  std::string_view name;
  Form form = Form::kText;
  std::string_view path = {};
  std::string_view fallback = {};
  Cell cell = nullptr;
  bool wide = false;
};

inline constexpr ColumnRow kAge = {"AGE", ColumnRow::Form::kAge, "metadata.creationTimestamp"};

// The columns of one built-in resource.
struct PrinterRow {
  std::string_view plural;
  std::span<const ColumnRow> columns;
  bool name_last = false;  // events: NAME is last, and only in wide tables
};
std::span<const PrinterRow> WorkloadPrinters();
std::span<const PrinterRow> NetworkPrinters();
std::span<const PrinterRow> StoragePrinters();
std::span<const PrinterRow> PolicyPrinters();
std::span<const PrinterRow> ExtensionPrinters();
std::span<const PrinterRow> SchedulingPrinters();

class TablePrinter {
 public:
  // `api_version` of the objects chooses among a CustomResourceDefinition's columns. Columns that it spells
  // wrong stay empty. `resource` outlives the printer.
  TablePrinter(const Resource& resource, std::string_view api_version, const CellContext& context);

  // Names of the columns, "NAME" among them.
  std::vector<std::string> Header() const;
  // One object's cells; where `object` is none (it could not be decoded), the name and "<unknown>".
  std::vector<std::string> Row(text::ObjectView object, std::string_view name) const;

 private:
  struct Extra {
    std::string name, type;
    std::optional<JsonPath> path;
  };
  std::string ExtraCell(const Extra& extra, text::ObjectView object) const;
  std::string RowName(text::ObjectView object, std::string_view name) const;

  CellContext context_;
  std::vector<const ColumnRow*> rows_;
  std::vector<Extra> extras_;
  bool name_last_ = false;
  bool mark_default_ = false;  // storage and ingress classes: " (default)"
};

// The condition of that type in `status.conditions`, or none.
text::ObjectView ConditionOf(text::ObjectView object, std::string_view type);

// "control-plane,worker" of a Node, or "<none>".
std::string RolesOf(text::ObjectView node);

// "a,b + 2 more..." of `count` items of which `items` are the first ones; `none` for no item.
std::string MoreText(const std::vector<std::string>& items, size_t count, std::string_view none);

}  // namespace etcdmedic::kubectl
