// SPDX-License-Identifier: Apache-2.0
#include "plan/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/path.h"

namespace etcdmedic::plan {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

}  // namespace

Result<std::unique_ptr<NewFile>> NewFile::Create(const std::string& path) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST) return Fail(Errc::kRefused, path, "exists, and is not written over");
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
    if (auto done = back ? Sync() : Flush(); !done) return done;
    buffer_offset_ = offset;
  }
  buffer_.append(AsText(bytes));
  return buffer_.size() < kBlock ? Result<void>{} : Flush();
}

Result<void> NewFile::Flush() {
  if (auto done = WriteAllAt(file_.get(), buffer_offset_, AsBytes(buffer_), path_); !done) return done;
  buffer_offset_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> NewFile::Sync() {
  if (auto done = Flush(); !done) return done;
  return Checked(fsync(file_.get()), path_, "sync");
}

Result<void> NewFile::Keep() {
  if (auto done = Sync(); !done) return done;
  if (auto done = SyncPath(FolderOf(path_)); !done) return done;
  kept_ = true;
  return {};
}

}  // namespace etcdmedic::plan
