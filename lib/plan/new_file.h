// SPDX-License-Identifier: Apache-2.0
// A bbolt file that comes into being as a whole or not at all.
#pragma once

#include <memory>
#include <string>

#include "base/posix.h"
#include "bolt/builder.h"

namespace etcdmedic::plan {

// A file that did not exist before. Until Finish it has no valid meta page, so that a half written one is
// never taken for a db; it is removed where writing fails.
class NewFile final : public bolt::PageSink {
 public:
  // Errors: kRefused where `path` exists; kIo, and kLimit where the disk is full, here and below.
  static Result<std::unique_ptr<NewFile>> Create(const std::string& path);
  ~NewFile() override;
  Result<void> Write(uint64_t offset, Bytes bytes) override;
  // Makes what was written durable.
  Result<void> Sync();
  // Makes the file and its name durable. Without it the file is removed by the destructor.
  Result<void> Keep();

 private:
  NewFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  Result<void> Flush();
  std::string path_;
  Descriptor file_;
  std::string buffer_;
  uint64_t buffer_offset_ = 0;
  bool kept_ = false;
};

}  // namespace etcdmedic::plan
