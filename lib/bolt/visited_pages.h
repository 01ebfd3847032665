// SPDX-License-Identifier: Apache-2.0
// Which pages a walk has come to, a bit a page. Several threads may take pages at once.
#pragma once

#include <atomic>
#include <vector>

namespace etcdmedic::bolt {

class VisitedPages {
 public:
  explicit VisitedPages(uint64_t pages) : words_(pages / 64 + 1) {}

  // False where it was taken before. A page beyond the last can be taken any number of times.
  bool Take(uint64_t page) {
    if (page / 64 >= words_.size()) return true;
    const uint64_t bit = uint64_t{1} << page % 64;
    return (std::atomic_ref(words_[page / 64]).fetch_or(bit, std::memory_order_relaxed) & bit) == 0;
  }
  bool Has(uint64_t page) const {
    return page / 64 < words_.size() && (words_[page / 64] >> page % 64 & 1) != 0;
  }

 private:
  std::vector<uint64_t> words_;
};

}  // namespace etcdmedic::bolt
