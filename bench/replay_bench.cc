// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "raft/log.h"
#include "replay/machine.h"
#include "support/wal_builder.h"

namespace etcdmedic {
namespace {

constexpr uint64_t kEntries = 100'000;
constexpr uint64_t kKeys = 5000;

// Puts that change a few thousand keys again and again.
std::string Puts(size_t value_size) {
  support::WalBuilder log;
  for (uint64_t i = 1; i <= kEntries; ++i)
    log.Put(2, i, fmt::format("/registry/pods/default/pod-{:06}", i % kKeys), std::string(value_size, 'v'));
  log.State(2, 1, kEntries);
  return log.bytes();
}

// Entries a second of one core, from the entries as the log has them to the state after the last one.
void BM_Replay(benchmark::State& state) {
  const std::string bytes = Puts(static_cast<size_t>(state.range(0)));
  const std::vector<raft::SegmentInput> inputs{{"0000000000000000-0000000000000000.wal", AsBytes(bytes)}};
  replay::EntryList list;
  const raft::Log log = raft::ReadLog(inputs, 1, &list);
  const std::vector<replay::LogEntry> entries = list.Between(log, 0, log.last_index());
  if (entries.size() != kEntries) return state.SkipWithError("the log has other entries");
  for (auto _ : state) {
    replay::Machine machine({});
    for (const replay::LogEntry& entry : entries) machine.Apply(entry);
    if (machine.keys().revision() != static_cast<int64_t>(kEntries) + 1)
      return state.SkipWithError("not every put made a revision");
  }
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(kEntries));
}
BENCHMARK(BM_Replay)->Arg(64)->Arg(1024)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace etcdmedic
