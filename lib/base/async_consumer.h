// SPDX-License-Identifier: Apache-2.0
// A worker thread that handles items in order while their producer continues.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

namespace etcdmedic {

// Calls each(item) for all that is added, in that order, on a thread behind the caller's: what finds rows
// need not wait for what writes them. What `each` touches is the caller's again once Finish has returned.
// What `each` throws is thrown on by Add or Finish.
template <class Item>
class AsyncConsumer {
 public:
  static constexpr size_t kBatch = 2048;  // items handed over at once; two batches are held at most

  explicit AsyncConsumer(std::function<void(const Item&)> each) : each_(std::move(each)) {}
  AsyncConsumer(const AsyncConsumer&) = delete;
  AsyncConsumer& operator=(const AsyncConsumer&) = delete;

  // `go_on` is asked now and then, while nothing runs behind; gives false where it did.
  template <class GoOn>
  bool Add(const Item& item, const GoOn& go_on) {
    filling_.push_back(item);
    if (filling_.size() < kBatch) return true;
    Wait();
    if (!go_on()) return false;
    std::swap(filling_, working_);
    filling_.clear();
    thread_ = std::jthread([this] {
      try {
        Work(working_);
      } catch (...) {
        failure_ = std::current_exception();
      }
    });
    return true;
  }

  // Returns when `each` has had all.
  void Finish() {
    Wait();
    Work(filling_);
    filling_.clear();
  }

 private:
  void Work(const std::vector<Item>& items) const {
    for (const Item& item : items) each_(item);
  }
  void Wait() {
    if (thread_.joinable()) thread_.join();
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

  const std::function<void(const Item&)> each_;
  std::vector<Item> filling_;
  std::vector<Item> working_;
  std::exception_ptr failure_;
  std::jthread thread_;  // last, so that it is joined first
};

}  // namespace etcdmedic
