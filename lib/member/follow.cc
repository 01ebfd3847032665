// SPDX-License-Identifier: Apache-2.0
#include "member/follow.h"

#include <algorithm>
#include <filesystem>

#include "base/crc32c.h"
#include "base/file.h"
#include "base/try.h"

namespace etcdmedic::member {

bool LogFollower::Fits(const wal::Record& record) const {
  if (record.type == wal::RecordType::kCrc) return running_ == 0 || record.crc == running_;
  return Crc32c(record.data, running_) == record.crc;
}

// Goes on to the segment with the next number, where there is one.
bool LogFollower::EnterNext() {
  const auto here = wal::ParseSegmentName(file_);
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(wal_dir_, error)) {
    const std::string name = entry.path().filename().string();
    const auto next = wal::ParseSegmentName(name);
    if (!here || !next || next->sequence != here->sequence + 1) continue;
    file_ = name;
    offset_ = 0;
    return true;
  }
  return false;
}

Result<LogFollower::Seen> LogFollower::Poll(wal::SegmentVisitor& visitor,
                                            const std::function<void(const std::string&)>& entered) {
  const auto segment = MappedFile::Open(wal_dir_ + "/" + file_);
  if (!segment) return Propagate(segment);
  Seen seen = Seen::kNothing;
  for (;;) {
    wal::Frame frame;
    wal::Record record;
    const uint64_t at = std::min<uint64_t>(offset_, segment->bytes().size());
    const wal::FrameFault fault = wal::ReadFrame(segment->bytes(), at, frame);
    if (fault == wal::FrameFault::kEnd || fault == wal::FrameFault::kZero) {
      return seen == Seen::kNothing && EnterNext() ? Poll(visitor, entered) : seen;
    }
    if (fault != wal::FrameFault::kNone || !wal::ParseRecord(frame, record) || !Fits(record)) {
      return seen == Seen::kNothing ? Seen::kHalf : seen;
    }
    if (offset_ == 0) entered(file_);
    running_ = record.crc;
    offset_ = record.end();
    seen = Seen::kRecords;
    visitor.OnRecord(record);
  }
}

}  // namespace etcdmedic::member
