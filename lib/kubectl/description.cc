// SPDX-License-Identifier: Apache-2.0
#include "kubectl/description.h"

#include <fmt/format.h>

#include <algorithm>

#include "kubectl/age.h"
#include "kubectl/jsonpath.h"
#include "kubectl/tab_writer.h"

namespace etcdmedic::kubectl {
namespace {

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

std::string GoText(text::ObjectView value) {
  std::string text;
  AppendGoText(text, value);
  return text;
}

std::string ReferenceText(text::ObjectView reference) {
  return reference.is_map() ? fmt::format("&LocalObjectReference{{Name:{},}}", reference["name"].TextOr(""))
                            : "nil";
}

}  // namespace

std::optional<std::string> TextOf(const DescribedField& field, text::ObjectView object) {
  using Form = DescribedField::Form;
  const text::ObjectView value = object.At(field.path);
  const std::string_view text = value.TextOr(field.fallback);
  switch (field.form) {
    case Form::kGiven:
      if (text.empty()) return std::nullopt;
      break;
    case Form::kTrue:
      return value.is_true() ? "true" : "false";
    case Form::kTime:
      return value.TextOr("").empty() ? std::string(field.fallback) : LongTime(text);
    case Form::kSet:
      return std::string(value ? value.TextOr("") : field.fallback);
    case Form::kList:
      return GoList(value);
    case Form::kMap:
      return value.is_map() ? GoText(value) : "map[]";
    case Form::kReference:
      return ReferenceText(value);
    case Form::kJoinedIfAny:
      return value.size() == 0 ? std::nullopt : std::optional(Joined(value, ","));
    case Form::kJoined:
      return value.size() == 0 ? std::string(field.fallback) : Joined(value, ",");
    case Form::kText:
      break;
  }
  return std::string(text);
}

void Description::Put(size_t level, std::string_view text) {
  text_.append(2 * (level + nested_), ' ');
  for (const char c : text) {
    if (c == '\x1b')
      text_ += "^[";  // as kubectl has it
    else
      text_ += c;
  }
}

void Description::Line(size_t level, std::string_view text) {
  Put(level, text);
  text_ += '\n';
}

void Description::Field(size_t level, std::string_view label, std::string_view value) {
  Line(level, fmt::format("{}:\t{}", label, value));
}

void Description::Fields(size_t level, std::span<const DescribedField> rows, text::ObjectView object) {
  for (const DescribedField& row : rows) {
    if (const auto text = TextOf(row, object)) Field(level, row.label, *text);
  }
}

void Description::Items(size_t level, std::string_view title, const std::vector<std::string>& items) {
  Put(level, fmt::format("{}:\t", title));
  if (items.empty()) Line(0, "<none>");
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      Put(level, "");
      Put(level, "\t");
    }
    Line(level, items[i]);
  }
}

void Description::Labels(size_t level, std::string_view title, text::ObjectView map) {
  std::vector<std::string> items;
  for (const text::ObjectView each : Sorted(map))
    items.push_back(fmt::format("{}={}", each.key(), each.text()));
  Items(level, title, items);
}

void Description::Annotations(std::string_view title, text::ObjectView map) {
  std::vector<text::ObjectView> shown = Sorted(map);
  std::erase_if(shown, [](text::ObjectView each) { return each.key() == kLastApplied; });
  Put(0, fmt::format("{}:\t", title));
  if (shown.empty()) return Line(0, "<none>");
  for (size_t i = 0; i < shown.size(); ++i) {
    if (i > 0) Put(0, "\t");
    std::string_view value = shown[i].text();
    if (value.ends_with('\n')) value.remove_suffix(1);
    const std::string_view key = shown[i].key();
    if (value.size() + key.size() + 2 <= kLongestValue && value.find('\n') == std::string_view::npos) {
      Line(0, fmt::format("{}: {}", key, value));
      continue;
    }
    Line(0, fmt::format("{}:", key));
    for (const std::string_view line : LinesOf(value))
      Line(0, fmt::format("\t  {}", Cut(line, kLongestValue - 2)));
  }
}

void Description::Amounts(size_t level, std::string_view title, text::ObjectView map) {
  if (map.size() == 0) return;
  Line(level, fmt::format("{}:", title));
  for (const text::ObjectView each : Sorted(map)) Field(level + 1, each.key(), each.text());
}

std::string Description::Finish() const { return AlignTabs(text_, 2); }

std::string Cut(std::string_view text, size_t most) {
  return text.size() > most ? std::string(text.substr(0, most)) + "..." : std::string(text);
}

std::vector<text::ObjectView> Sorted(text::ObjectView map) {
  std::vector<text::ObjectView> members(map.begin(), map.end());
  std::ranges::stable_sort(members, {}, &text::ObjectView::key);
  return members;
}

std::vector<text::ObjectView> SortedBy(text::ObjectView list, std::string_view field) {
  std::vector<text::ObjectView> items(list.begin(), list.end());
  std::ranges::stable_sort(items, {}, [&](text::ObjectView item) { return item[field].TextOr(""); });
  return items;
}

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string GoList(text::ObjectView list) { return list.is_list() ? GoText(list) : "[]"; }

std::string Joined(text::ObjectView list, std::string_view between) {
  std::string text;
  for (const text::ObjectView item : list) (text += text.empty() ? "" : between) += item.text();
  return text;
}

}  // namespace etcdmedic::kubectl
