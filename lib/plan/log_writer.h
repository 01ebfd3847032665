// SPDX-License-Identifier: Apache-2.0
// Rewrites a log: the records that are kept, with a CRC chain of their own, in one segment.
// docs/format/wal.md, "A rewritten log".
#pragma once

#include <string>

#include "base/bytes.h"
#include "raft/entry.h"
#include "wal/frame.h"

namespace etcdmedic::plan {

class LogWriter {
 public:
  LogWriter() { AppendCrc(); }

  // Appends a record; the chain continues.
  void Append(wal::RecordType type, Bytes data);

  // Appends the last HardState, and what comes after the last record of etcd's own logs. Gives the segment.
  std::string Finish(const raft::HardState& hard);

 private:
  void AppendCrc();
  void AppendFrame(const std::string& head, Bytes data);

  std::string bytes_;
  uint32_t running_ = 0;
};

}  // namespace etcdmedic::plan
