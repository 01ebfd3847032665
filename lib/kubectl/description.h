// SPDX-License-Identifier: Apache-2.0
// What `kubectl describe` prints is made of: labelled values, lists below one another, small tables.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// A field of an object under the label that kubectl gives it.
struct DescribedField {
  // kText: `fallback` for an empty text; kGiven: the line is left out then; kSet: `fallback` for a missing
  // value, as Go prints a pointer; kTrue: "true" or "false"; kTime: a date, or `fallback`; kList and kMap:
  // Go's [a b] and map[a:b]; kReference: Go's print of a reference to a Secret; kJoined: "a,b", and
  // kJoinedIfAny: no line for an empty list.
  enum class Form : uint8_t {
    kText,
    kGiven,
    kSet,
    kTrue,
    kTime,
    kList,
    kMap,
    kReference,
    kJoined,
    kJoinedIfAny
  };
  std::string_view label;
  std::string_view path;  // "spec.nodeName"
  Form form = Form::kText;
  std::string_view fallback = {};
};

// The value of a row; nothing for a row that is not printed.
std::optional<std::string> TextOf(const DescribedField& field, text::ObjectView object);

class Description {
 public:
  // Text at a level of indentation, two blanks each; kubectl indents what follows a tab too.
  void Put(size_t level, std::string_view text);
  void Line(size_t level, std::string_view text);
  void Field(size_t level, std::string_view label, std::string_view value);
  void Fields(size_t level, std::span<const DescribedField> rows, text::ObjectView object);

  // "Labels:  a=1" and a line for each further item; "<none>" for none.
  void Items(size_t level, std::string_view title, const std::vector<std::string>& items);
  // The members of a map as "a=1".
  void Labels(size_t level, std::string_view title, text::ObjectView map);
  // As "a: 1"; long ones and those of several lines below their name. Without what `kubectl apply` keeps.
  void Annotations(std::string_view title, text::ObjectView map);
  // "Limits:" and the amounts of a map below it; nothing for an empty one.
  void Amounts(size_t level, std::string_view title, text::ObjectView map);

  // All levels up to the next call count from here.
  void Nest(size_t level) { nested_ = level; }

  // The whole, in columns.
  std::string Finish() const;

 private:
  std::string text_;
  size_t nested_ = 0;
};

// The members of a map in the order of their keys.
std::vector<text::ObjectView> Sorted(text::ObjectView map);

// The items of a list in the order of one of their fields.
std::vector<text::ObjectView> SortedBy(text::ObjectView list, std::string_view field);

// One line at least, which may be empty.
std::vector<std::string_view> LinesOf(std::string_view text);

// "[a b]" of a list of strings.
std::string GoList(text::ObjectView list);
// "a,b".
std::string Joined(text::ObjectView list, std::string_view between);

// Annotations are cut to about this many bytes, as are the attributes of CSI volumes.
constexpr size_t kLongestValue = 140;
// At most so many bytes, and "..." for the rest.
std::string Cut(std::string_view text, size_t most);

}  // namespace etcdmedic::kubectl
