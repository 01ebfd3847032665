// SPDX-License-Identifier: Apache-2.0
// Keeps the greatest few of many things that come one after the other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace etcdmedic::report {

// `Order` gives what two things are compared by; of equal ones those that came first are kept.
template <class Item, class Order>
class Largest {
 public:
  Largest(size_t most, Order order) : most_(most), order_(std::move(order)) {}

  void Add(const Item& item) {
    if (items_.size() >= 2 * most_ && order_(item) <= least_) return;
    items_.push_back(item);
    if (items_.size() > 4 * most_) Cut();
  }

  // The greatest first.
  std::vector<Item> Take() {
    Cut();
    return std::move(items_);
  }

 private:
  void Cut() {
    std::ranges::stable_sort(items_, std::greater<>(), order_);
    if (items_.size() <= most_) return;
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(most_), items_.end());
    least_ = order_(items_.back());
  }

  size_t most_;
  Order order_;
  std::vector<Item> items_;
  uint64_t least_ = 0;  // of those that are kept, once there are enough
};

}  // namespace etcdmedic::report
