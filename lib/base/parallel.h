// SPDX-License-Identifier: Apache-2.0
// Splits a range of work over the cores.
#pragma once

#include <algorithm>
#include <cstddef>
#include <thread>
#include <vector>

namespace etcdmedic {

// How many parts InParallel makes of `count` things: one a core (or `threads`, where it is not 0), and none
// smaller than `least`.
inline size_t PartsOf(size_t count, size_t least, unsigned threads = 0) {
  const size_t cores = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  return std::clamp<size_t>(count / std::max<size_t>(least, 1), 1, cores);
}

// Calls each(part, begin, end) for `parts` parts of 0..count, all at once; returns when all have returned.
template <class Each>
void InParallel(size_t count, size_t parts, const Each& each) {
  std::vector<std::jthread> threads;
  for (size_t part = 1; part < parts; ++part)
    threads.emplace_back([&, part] { each(part, count * part / parts, count * (part + 1) / parts); });
  each(size_t{0}, size_t{0}, count / parts);
}

}  // namespace etcdmedic
