// SPDX-License-Identifier: Apache-2.0
// A log in memory, and a machine that its entries are applied to.
#pragma once

#include "replay/backend_writer.h"
#include "replay/entries.h"
#include "replay/machine.h"
#include "support/memory_db.h"
#include "support/wal_builder.h"

namespace etcdmedic::support {

class Replayed {
 public:
  // The segments outlive it.
  explicit Replayed(const std::vector<std::string>& segments) {
    std::vector<raft::SegmentInput> inputs;
    for (size_t i = 0; i < segments.size(); ++i) {
      inputs.push_back({std::to_string(i) + "-0000000000000000.wal", AsBytes(segments[i]), nullptr});
    }
    log = raft::ReadLog(inputs, 1, &entries);
  }
  std::vector<replay::LogEntry> All() const { return entries.Between(log, 0, log.last_index()); }

  replay::EntryList entries;
  raft::Log log;
};

// The backend that holds the machine's state.
inline std::string BackendOf(const replay::Machine& machine, const mvcc::Store* base = nullptr) {
  MemoryDb image;
  bolt::Builder builder(image, {});
  return replay::WriteBackend(machine, base, builder) ? std::move(image.image) : std::string();
}

}  // namespace etcdmedic::support
