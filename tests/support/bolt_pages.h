// SPDX-License-Identifier: Apache-2.0
// A few pages of a bolt file, written by hand, for what reads pages one by one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bolt/node.h"
#include "support/db_builder.h"

namespace etcdmedic::support {

// Pages 0 and 1 are empty; page 2 is a leaf of three entries, page 3 a branch of two, page 4 another leaf.
struct BoltPages {
  static constexpr uint32_t kPage = 1024;

  std::string bytes = std::string(5 * kPage, '\0');
  uint64_t high_water = 5;
  BoltPages() {
    Leaf(2, {{"aa", "1"}, {"bb", "22"}, {"cc", "333"}});
    Branch(3, {{"aa", 2}, {"mm", 4}});
    Leaf(4, {{"mm", "x"}});
  }
  void Put(size_t at, const std::string& what) { bytes.replace(at, what.size(), what); }
  void Header(uint64_t page, uint16_t flags, size_t count) {
    Put(page * kPage,
        LittleEndian(page, 8) + LittleEndian(flags, 2) + LittleEndian(count, 2) + LittleEndian(0, 4));
  }
  void Leaf(uint64_t page, const std::vector<std::pair<std::string, std::string>>& entries) {
    Header(page, bolt::kLeafPage, entries.size());
    std::string elements, data;
    for (size_t i = 0; i < entries.size(); ++i) {
      const auto& [key, value] = entries[i];
      elements += LittleEndian(0, 4) + LittleEndian(16 * (entries.size() - i) + data.size(), 4) +
                  LittleEndian(key.size(), 4) + LittleEndian(value.size(), 4);
      data += key + value;
    }
    Put(page * kPage + bolt::kHeaderSize, elements + data);
  }
  void Branch(uint64_t page, const std::vector<std::pair<std::string, uint64_t>>& children) {
    Header(page, bolt::kBranchPage, children.size());
    std::string elements, data;
    for (size_t i = 0; i < children.size(); ++i) {
      const auto& [key, child] = children[i];
      elements += LittleEndian(16 * (children.size() - i) + data.size(), 4) + LittleEndian(key.size(), 4) +
                  LittleEndian(child, 8);
      data += key;
    }
    Put(page * kPage + bolt::kHeaderSize, elements + data);
  }
  bolt::Pages pages() const { return {AsBytes(bytes), kPage, high_water}; }
  bolt::NodeRead Read(uint64_t page) const { return pages().Read(page); }
};

}  // namespace etcdmedic::support
