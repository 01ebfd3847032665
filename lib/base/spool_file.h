// SPDX-License-Identifier: Apache-2.0
// An unnamed temporary file for what is too large to be held in memory.
#pragma once

#include <optional>
#include <string>

#include "base/file.h"
#include "base/spool.h"

namespace etcdmedic {

// Is written once, at any place, and read afterwards.
class SpoolFile {
 public:
  // `name` names what goes into it in errors, here and below: kIo, kLimit where the disk is full.
  static Result<SpoolFile> Make(const std::string& name);

  Result<void> WriteAt(uint64_t offset, Bytes bytes) { return WriteAllAt(file_.descriptor(), offset, bytes, name_); }
  // From now on it is only read.
  Result<void> Seal();

  // What was written; empty before Seal. They live as long as this does.
  Bytes bytes() const { return map_ ? map_->bytes() : Bytes(); }
  // By which MappedFile::Open reads it, as long as this lives.
  std::string path() const;

 private:
  SpoolFile(std::string name, Spool file) : name_(std::move(name)), file_(std::move(file)) {}
  std::string name_;
  Spool file_;
  std::optional<MappedFile> map_;
};

}  // namespace etcdmedic
