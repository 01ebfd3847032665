// SPDX-License-Identifier: Apache-2.0
#include "mvcc/key_sort.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <string_view>

#include "base/parallel.h"
#include "mvcc/key_value.h"

namespace etcdmedic::mvcc {
namespace {

constexpr size_t kLeastPart = 4096;  // entries; fewer are not worth a thread
constexpr size_t kStride = 15;       // bytes of a key compared at once; a sixteenth counts them
constexpr size_t kSample = 32;       // keys looked at to guess what a run has in common

// kStride bytes of a key, big endian, and how many of them there are.
struct Part {
  uint64_t high = 0;
  uint64_t low = 0;
  friend auto operator<=>(const Part&, const Part&) = default;
  bool full() const { return (low & 0xFF) == kStride; }
};

struct Item {
  Part part;
  uint32_t number = 0;
};

// Keys that agree in their first `depth` bytes.
struct Run {
  size_t begin;
  size_t end;
  size_t depth;
};

uint64_t BigEndian(const unsigned char* bytes) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

Part PartOf(std::string_view key, size_t depth) {
  const std::string_view rest = key.substr(std::min(depth, key.size()));
  unsigned char bytes[16] = {};
  const size_t size = std::min(rest.size(), kStride);
  std::memcpy(bytes, rest.data(), size);
  bytes[15] = static_cast<unsigned char>(size);
  return {BigEndian(bytes), BigEndian(bytes + 8)};
}

size_t Common(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

class Sorter {
 public:
  Sorter(std::vector<uint32_t>& numbers, const EntryTable& table)
      : numbers_(numbers), table_(table), items_(numbers.size()), first_(numbers.size(), 0) {
    for (size_t i = 0; i < items_.size(); ++i) items_[i].number = numbers[i];
  }

  std::vector<bool> Sort() {
    if (items_.empty()) return {};
    ShareOut({{0, items_.size(), 0}});
    for (size_t i = 0; i < items_.size(); ++i) numbers_[i] = items_[i].number;
    return {first_.begin(), first_.end()};
  }

 private:
  std::string_view KeyOf(size_t place) const {
    KeyValue kv;
    ParseKeyValue(table_.ValueAt(items_[place].number), kv);
    return kv.key;
  }

  // How much more a sample of the run has in common.
  size_t Guess(const Run& run) const {
    const std::string_view key = KeyOf(run.begin);
    std::string_view common = key.substr(std::min(run.depth, key.size()));
    const size_t step = (run.end - run.begin + kSample - 1) / kSample;
    for (size_t i = run.begin + step; i < run.end && !common.empty(); i += step) {
      const std::string_view other = KeyOf(i);
      common = common.substr(0, Common(common, other.substr(std::min(run.depth, other.size()))));
    }
    return common.size();
  }

  // Loads the parts after the `common` bytes; false where a key has not all of them in common with the
  // first.
  bool LoadAfter(const Run& run, size_t begin, size_t end, std::string_view common) {
    for (size_t i = begin; i < end; ++i) {
      if (i + kAhead < end) table_.Prefetch(items_[i + kAhead].number);
      const std::string_view key = KeyOf(i);
      if (!key.substr(std::min(run.depth, key.size())).starts_with(common)) return false;
      items_[i].part = PartOf(key, run.depth + common.size());
    }
    return true;
  }

  // Loads the parts of a run, after what its keys have in common; gives the depth at which they stand.
  size_t Load(const Run& run, size_t parts) {
    const std::string_view key = KeyOf(run.begin);
    const std::string_view guess = key.substr(std::min(run.depth, key.size()), Guess(run));
    for (const std::string_view common : {guess, std::string_view()}) {
      std::atomic<bool> all = true;
      InParallel(run.end - run.begin, parts, [&](size_t, size_t begin, size_t end) {
        if (!LoadAfter(run, run.begin + begin, run.begin + end, common)) all = false;
      });
      if (all) return run.depth + common.size();
    }
    return run.depth;
  }

  // Sorts a run by its parts and gives the runs in which keys may go on.
  std::vector<Run> SortOnce(const Run& run, size_t parts) {
    const size_t depth = Load(run, parts);
    const auto at = [&](size_t place) { return items_.begin() + static_cast<std::ptrdiff_t>(place); };
    const auto less = [](const Item& a, const Item& b) {
      return a.part != b.part ? a.part < b.part : a.number < b.number;
    };
    SortInParallel(run, parts, less);
    std::vector<Run> deeper;
    for (size_t begin = run.begin; begin < run.end;) {
      size_t end = begin + 1;
      while (end < run.end && at(end)->part == at(begin)->part) ++end;
      first_[begin] = 1;
      // A part that is not full ends its key: all of this run are the same key.
      if (at(begin)->part.full() && end - begin > 1) deeper.push_back({begin, end, depth + kStride});
      begin = end;
    }
    return deeper;
  }

  template <class Less>
  void SortInParallel(const Run& run, size_t parts, const Less& less) {
    const auto at = [&](size_t place) { return items_.begin() + static_cast<std::ptrdiff_t>(place); };
    const size_t size = run.end - run.begin;
    InParallel(size, parts, [&](size_t, size_t begin, size_t end) {
      std::sort(at(run.begin + begin), at(run.begin + end), less);
    });
    for (size_t part = 1; part < parts; ++part) {
      std::inplace_merge(at(run.begin), at(run.begin + size * part / parts),
                         at(run.begin + size * (part + 1) / parts), less);
    }
  }

  void Finish(const Run& whole) {
    for (std::vector<Run> runs{whole}; !runs.empty();) {
      const Run run = runs.back();
      runs.pop_back();
      for (const Run& each : SortOnce(run, 1)) runs.push_back(each);
    }
  }

  // All threads go on with one run alone until there are runs enough for each.
  void ShareOut(std::vector<Run> runs) {
    const size_t parts = PartsOf(items_.size(), kLeastPart);
    while (parts > 1 && runs.size() == 1) runs = SortOnce(runs[0], parts);
    std::atomic<size_t> next = 0;
    InParallel(parts, parts, [&](size_t, size_t, size_t) {
      for (size_t i = next++; i < runs.size(); i = next++) Finish(runs[i]);
    });
  }

  static constexpr size_t kAhead = 16;

  std::vector<uint32_t>& numbers_;
  const EntryTable& table_;
  std::vector<Item> items_;
  std::vector<uint8_t> first_;  // bytes, so that threads may write side by side
};

}  // namespace

std::vector<bool> SortByKey(std::vector<uint32_t>& numbers, const EntryTable& table) {
  return Sorter(numbers, table).Sort();
}

}  // namespace etcdmedic::mvcc
