// SPDX-License-Identifier: Apache-2.0
// bbolt's check of the order of keys, as far as its first message goes: depth first, each key of a branch
// before what lies below it, against the separators as they stand.
#include <fmt/format.h>

#include <vector>

#include "bolt/leaf_check.h"

namespace etcdmedic::bolt {
namespace {

std::string Hex(Bytes bytes) {
  std::string hex;
  for (const std::byte byte : bytes) hex += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return hex;
}

struct Level {
  Node node;
  Bytes low, high;  // high is empty where it is open
  Bytes before;
  uint32_t at = 0;
};

std::string Words(const Level& level, Bytes key) {
  const std::string head = "freepages: failed to get all reachable pages (";
  const std::string place = fmt::format("key[{}]=(hex){} on {} page({}) needs to be", level.at, Hex(key),
                                        level.node.leaf ? "leaf" : "branch", level.node.page);
  if (level.at == 0 && AsText(key) < AsText(level.low))
    return head + "the first " + place + " >= the key in the ancestor";
  if (level.at > 0 && AsText(key) <= AsText(level.before))
    return head + place + " > (found <) than previous element";
  if (!level.high.empty() && AsText(key) >= AsText(level.high))
    return head + place + " < than key of the next element in ancestor";
  return {};
}

}  // namespace

std::optional<std::string> OrderFault(const Pages& pages, uint64_t root) {
  const NodeRead read = pages.Read(root);
  if (!read.usable) return std::nullopt;
  std::vector<Level> way{{read.node, {}, {}, {}, 0}};
  Element element, next;
  for (uint64_t steps = 0; !way.empty() && steps < pages.db.size(); ++steps) {
    Level& level = way.back();
    if (level.at >= level.node.count || !ReadElement(level.node, level.at, element)) {
      way.pop_back();
      continue;
    }
    if (auto words = Words(level, element.key); !words.empty()) return words;
    level.before = element.key;
    const bool last = level.at + 1 >= level.node.count || !ReadElement(level.node, level.at + 1, next);
    const Bytes high = last ? level.high : next.key;
    ++level.at;
    if (level.node.leaf) continue;
    const NodeRead child = pages.Read(element.child);
    if (child.usable && way.size() < kDeepest) way.push_back({child.node, element.key, high, {}, 0});
  }
  return std::nullopt;
}

}  // namespace etcdmedic::bolt
