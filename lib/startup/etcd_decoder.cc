// SPDX-License-Identifier: Apache-2.0
#include "startup/etcd_decoder.h"

#include <algorithm>

#include "base/crc32c.h"
#include "startup/record_error.h"

namespace etcdmedic::startup {
namespace {

constexpr uint64_t kOldLimit = uint64_t{10} << 20;

}  // namespace

Decoded EtcdDecoder::Stop(DecodeEnd end) const {
  Decoded decoded;
  decoded.end = end;
  decoded.file = file_;
  decoded.offset = offset_;
  decoded.valid_end = valid_end_;
  return decoded;
}

Decoded EtcdDecoder::StopAtMalformed(const wal::Frame& frame, bool torn) const {
  const std::string error = RecordError(frame.payload).value_or(std::string());
  const bool past_end = rules_.past_end_is_eof && error == kUnexpectedEofText;
  Decoded decoded = Stop(torn || past_end ? DecodeEnd::kUnexpectedEof : DecodeEnd::kMalformed);
  if (rules_.past_end_is_eof) decoded.error = error;
  return decoded;
}

// A file ends at its last byte or at a length field of zero.
bool EtcdDecoder::FileEnds() {
  const Bytes file = files_[file_];
  if (offset_ >= file.size()) return true;
  const auto field = ByteReader(file, offset_).Little<uint64_t>();
  return field && *field == 0;
}

Decoded EtcdDecoder::Next() {
  while (file_ < files_.size() && FileEnds()) {
    if (file_ + 1 == files_.size()) return Stop(DecodeEnd::kEof);
    ++file_;
    offset_ = 0;
    valid_end_ = 0;
  }
  if (files_.empty()) return Stop(DecodeEnd::kEof);
  const Bytes file = files_[file_];
  const auto field = ByteReader(file, offset_).Little<uint64_t>();
  if (!field) return Stop(DecodeEnd::kUnexpectedEof);
  const uint64_t length = *field & wal::kLengthMask;
  const uint64_t padding = (*field >> 63) != 0 ? (*field >> 56) & 7 : 0;
  if (rules_.limit_by_file_size) {
    const uint64_t room = file.size() - offset_;  // the limit forgets the length field itself
    if (length > room - std::min(room, padding)) return Stop(DecodeEnd::kOverLimit);
  } else if (length >= kOldLimit - padding) {
    return Stop(DecodeEnd::kOverLimit);
  }
  wal::Frame frame;
  Decoded decoded = Stop(DecodeEnd::kRecord);
  if (wal::ReadFrame(file, offset_, frame) != wal::FrameFault::kNone) return Stop(DecodeEnd::kUnexpectedEof);
  const bool torn = file_ + 1 == files_.size() && wal::LooksTorn(file, frame);
  if (!wal::ParseRecord(frame, decoded.record)) return StopAtMalformed(frame, torn);
  const wal::Record& record = decoded.record;
  if (record.type == wal::RecordType::kCrc) {
    decoded.computed = running_;
    if (running_ != 0 && running_ != record.crc) {
      decoded.end = DecodeEnd::kCrcMismatch;
      return decoded;
    }
  } else {
    decoded.computed = Crc32c(record.data, running_);
    if (decoded.computed != record.crc) {
      if (torn) return Stop(DecodeEnd::kUnexpectedEof);
      decoded.end = DecodeEnd::kCrcMismatch;
      return decoded;
    }
  }
  running_ = record.crc;
  offset_ = frame.end();
  valid_end_ = offset_;
  decoded.valid_end = valid_end_;
  return decoded;
}

}  // namespace etcdmedic::startup
