// SPDX-License-Identifier: Apache-2.0
#include "plan/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/path.h"
#include "base/try.h"

namespace etcdmedic::plan {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

}  // namespace

Result<std::unique_ptr<NewFile>> NewFile::Create(const std::string& path) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST) return Fail(Errc::kRefused, path, "exists and is not overwritten");
  if (file.get() < 0) return SystemError(path, "create");
  return std::unique_ptr<NewFile>(new NewFile(path, std::move(file)));
}

NewFile::~NewFile() {
  if (!kept_) unlink(path_.c_str());
}

Result<void> NewFile::Write(uint64_t offset, Bytes bytes) {
  if (offset != buffer_offset_ + buffer_.size()) {
    // What goes back is a meta page: all that it leads to must be on disk before it is.
    const bool back = offset < buffer_offset_ + buffer_.size();
    RETURN_IF_ERROR(back ? Sync() : Flush());
    buffer_offset_ = offset;
  }
  if (bytes.size() >= kBlock) {  // without a copy
    RETURN_IF_ERROR(Flush());
    RETURN_IF_ERROR(WriteAllAt(file_.get(), offset, bytes, path_));
    buffer_offset_ = offset + bytes.size();
    return {};
  }
  buffer_.append(AsText(bytes));
  return buffer_.size() < kBlock ? Result<void>{} : Flush();
}

Result<void> NewFile::Flush() {
  RETURN_IF_ERROR(WriteAllAt(file_.get(), buffer_offset_, AsBytes(buffer_), path_));
  buffer_offset_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> NewFile::Sync() {
  RETURN_IF_ERROR(Flush());
  return Checked(fsync(file_.get()), path_, "sync");
}

Result<void> NewFile::Keep() {
  RETURN_IF_ERROR(Sync());
  RETURN_IF_ERROR(SyncPath(FolderOf(path_)));
  kept_ = true;
  return {};
}

}  // namespace etcdmedic::plan
