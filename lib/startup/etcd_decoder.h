// SPDX-License-Identifier: Apache-2.0
// Reads a log exactly as etcd's own decoder does, faults included: it stops where etcd stops and says what
// etcd would call it. Used to predict what etcd does; nothing else should read a log this way.
// docs/format/wal.md, "etcd's reader".
#pragma once

#include <string>
#include <vector>

#include "wal/frame.h"

namespace etcdmedic::startup {

// What changed between etcd's releases in this code.
struct DecoderRules {
  bool limit_by_file_size = true;  // 3.5.5 and newer: a record may not be longer than its file; older: 10 MiB
  bool tells_position = true;      // 3.6 and newer name file and offset
  bool past_end_is_eof = true;     // up to 3.6: a field that runs past its record counts as unexpected EOF
};

enum class DecodeEnd : uint8_t {
  kRecord,         // there is one
  kEof,            // clean end of the log
  kUnexpectedEof,  // repairable where it happens in the last file
  kOverLimit,      // "max entry size limit exceeded"; counts as unexpected EOF where limit_by_file_size
  kCrcMismatch,
  kMalformed,  // the record is not a valid protobuf message
};

struct Decoded {
  DecodeEnd end = DecodeEnd::kRecord;
  wal::Record record;      // for kRecord, kCrcMismatch
  size_t file = 0;         // position in the list of files
  uint64_t offset = 0;     // of the frame
  uint64_t valid_end = 0;  // in that file: end of the last valid record
  uint32_t computed = 0;   // for kCrcMismatch
  std::string error;       // for kMalformed: etcd's text; empty where it is not known
  bool Repairable(const DecoderRules& rules) const {
    return end == DecodeEnd::kUnexpectedEof || (end == DecodeEnd::kOverLimit && rules.limit_by_file_size);
  }
};

class EtcdDecoder {
 public:
  // Views of the files in reading order; they must outlive the decoder.
  EtcdDecoder(std::vector<Bytes> files, DecoderRules rules) : files_(std::move(files)), rules_(rules) {}

  // Goes on to the next record. After anything but kRecord it stays where it is. crc records are returned as
  // others, already checked and taken as the new running value (kCrcMismatch where they differ from it).
  Decoded Next();

 private:
  Decoded Stop(DecodeEnd end) const;
  Decoded StopAtMalformed(const wal::Frame& frame, bool torn) const;
  bool FileEnds();

  std::vector<Bytes> files_;
  DecoderRules rules_;
  size_t file_ = 0;
  uint64_t offset_ = 0;
  uint64_t valid_end_ = 0;
  uint32_t running_ = 0;
};

}  // namespace etcdmedic::startup
