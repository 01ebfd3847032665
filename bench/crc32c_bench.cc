// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <string>

#include "base/crc32c.h"

namespace etcdmedic {
namespace {

void CountBytes(benchmark::State& state) { state.SetBytesProcessed(state.iterations() * state.range(0)); }

void BM_Crc32c(benchmark::State& state) {
  const std::string bytes(static_cast<size_t>(state.range(0)), 'x');
  uint32_t crc = 0;
  for (auto _ : state) benchmark::DoNotOptimize(crc = Crc32c(AsBytes(bytes), crc));
  CountBytes(state);
}
BENCHMARK(BM_Crc32c)->Arg(40)->Arg(256)->Arg(1100)->Arg(65536)->Arg(1 << 20);

void BM_Crc32cPortable(benchmark::State& state) {
  const std::string bytes(static_cast<size_t>(state.range(0)), 'x');
  uint32_t crc = 0;
  for (auto _ : state) benchmark::DoNotOptimize(crc = Crc32cPortable(AsBytes(bytes), crc));
  CountBytes(state);
}
BENCHMARK(BM_Crc32cPortable)->Arg(1100)->Arg(65536);

void BM_Crc32cFlippedBit(benchmark::State& state) {
  std::string bytes(static_cast<size_t>(state.range(0)), 'x');
  const uint32_t good = Crc32c(AsBytes(bytes));
  bytes[bytes.size() / 3] = 'y';
  const uint32_t syndrome = good ^ Crc32c(AsBytes(bytes));
  for (auto _ : state) benchmark::DoNotOptimize(Crc32cFlippedBit(syndrome, bytes.size()));
}
BENCHMARK(BM_Crc32cFlippedBit)->Arg(1100)->Arg(65536);

}  // namespace
}  // namespace etcdmedic
