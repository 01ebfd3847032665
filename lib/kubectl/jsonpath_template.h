// SPDX-License-Identifier: Apache-2.0
// kubectl's -o jsonpath: text with paths in braces. docs/kubernetes.md, "JSONPath".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kubectl/jsonpath.h"

namespace etcdmedic::kubectl {

class JsonPathTemplate {
 public:
  // "{.metadata.name}{"\n"}", "{range .items[*]}{.metadata.name} {end}". Errors: kUsage, as JsonPath::Parse,
  // and for braces or ranges that do not close.
  static Result<JsonPathTemplate> Parse(std::string_view text);

  // Several values of one path are printed with blanks between them, lists and maps as JSON.
  void Run(text::ObjectView root, std::string& out) const;
  // Each text and each path of the template as a JSON list of what it gives, as `-o jsonpath-as-json` prints.
  void RunAsJson(text::ObjectView root, std::string& out) const;

 private:
  enum class What : uint8_t { kText, kPath, kRange };
  struct Part {
    What what = What::kText;
    std::string text = {};
    JsonPath path = {};
    std::vector<Part> inner = {};  // of kRange
  };
  static Result<std::vector<Part>> Parts(std::string_view& text, int depth);
  static Result<Part> Braces(std::string_view inside, std::string_view& text, int depth);
  // `as_json`: each part as a list.
  static void RunParts(const std::vector<Part>& parts, text::ObjectView root, bool as_json, std::string& out);

  std::vector<Part> parts_;
};

}  // namespace etcdmedic::kubectl
