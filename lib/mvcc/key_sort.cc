// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_sort.h"

#include <algorithm>
#include <atomic>

#include "base/parallel.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kLeastPart = 4096;  // keys; fewer are not worth a thread
constexpr size_t kStride = 7;        // bytes of a key compared at once; the eighth counts them

struct Item {
  uint64_t part = 0;  // kStride bytes of the key, big endian, and how many of them there are
  uint32_t number = 0;
};

// Keys that agree in their first `depth` bytes.
struct RunOf {
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

class Sorter {
 public:
  Sorter(std::vector<uint32_t>& numbers, const std::function<std::string_view(uint32_t)>& key_of)
      : numbers_(numbers), key_of_(key_of), items_(numbers.size()), first_(numbers.size(), 0) {}

  std::vector<bool> Run() {
    if (items_.empty()) return {};
    InParallel(items_.size(), PartsOf(items_.size(), kLeastPart), [&](size_t, size_t begin, size_t end) {
      for (size_t i = begin; i < end; ++i) items_[i] = {PartOf(key_of_(numbers_[i]), 0), numbers_[i]};
    });
    std::vector<RunOf> runs = SortRun({0, items_.size(), 0});
    ShareOut(runs);
    for (size_t i = 0; i < items_.size(); ++i) numbers_[i] = items_[i].number;
    return {first_.begin(), first_.end()};
  }

 private:
  // Sorts by the parts that are loaded and gives the runs in which keys may go on.
  std::vector<RunOf> SortRun(const RunOf& run) {
    const auto at = [&](size_t place) { return items_.begin() + static_cast<std::ptrdiff_t>(place); };
    std::sort(at(run.begin), at(run.end), [](const Item& a, const Item& b) {
      return a.part != b.part ? a.part < b.part : a.number < b.number;
    });
    std::vector<RunOf> deeper;
    for (size_t begin = run.begin; begin < run.end;) {
      size_t end = begin + 1;
      while (end < run.end && items_[end].part == items_[begin].part) ++end;
      first_[begin] = 1;
      // A part that is not full ends its key: all of this run are the same key.
      const bool full = (items_[begin].part & 0xFF) == kStride;
      if (full && end - begin > 1) deeper.push_back({begin, end, run.depth + kStride});
      begin = end;
    }
    return deeper;
  }

  void Finish(std::vector<RunOf> runs) {
    while (!runs.empty()) {
      const RunOf run = runs.back();
      runs.pop_back();
      for (size_t i = run.begin; i < run.end; ++i)
        items_[i].part = PartOf(key_of_(items_[i].number), run.depth);
      for (const RunOf& each : SortRun(run)) runs.push_back(each);
    }
  }

  // Goes on with one run alone until there are runs enough for all threads.
  void ShareOut(std::vector<RunOf> runs) {
    const size_t parts = PartsOf(items_.size(), kLeastPart);
    while (parts > 1 && runs.size() == 1) {
      const RunOf run = runs[0];
      InParallel(run.end - run.begin, parts, [&](size_t, size_t begin, size_t end) {
        for (size_t i = run.begin + begin; i < run.begin + end; ++i)
          items_[i].part = PartOf(key_of_(items_[i].number), run.depth);
      });
      runs = SortRun(run);
    }
    std::atomic<size_t> next = 0;
    InParallel(parts, parts, [&](size_t, size_t, size_t) {
      for (size_t i = next++; i < runs.size(); i = next++) Finish({runs[i]});
    });
  }

  std::vector<uint32_t>& numbers_;
  const std::function<std::string_view(uint32_t)>& key_of_;
  std::vector<Item> items_;
  std::vector<uint8_t> first_;  // bytes, so that threads may write side by side
};

}  // namespace

std::vector<bool> SortByKey(std::vector<uint32_t>& numbers,
                            const std::function<std::string_view(uint32_t)>& key_of) {
  return Sorter(numbers, key_of).Run();
}

}  // namespace etcdmedic::mvcc
