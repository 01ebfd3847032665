// SPDX-License-Identifier: Apache-2.0
#include "bolt/prefault.h"

#include <unistd.h>

#include "base/parallel.h"
#include "base/progress.h"

namespace etcdmedic::bolt {
namespace {

constexpr uint64_t kSmallest = uint64_t{16} << 20;  // below it is not worth a thread

// What Linux maps around the page of one fault where it is in the page cache. Asking for a range by madvise
// would look at each page once more.
constexpr uint64_t kAround = uint64_t{64} << 10;

// More than half of the memory would push out what was just mapped.
bool FitsMemory(uint64_t size) {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  return pages > 0 && page > 0 && size < static_cast<uint64_t>(pages) * static_cast<uint64_t>(page) / 2;
}

}  // namespace

void Prefault(Bytes bytes, unsigned threads) {
  if (bytes.size() < kSmallest || !FitsMemory(bytes.size())) return;
  Progress::Begin("reading pages", bytes.size());
  InParallel(bytes.size() / kAround, threads, [&](size_t, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      static_cast<void>(*static_cast<const volatile std::byte*>(bytes.data() + i * kAround));
      Progress::Add(kAround);
    }
  });
}

}  // namespace etcdmedic::bolt
