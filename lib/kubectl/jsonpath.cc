// SPDX-License-Identifier: Apache-2.0
#include "kubectl/jsonpath.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace etcdmedic::kubectl {
namespace {

// Every value below `value` that is a map or list, itself first, in document order.
void Descend(text::ObjectView value, std::vector<text::ObjectView>& out) {
  std::vector<text::ObjectView> open{value};
  while (!open.empty()) {
    const text::ObjectView next = open.back();
    open.pop_back();
    if (!next.is_map() && !next.is_list()) continue;
    out.push_back(next);
    const size_t mark = open.size();
    for (const text::ObjectView member : next) open.push_back(member);
    std::reverse(open.begin() + static_cast<std::ptrdiff_t>(mark), open.end());
  }
}

std::optional<double> NumberOf(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  return end == copy.c_str() + copy.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<text::ObjectView> JsonPath::Find(text::ObjectView root) const { return Walk(steps_, root); }

std::vector<text::ObjectView> JsonPath::Walk(const std::vector<Step>& steps, text::ObjectView root) {
  std::vector<text::ObjectView> values{root};
  for (const Step& step : steps) {
    std::vector<text::ObjectView> next;
    for (const text::ObjectView value : values) Apply(step, value, next);
    values = std::move(next);
  }
  return values;
}

void JsonPath::Apply(const Step& step, text::ObjectView value, std::vector<text::ObjectView>& out) {
  const auto size = static_cast<int64_t>(value.size());
  switch (step.what) {
    case Step::What::kKey:
      for (const std::string& key : step.keys) {
        if (const text::ObjectView member = value[key]) out.push_back(member);
      }
      for (const int64_t index : step.indexes) {
        const int64_t at = index < 0 ? index + size : index;
        if (value.is_list() && at >= 0 && at < size) out.push_back(value.Item(static_cast<size_t>(at)));
      }
      return;
    case Step::What::kSlice: {
      if (!value.is_list()) return;
      const auto place = [&](int64_t index) {
        return std::clamp<int64_t>(index < 0 ? index + size : index, 0, size);
      };
      int64_t at = 0;
      const int64_t from = place(step.indexes[0]), to = step.to_end ? size : place(step.indexes[1]);
      for (const text::ObjectView item : value) {
        if (at >= from && at < to && (at - from) % step.indexes[2] == 0) out.push_back(item);
        ++at;
      }
      return;
    }
    case Step::What::kAll:
      for (const text::ObjectView member : value) out.push_back(member);
      return;
    case Step::What::kDescend:
      return Descend(value, out);
    case Step::What::kFilter:
      if (!value.is_list()) return;
      for (const text::ObjectView item : value) {
        if (Holds(step, item)) out.push_back(item);
      }
      return;
  }
}

bool JsonPath::Holds(const Step& filter, text::ObjectView item) {
  if (filter.compare == Compare::kExists) {
    return !filter.operands[0].is_path || !Walk(filter.operands[0].path, item).empty();
  }
  return Compares(filter.operands[0], filter.compare, filter.operands[1], item);
}

bool JsonPath::Compares(const Operand& left, Compare compare, const Operand& right, text::ObjectView item) {
  const auto text_of = [&](const Operand& operand) -> std::optional<std::string> {
    if (!operand.is_path) return operand.literal;
    const auto found = Walk(operand.path, item);
    return found.empty() ? std::nullopt : std::optional(std::string(found.front().text()));
  };
  const auto a = text_of(left), b = text_of(right);
  if (!a || !b) return false;
  const auto x = NumberOf(*a), y = NumberOf(*b);
  const bool numbers = x && y && !left.is_text && !right.is_text;
  const int order = numbers ? (*x < *y ? -1 : *x > *y ? 1 : 0) : a->compare(*b);
  switch (compare) {
    case Compare::kEqual:
      return order == 0;
    case Compare::kNotEqual:
      return order != 0;
    case Compare::kLess:
      return order < 0;
    case Compare::kLessOrEqual:
      return order <= 0;
    case Compare::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

// Exponents have two digits at least in Go: 1e-07.
void AppendGoNumber(std::string& out, std::string_view number) {
  const size_t sign = number.find_last_of("+-");
  const bool one_digit = sign != std::string_view::npos && sign > 0 && sign + 2 == number.size();
  out += one_digit ? number.substr(0, sign + 1) : number;
  if (one_digit) (out += '0') += number.back();
}

void AppendGoText(std::string& out, text::ObjectView value) {
  if (value.kind() == text::NodeKind::kNumber) return AppendGoNumber(out, value.text());
  if (!value.is_map() && !value.is_list()) {
    out += value.is_null() ? "<nil>" : value.text();
    return;
  }
  // Go prints maps by their keys' order; a tree is not deep.
  std::vector<text::ObjectView> members(value.begin(), value.end());
  if (value.is_map()) std::ranges::stable_sort(members, {}, &text::ObjectView::key);
  out += value.is_map() ? "map[" : "[";
  for (size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += ' ';
    if (value.is_map()) (out += members[i].key()) += ':';
    AppendGoText(out, members[i]);
  }
  out += ']';
}

}  // namespace etcdmedic::kubectl
