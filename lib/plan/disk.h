// SPDX-License-Identifier: Apache-2.0
// The few ways in which a repair touches the disk. Each call that changes something first calls `before`.
#pragma once

#include <functional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace etcdmedic::plan {

class Disk {
 public:
  explicit Disk(std::function<void()> before = {}) : before_(std::move(before)) {}

  Result<void> WriteAt(const std::string& path, uint64_t offset, Bytes bytes) const;
  Result<void> Resize(const std::string& path, uint64_t size) const;
  Result<void> Rename(const std::string& from, const std::string& to) const;
  Result<void> Remove(const std::string& path) const;
  // Writes under another name, syncs, then renames: the file is there as a whole or not at all.
  Result<void> Create(const std::string& path, Bytes bytes, uint32_t mode) const;
  Result<void> SetTimes(const std::string& path, uint32_t mode, int64_t seconds, int64_t nanoseconds) const;
  Result<void> Sync(const std::string& path) const;        // a file or a directory
  Result<void> SyncParent(const std::string& path) const;  // the directory that holds it

 private:
  void Before() const {
    if (before_) before_();
  }
  std::function<void()> before_;
};

}  // namespace etcdmedic::plan
