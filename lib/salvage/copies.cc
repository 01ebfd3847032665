// SPDX-License-Identifier: Apache-2.0
#include "salvage/copies.h"

#include <algorithm>

#include "base/parallel.h"
#include "salvage/unread.h"

namespace etcdmedic::salvage {
namespace {

constexpr size_t kCopiesAThread = 1 << 16;

void Sort(std::vector<Copy>& copies, unsigned threads) {
  const auto before = [](const Copy& a, const Copy& b) { return a.Rank() < b.Rank(); };
  const size_t parts = PartsOf(copies.size(), kCopiesAThread, threads);
  std::vector<size_t> ends(parts);
  InParallel(copies.size(), parts, [&](size_t part, size_t begin, size_t end) {
    std::sort(copies.begin() + static_cast<std::ptrdiff_t>(begin),
              copies.begin() + static_cast<std::ptrdiff_t>(end), before);
    ends[part] = end;
  });
  for (size_t part = 1; part < parts; ++part) {
    std::inplace_merge(copies.begin(), copies.begin() + static_cast<std::ptrdiff_t>(ends[part - 1]),
                       copies.begin() + static_cast<std::ptrdiff_t>(ends[part]), before);
  }
}

}  // namespace

std::vector<Copy> FindCopies(std::vector<DbSource>& sources, unsigned threads) {
  std::vector<Copy> copies;
  for (const DbSource& source : sources) {
    std::vector<Copy> found = ScanPages(source.scan, threads);
    if (copies.empty()) {
      copies = std::move(found);
    } else {
      copies.insert(copies.end(), found.begin(), found.end());
    }
  }
  Sort(copies, threads);
  for (DbSource& source : sources) {
    const std::vector<Span> unread = UnreadEntries(source, copies);
    source.lost.insert(source.lost.end(), unread.begin(), unread.end());
  }
  return copies;
}

const DbSource* PrimaryOf(const std::vector<DbSource>& sources) {
  const auto further = [](const DbSource& a, const DbSource& b) {
    return std::pair(a.readable, a.consistent_index) < std::pair(b.readable, b.consistent_index);
  };
  const auto best = std::ranges::max_element(sources, further);
  return best == sources.end() ? nullptr : &*best;
}

}  // namespace etcdmedic::salvage
