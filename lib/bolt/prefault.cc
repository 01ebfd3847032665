// SPDX-License-Identifier: Apache-2.0
#include "bolt/prefault.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace etcdmedic::bolt {
namespace {

constexpr uint64_t kSmallest = uint64_t{16} << 20;  // below it is not worth a thread

#ifdef MADV_POPULATE_READ
constexpr int kPopulate = MADV_POPULATE_READ;
#else
constexpr int kPopulate = 22;  // Linux 5.14; older kernels refuse it
#endif

// More than half of the memory would push out what was just mapped.
bool FitsMemory(uint64_t size) {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 && size < static_cast<uint64_t>(pages) * static_cast<uint64_t>(page) / 2;
}

}  // namespace

void Prefault(Bytes bytes, unsigned threads) {
  if (bytes.size() < kSmallest || !FitsMemory(bytes.size())) return;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(bytes.data());
  if (begin % page != 0) return;
  const auto populate = [&](uint64_t part) {
    const uint64_t from = bytes.size() * part / threads / page * page;
    const uint64_t to = std::min<uint64_t>(bytes.size() * (part + 1) / threads / page * page, bytes.size());
    if (to > from) madvise(reinterpret_cast<void*>(begin + from), to - from, kPopulate);
  };
  std::vector<std::jthread> others;
  for (unsigned part = 1; part < threads; ++part) others.emplace_back(populate, part);
  populate(0);
}

}  // namespace etcdmedic::bolt
