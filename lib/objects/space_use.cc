// SPDX-License-Identifier: Apache-2.0
#include "objects/space_use.h"

namespace etcdmedic::objects {

KeyUse UseOf(const mvcc::KeyIndex& index, mvcc::Numbers numbers) {
  KeyUse use{index.At(numbers.back()), numbers.size(), 0};
  for (const uint32_t number : numbers)
    use.history += index.table().KeySize(number) + index.table().ValueAt(number).size();
  return use;
}

void SpaceUse::Add(const KeyUse& key) {
  keys += key.exists() ? 1 : 0;
  size += key.size();
  revisions += key.revisions;
  history += key.history;
}

std::string_view PrefixOf(std::string_view key, uint64_t depth) {
  size_t at = key.starts_with('/') ? 1 : 0;
  for (uint64_t part = 0; part < depth; ++part) {
    at = key.find('/', at);
    if (at == std::string_view::npos) return key;
    ++at;
  }
  return key.substr(0, at);
}

std::string_view FolderOf(std::string_view key, uint64_t depth) {
  size_t end = key.starts_with('/') ? 1 : 0;
  for (uint64_t part = 0; part < depth; ++part) {
    const size_t slash = key.find('/', end);
    if (slash == std::string_view::npos) break;
    end = slash + 1;
  }
  return key.substr(0, end);
}

}  // namespace etcdmedic::objects
