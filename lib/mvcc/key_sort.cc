// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_sort.h"

#include <algorithm>

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kStride = 7;  // bytes of a key compared at once; the eighth counts them

struct Item {
  uint64_t part = 0;  // kStride bytes of the key, big endian, and how many of them there are
  uint32_t number = 0;
};

// Keys that agree in their first `depth` bytes.
struct Run {
  size_t begin;
  size_t end;
  size_t depth;
};

uint64_t PartOf(std::string_view key, size_t depth) {
  const std::string_view rest = key.substr(std::min(depth, key.size()));
  const size_t size = std::min(rest.size(), kStride);
  uint64_t part = 0;
  for (size_t i = 0; i < kStride; ++i)
    part = part << 8 | (i < size ? static_cast<unsigned char>(rest[i]) : 0U);
  return part << 8 | size;
}

}  // namespace

void SortByKey(uint32_t count, const std::function<std::string_view(uint32_t)>& key_of,
               std::vector<uint32_t>& order, std::vector<bool>& first) {
  std::vector<Item> items(count);
  for (uint32_t i = 0; i < count; ++i) items[i].number = i;
  std::vector<Run> runs;
  if (count > 0) runs.push_back({0, count, 0});
  while (!runs.empty()) {
    const Run run = runs.back();
    runs.pop_back();
    for (size_t i = run.begin; i < run.end; ++i) items[i].part = PartOf(key_of(items[i].number), run.depth);
    std::sort(items.begin() + static_cast<std::ptrdiff_t>(run.begin),
              items.begin() + static_cast<std::ptrdiff_t>(run.end), [](const Item& a, const Item& b) {
                return a.part != b.part ? a.part < b.part : a.number < b.number;
              });
    first[run.begin] = true;
    for (size_t begin = run.begin; begin < run.end;) {
      size_t end = begin + 1;
      while (end < run.end && items[end].part == items[begin].part) ++end;
      first[begin] = true;
      // A part that is not full ends its key: all of this run are the same key.
      if (end - begin > 1 && (items[begin].part & 0xFF) == kStride)
        runs.push_back({begin, end, run.depth + kStride});
      begin = end;
    }
  }
  for (uint32_t i = 0; i < count; ++i) order[i] = items[i].number;
}

}  // namespace etcdmedic::mvcc
