// SPDX-License-Identifier: Apache-2.0
// kubectl's selectors: -l by labels, --field-selector by fields. docs/kubernetes.md, "Selectors".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/object_tree.h"

namespace etcdmedic::kubectl {

// "a=b,c!=d,e in (x,y),f notin (z),g,!h,i>3".
class LabelSelector {
 public:
  // Errors: kUsage.
  static Result<LabelSelector> Parse(std::string_view text);

  bool empty() const { return requirements_.empty(); }
  // `labels`: a map of strings, or none.
  bool Matches(text::ObjectView labels) const;

 private:
  enum class Operator : uint8_t { kIn, kNotIn, kExists, kAbsent, kGreater, kLess };
  struct Requirement {
    std::string key;
    Operator op = Operator::kExists;
    std::vector<std::string> values;
  };
  friend class LabelSelectorParser;
  static bool Holds(const Requirement& requirement, text::ObjectView labels);
  std::vector<Requirement> requirements_;
};

// "status.phase=Running,spec.nodeName!=n1". Any path to a scalar will do, also those that an API server would
// refuse; `source` of events and fields with a default are read as it does.
class FieldSelector {
 public:
  // Errors: kUsage.
  static Result<FieldSelector> Parse(std::string_view text);

  bool empty() const { return terms_.empty(); }
  bool Matches(text::ObjectView object) const;

 private:
  struct Term {
    std::string path, value;
    bool equal = true;
  };
  std::vector<Term> terms_;
};

// A LabelSelector object (matchLabels, matchExpressions) as kubectl prints it; "<none>" where it is empty.
std::string SelectorText(text::ObjectView selector);
// A map as "a=b,c=d" in the order of its keys; "<none>" where it is empty.
std::string LabelsText(text::ObjectView labels);

}  // namespace etcdmedic::kubectl
