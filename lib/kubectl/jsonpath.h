// SPDX-License-Identifier: Apache-2.0
// The JSONPath that kubectl's custom-columns and a CRD's printer columns are written in. What is taken and
// what not: docs/kubernetes.md, "JSONPath".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "text/object_tree.h"

namespace etcdmedic::kubectl {

class JsonPath {
 public:
  // ".a.b[0]", "['a.b']", "[*]", "..a", "[-1]", "[1:3]", "[0:6:2]", "[?(@.type=="Ready")]"; braces around it
  // and the first dot may be there or not. Errors: kUsage, with the place in the expression as offset.
  static Result<JsonPath> Parse(std::string_view expression);

  // What the path leads to in `root`, in order; nothing where it leads nowhere.
  std::vector<text::ObjectView> Find(text::ObjectView root) const;

 private:
  friend class JsonPathParser;
  enum class Compare : uint8_t { kExists, kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  struct Step;
  struct Operand {  // a path below the item, or a literal
    std::vector<Step> path;
    std::string literal;
    bool is_path = false;
    bool is_text = false;
  };
  struct Step {
    enum class What : uint8_t { kKey, kSlice, kAll, kDescend, kFilter };
    What what = What::kKey;
    std::vector<std::string> keys = {};
    std::vector<int64_t> indexes = {};  // of kKey: items of a list; of kSlice: from, to and step
    bool to_end = false;
    Compare compare = Compare::kExists;
    std::vector<Operand> operands = {};
  };
  static std::vector<text::ObjectView> Walk(const std::vector<Step>& steps, text::ObjectView root);
  static void Apply(const Step& step, text::ObjectView value, std::vector<text::ObjectView>& out);
  static bool Holds(const Step& filter, text::ObjectView item);
  static bool Compares(const Operand& left, Compare compare, const Operand& right, text::ObjectView item);

  std::vector<Step> steps_;
};

// A number as Go prints a float64.
void AppendGoNumber(std::string& out, std::string_view number);
// As kubectl prints a found value in a column: text as it is, Go's map[a:1] and [1 2] for the rest.
void AppendGoText(std::string& out, text::ObjectView value);

}  // namespace etcdmedic::kubectl
