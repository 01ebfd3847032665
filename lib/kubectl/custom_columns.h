// SPDX-License-Identifier: Apache-2.0
// The columns of kubectl's -o custom-columns. docs/kubernetes.md, "JSONPath".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kubectl/jsonpath.h"

namespace etcdmedic::kubectl {

struct CustomColumn {
  std::string header;
  JsonPath path;

  // What the path leads to, with commas between; <none> where it leads nowhere.
  std::string Cell(text::ObjectView object) const;
};

// "NAME:.metadata.name,NODE:.spec.nodeName". Errors: kUsage, as JsonPath::Parse, and for a column without a
// header or a path.
Result<std::vector<CustomColumn>> ParseCustomColumns(std::string_view spec);

// What -o custom-columns-file reads: a line of headers and a line of paths, with space between them; what
// follows is not looked at. Errors: kUsage, as JsonPath::Parse, and where there are not as many of one as of
// the other.
Result<std::vector<CustomColumn>> ParseCustomColumnsFile(std::string_view text);

}  // namespace etcdmedic::kubectl
