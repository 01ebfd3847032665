// SPDX-License-Identifier: Apache-2.0
#include "text/tree_path.h"

#include <algorithm>

#include "text/json_writer.h"

namespace etcdmedic::text {
namespace {

constexpr size_t kLongestKey = 64;

bool IsName(std::string_view key) {
  return !key.empty() && key.size() <= kLongestKey && std::ranges::all_of(key, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
}

}  // namespace

std::string TreePath::Text(const ObjectTree& tree) const {
  std::string text;
  for (size_t i = 0; i < depth_; ++i) {
    const Step& step = steps_[i];
    if (step.number == kNowhere) break;
    if (!step.key) {
      text += "[" + std::to_string(step.number) + "]";
      continue;
    }
    const std::string_view key = tree.At(step.number).text();
    if (IsName(key)) {
      if (!text.empty()) text += '.';
      text += key;
    } else {
      text += '[';
      AppendGoJsonString(text, key.substr(0, kLongestKey));
      text += ']';
    }
  }
  return text;
}

}  // namespace etcdmedic::text
