// SPDX-License-Identifier: Apache-2.0
#include "base/fault_guard.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>

namespace etcdmedic {
namespace {

struct Slot {
  std::atomic<uintptr_t> begin{0};
  std::atomic<uintptr_t> end{0};
  std::atomic<uint64_t> pages{0};
  std::atomic<uintptr_t> first{0};
};

// A signal handler may not allocate, so the table has a fixed size.
std::array<Slot, 1024> slots;
std::atomic<uintptr_t> page_size{4096};
struct sigaction previous {};

void PassOn(int signal, siginfo_t* info, void* context) {
  if ((previous.sa_flags & SA_SIGINFO) != 0 && previous.sa_sigaction != nullptr) {
    previous.sa_sigaction(signal, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(signal);
  } else {
    sigaction(SIGBUS, &previous, nullptr);  // the instruction runs again and ends the process
  }
}

void OnBusError(int signal, siginfo_t* info, void* context) {
  const auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (Slot& slot : slots) {
    const uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    if (begin == 0 || address < begin || address >= slot.end.load(std::memory_order_relaxed)) continue;
    const uintptr_t size = page_size.load(std::memory_order_relaxed);
    void* page = reinterpret_cast<void*>(address / size * size);
    if (mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) break;
    if (slot.pages.fetch_add(1) == 0) slot.first.store(reinterpret_cast<uintptr_t>(page) - begin);
    return;
  }
  PassOn(signal, info, context);
}

void Install() {
  page_size.store(static_cast<uintptr_t>(sysconf(_SC_PAGESIZE)));
  struct sigaction action {};
  action.sa_sigaction = OnBusError;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &previous);
}

}  // namespace

int WatchMapping(const void* begin, uint64_t size) {
  static std::once_flag once;
  static std::mutex mutex;
  std::call_once(once, Install);
  const std::lock_guard lock(mutex);
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].begin.load() != 0) continue;
    slots[i].pages.store(0);
    slots[i].first.store(0);
    slots[i].end.store(reinterpret_cast<uintptr_t>(begin) + size);
    slots[i].begin.store(reinterpret_cast<uintptr_t>(begin), std::memory_order_release);
    return static_cast<int>(i);
  }
  return -1;
}

void UnwatchMapping(int slot) {
  if (slot >= 0) slots[static_cast<size_t>(slot)].begin.store(0, std::memory_order_release);
}

Faults FaultsOf(int slot) {
  if (slot < 0) return {};
  const Slot& watched = slots[static_cast<size_t>(slot)];
  return {watched.pages.load(), watched.first.load()};
}

}  // namespace etcdmedic
