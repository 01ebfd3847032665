// SPDX-License-Identifier: Apache-2.0
#include "plan/log_writer.h"

#include "base/crc32c.h"

namespace etcdmedic::plan {
namespace {

void AppendVarint(std::string& out, uint64_t value) {
  for (; value > 0x7F; value >>= 7) out.push_back(static_cast<char>((value & 0x7F) | 0x80));
  out.push_back(static_cast<char>(value));
}

std::string Head(wal::RecordType type, uint32_t crc) {
  std::string head = "\x08";
  AppendVarint(head, static_cast<uint64_t>(type));
  head.push_back('\x10');
  AppendVarint(head, crc);
  return head;
}

}  // namespace

void LogWriter::AppendCrc() { AppendFrame(Head(wal::RecordType::kCrc, running_), {}); }

void LogWriter::Append(wal::RecordType type, Bytes data) {
  running_ = Crc32c(data, running_);
  std::string head = Head(type, running_);
  if (!data.empty()) {
    head.push_back('\x1A');
    AppendVarint(head, data.size());
  }
  AppendFrame(head, data);
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
