// SPDX-License-Identifier: Apache-2.0
// A bbolt file that comes into being as a whole or not at all.
#pragma once

#include <memory>
#include <string>

#include "base/posix.h"
#include "bolt/builder.h"

namespace etcdmedic::plan {

// A file that did not exist before. It is written beside its name, in PATH.partial, and put in place by Keep;
// it is removed where writing fails. After a kill PATH.partial is left, and the next run asks to remove it.
class NewFile final : public bolt::PageSink {
 public:
  // Errors: kRefused where `path` or PATH.partial exists; kIo, and kLimit where the disk is full, here and
  // below.
  static Result<std::unique_ptr<NewFile>> Create(const std::string& path);
  ~NewFile() override;
  Result<void> Write(uint64_t offset, Bytes bytes) override;
  // The same from `source`, which holds those bytes at the same offset: by the kernel alone, and where the
  // file system can, by sharing blocks. False, and nothing is to be relied upon, where it cannot.
  bool CopyFrom(const std::string& source, uint64_t offset, uint64_t size);
  // Makes what was written durable.
  Result<void> Sync();
  // Gives the file its name, and makes both durable. Without it the file is removed by the destructor.
  // Errors: kRefused where something has come there meanwhile.
  Result<void> Keep();
  // Where the file is until then.
  const std::string& place() const { return partial_; }

 private:
  NewFile(std::string path, std::string partial, Descriptor file)
      : path_(std::move(path)), partial_(std::move(partial)), file_(std::move(file)) {}
  Result<void> Flush();
  Result<void> PutInPlace();
  std::string path_;
  std::string partial_;
  Descriptor file_;
  std::string buffer_;
  uint64_t buffer_offset_ = 0;
  bool kept_ = false;
};

}  // namespace etcdmedic::plan
