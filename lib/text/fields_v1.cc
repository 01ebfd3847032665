// SPDX-License-Identifier: Apache-2.0
#include "text/fields_v1.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <vector>

#include "text/json_text.h"

namespace etcdmedic::text {
namespace {

// The rank of a path element by its letter: fields, then keys, values, indexes.
size_t RankOf(std::string_view key) {
  if (key == ".") return 0;
  const size_t at =
      key.size() > 1 && key[1] == ':' ? std::string_view("fkvi").find(key[0]) : std::string_view::npos;
  return at == std::string_view::npos ? 5 : at + 1;
}

double NumberOf(ObjectView value) {
  double number = 0;
  const std::string_view text = value.text();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Numbers before strings before booleans; numbers by value, strings bytewise.
std::partial_ordering Compare(ObjectView a, ObjectView b) {
  const auto rank = [](ObjectView value) {
    return value.kind() == NodeKind::kNumber ? 0 : value.is_string() ? 1 : IsContainer(value.kind()) ? 3 : 2;
  };
  if (rank(a) != rank(b)) return rank(a) <=> rank(b);
  if (rank(a) == 0) return NumberOf(a) <=> NumberOf(b);
  return a.text() <=> b.text();
}

std::vector<ObjectView> Sorted(ObjectView map) {
  std::vector<ObjectView> members(map.begin(), map.end());
  std::ranges::stable_sort(members, {}, &ObjectView::key);
  return members;
}

bool KeysLess(ObjectView a, ObjectView b) {
  const auto left = Sorted(a), right = Sorted(b);
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (left[i].key() != right[i].key()) return left[i].key() < right[i].key();
    if (const auto order = Compare(left[i], right[i]); order != 0) return order < 0;
  }
  return left.size() < right.size();
}

}  // namespace

bool FieldsV1Less(std::string_view a, std::string_view b) {
  const size_t rank = RankOf(a);
  if (rank != RankOf(b)) return rank < RankOf(b);
  if (rank < 2 || rank == 5) return a < b;
  ObjectTree left, right;
  if (ReadJson(a.substr(2), left) || ReadJson(b.substr(2), right)) return a < b;
  const ObjectView x = left.root(), y = right.root();
  return x.is_map() && y.is_map() ? KeysLess(x, y) : Compare(x, y) < 0;
}

}  // namespace etcdmedic::text
