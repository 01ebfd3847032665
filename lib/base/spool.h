// SPDX-License-Identifier: Apache-2.0
// Unnamed temporary files, which are gone with the process. Blocks of zeros become holes, so that what was
// preallocated takes no room.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/posix.h"
#include "base/result.h"

namespace etcdmedic {

// The most that `packed` bytes may unpack to. etcd's files are preallocated with zeros, which pack very well,
// so the ratio counts only beyond what a member usually has.
constexpr uint64_t MostUnpacked(uint64_t packed) { return (uint64_t{4} << 30) + 100 * packed; }

class Spool {
 public:
  // Over a file that is open already. `name` names what is unpacked in errors.
  Spool(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  // A new one in $TMPDIR, /var/tmp or /tmp. Errors: kIo.
  static Result<Spool> Open(const std::string& name);

  // Bytes at `offset`, each place once: zeros are not written. Errors: kLimit where the disk is full, kIo.
  Result<void> Write(uint64_t offset, Bytes bytes);
  Result<void> Append(Bytes bytes) { return Write(size_, bytes); }

  // Gives the file its size, holes at its end too. Errors: kIo.
  Result<void> Finish();

  uint64_t size() const { return size_; }
  int descriptor() const { return file_.get(); }

  Descriptor Take() { return std::move(file_); }

  // A path (/proc/self/fd/N) by which the file can be opened until the process ends.
  std::string Keep() const { return PathOf(file_); }
  static std::string PathOf(const Descriptor& file);

 private:
  Descriptor file_;
  std::string name_;
  uint64_t size_ = 0;
};

}  // namespace etcdmedic
