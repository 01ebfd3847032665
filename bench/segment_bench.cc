// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "raft/log.h"
#include "support/wal_builder.h"
#include "wal/segment.h"

namespace etcdmedic {
namespace {

// About a mebibyte of puts, each followed by a HardState.
const std::string& Segment(size_t value_size) {
  static std::map<size_t, std::string> made;
  std::string& bytes = made[value_size];
  if (!bytes.empty()) return bytes;
  support::WalBuilder log;
  for (uint64_t i = 1; log.bytes().size() < (1U << 20); ++i) {
    log.Put(2, i, "/registry/pods/default/pod", std::string(value_size, 'v')).State(2, 1, i);
  }
  return bytes = log.bytes();
}

class Ignore final : public wal::SegmentVisitor {
 public:
  void OnRecord(const wal::Record& record) override { benchmark::DoNotOptimize(record.crc); }
  void OnSlack(wal::Slack, uint64_t, uint64_t) override {}
  void OnDamage(const wal::Damage&) override {}
};

void BM_ReadSegment(benchmark::State& state) {
  const std::string& bytes = Segment(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    Ignore ignore;
    benchmark::DoNotOptimize(wal::ReadSegment(AsBytes(bytes), {}, ignore));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
}
BENCHMARK(BM_ReadSegment)->Arg(64)->Arg(1024)->Arg(65536);

void BM_ReadLog(benchmark::State& state) {
  const std::string& bytes = Segment(static_cast<size_t>(state.range(0)));
  const std::vector<raft::SegmentInput> inputs{{"0000000000000000-0000000000000000.wal", AsBytes(bytes)}};
  for (auto _ : state) benchmark::DoNotOptimize(raft::ReadLog(inputs, 1).last_index());
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes.size()));
}
BENCHMARK(BM_ReadLog)->Arg(64)->Arg(1024)->Arg(65536);

}  // namespace
}  // namespace etcdmedic
