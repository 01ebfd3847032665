// SPDX-License-Identifier: Apache-2.0
// How far a long run has come, for a meter that another thread prints. Counting is one relaxed addition, once
// for a block of work and never in an inner loop.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace etcdmedic {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  struct State {
    const char* doing = nullptr;  // null where nothing was begun
    uint64_t done = 0;            // bytes
    uint64_t total = 0;           // 0 where it is not known
    Clock::time_point since = {};
  };

  // What is done from now on, "checking pages", and how many bytes it will take.
  static void Begin(const char* doing, uint64_t total) {
    doing_.store(nullptr, std::memory_order_relaxed);
    done_.store(0, std::memory_order_relaxed);
    total_.store(total, std::memory_order_relaxed);
    since_.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    doing_.store(doing, std::memory_order_release);
  }

  static void Set(uint64_t bytes) { done_.store(bytes, std::memory_order_relaxed); }
  static void Add(uint64_t bytes) { done_.fetch_add(bytes, std::memory_order_relaxed); }

  // The parts may be of different moments.
  static State Now() {
    return {doing_.load(std::memory_order_acquire), done_.load(std::memory_order_relaxed),
            total_.load(std::memory_order_relaxed),
            Clock::time_point(Clock::duration(since_.load(std::memory_order_relaxed)))};
  }

  // Is called before anything is printed, so that a meter can take its line away; null for none.
  static void SetBeforeOutput(void (*call)()) { before_output_.store(call, std::memory_order_release); }
  static void BeforeOutput() {
    if (auto* const call = before_output_.load(std::memory_order_acquire)) call();
  }

 private:
  static inline std::atomic<const char*> doing_{nullptr};
  static inline std::atomic<uint64_t> done_{0}, total_{0};
  static inline std::atomic<Clock::rep> since_{0};
  static inline std::atomic<void (*)()> before_output_{nullptr};
};

}  // namespace etcdmedic
