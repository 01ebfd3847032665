// SPDX-License-Identifier: Apache-2.0
// Follows a log that a running etcd is writing: record after record, from one segment into the next, without
// a lock. docs/format/wal.md, "A log that is being written".
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "wal/segment.h"
#include "wal/segment_name.h"

namespace etcdmedic::member {

class LogFollower {
 public:
  // Starts at the beginning of `segment` (a file name) in the folder `wal_dir`.
  LogFollower(std::string wal_dir, std::string segment)
      : wal_dir_(std::move(wal_dir)), file_(std::move(segment)) {}

  enum class Seen : uint8_t {
    kNothing,  // the log ends cleanly where we stand
    kRecords,  // some were handed out
    kHalf,     // bytes are there that are not a whole record yet
  };

  // Hands to `visitor` every whole record that was written since the last call, up to the end of one segment,
  // and names each segment to `entered` before its first record. A record is whole when its CRC continues the
  // chain. Errors: kIo.
  Result<Seen> Poll(wal::SegmentVisitor& visitor, const std::function<void(const std::string&)>& entered);

  // The segment from which the last records came, and where reading continues in it.
  const std::string& file() const { return file_; }
  uint64_t offset() const { return offset_; }

 private:
  bool Fits(const wal::Record& record) const;
  bool EnterNext();

  std::string wal_dir_;
  std::string file_;
  uint64_t offset_ = 0;
  uint32_t running_ = 0;
};

}  // namespace etcdmedic::member
