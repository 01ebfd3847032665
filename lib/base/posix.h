// SPDX-License-Identifier: Apache-2.0
// Descriptors and whole writes. Nothing here opens a file for writing: plan/disk and the writers of new files
// beside it do, and an unnamed temporary file in base/spool; the test `writers` holds the tree to that.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic {

// Owns an open descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { Close(); }

  int get() const { return number_; }
  // 0, or -1 with errno where that tells of a failed write. The descriptor is gone in either case.
  int Close();

 private:
  int number_;
};

// What errno says: "cannot <doing>: No space left on device". kLimit where the disk is full, else kIo.
tl::unexpected<Error> SystemError(const std::string& path, std::string_view doing);

// The same where `result` is not 0, as system calls give it.
Result<void> Checked(int result, const std::string& path, std::string_view doing);

// Writes all of `bytes` to `descriptor`, where it stands or from `offset` on. `path` names it in errors,
// which are those of SystemError.
Result<void> WriteAll(int descriptor, Bytes bytes, const std::string& path);
Result<void> WriteAllAt(int descriptor, uint64_t offset, Bytes bytes, const std::string& path);

// Makes a file's content, or the names in a directory, durable; a symbolic link leads to what it names.
Result<void> SyncPath(const std::string& path);

}  // namespace etcdmedic
