// SPDX-License-Identifier: Apache-2.0
#include "plan/log_writer.h"

#include "base/crc32c.h"
#include "proto/etcd_messages.h"
#include "proto/wire.h"

namespace etcdmedic::plan {
namespace {

using proto::walpb::Record;

std::string Head(wal::RecordType type, uint32_t crc) {
  std::string head;
  proto::AppendNumber(Record::kType, static_cast<uint64_t>(type), head);
  proto::AppendNumber(Record::kCrc, crc, head);
  return head;
}

}  // namespace

void LogWriter::AppendCrc() { AppendFrame(Head(wal::RecordType::kCrc, running_), {}); }

void LogWriter::Append(wal::RecordType type, Bytes data) {
  running_ = Crc32c(data, running_);
  std::string head = Head(type, running_);
  if (!data.empty()) {
    proto::AppendTag(Record::kData, proto::kDelimited, head);
    proto::AppendVarint(data.size(), head);
  }
  AppendFrame(head, data);
}

std::string LogWriter::Finish(const raft::HardState& hard) {
  // etcd's own logs end in preallocated zeros, so that their end shows; and not on the border of a sector,
  // where zeros might as well be lost records.
  constexpr uint64_t kSector = 512, kZeros = 8192;
  const std::string state = raft::EncodeHardState(hard);
  do {
    Append(wal::RecordType::kState, AsBytes(state));
  } while (bytes_.size() % kSector == 0);
  return std::move(bytes_) + std::string(kZeros, '\0');
}

void LogWriter::AppendFrame(const std::string& head, Bytes data) {
  const uint64_t length = head.size() + data.size();
  uint64_t field = wal::LengthField(length);
  for (int i = 0; i < 8; ++i, field >>= 8) bytes_.push_back(static_cast<char>(field & 0xFF));
  bytes_ += head;
  bytes_ += AsText(data);
  bytes_.append(wal::PaddingFor(length), '\0');
}

}  // namespace etcdmedic::plan
