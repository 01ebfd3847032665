// SPDX-License-Identifier: Apache-2.0
#include "plan/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/path.h"
#include "base/try.h"
#include "plan/disk.h"

namespace etcdmedic::plan {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

}  // namespace

Result<std::unique_ptr<NewFile>> NewFile::Create(const std::string& path) {
  if (Disk().Exists(path)) return Fail(Errc::kRefused, path, "exists and is not overwritten");
  std::string partial = path + ".partial";
  Descriptor file(open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.get() < 0 && errno == EEXIST)
    return Fail(Errc::kRefused, partial, "is in the way, left by a run that was interrupted; remove it");
  if (file.get() < 0) return SystemError(partial, "create");
  return std::unique_ptr<NewFile>(new NewFile(path, std::move(partial), std::move(file)));
}

NewFile::~NewFile() {
  if (!kept_) unlink(partial_.c_str());
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
    RETURN_IF_ERROR(WriteAllAt(file_.get(), offset, bytes, partial_));
    buffer_offset_ = offset + bytes.size();
    return {};
  }
  buffer_.append(AsText(bytes));
  return buffer_.size() < kBlock ? Result<void>{} : Flush();
}

bool NewFile::CopyFrom(const std::string& source, uint64_t offset, uint64_t size) {
  const Descriptor from(open(source.c_str(), O_RDONLY | O_CLOEXEC));
  if (from.get() < 0 || !Flush()) return false;
  auto read = static_cast<off_t>(offset), written = read;
  for (uint64_t left = size; left > 0;) {
    const ssize_t copied = copy_file_range(from.get(), &read, file_.get(), &written, left, 0);
    if (copied < 0 && errno == EINTR) continue;
    if (copied <= 0) return false;
    left -= static_cast<uint64_t>(copied);
  }
  buffer_offset_ = offset + size;
  return true;
}

Result<void> NewFile::Flush() {
  RETURN_IF_ERROR(WriteAllAt(file_.get(), buffer_offset_, AsBytes(buffer_), partial_));
  buffer_offset_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> NewFile::Sync() {
  RETURN_IF_ERROR(Flush());
  return Checked(fsync(file_.get()), partial_, "sync");
}

// Never over a file that was made meanwhile. Some file systems and old kernels cannot promise it; there it is
// looked at before.
Result<void> NewFile::PutInPlace() {
  if (renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) == 0) return {};
  const int cause = errno;
  if (cause == EEXIST || Disk().Exists(path_))
    return Fail(Errc::kRefused, path_, "was created meanwhile; it is not overwritten");
  errno = cause;
  if (cause != EINVAL && cause != ENOSYS) return SystemError(path_, "put it in place");
  return Checked(rename(partial_.c_str(), path_.c_str()), path_, "put it in place");
}

Result<void> NewFile::Keep() {
  RETURN_IF_ERROR(Sync());
  RETURN_IF_ERROR(PutInPlace());
  kept_ = true;
  auto durable = SyncPath(FolderOf(path_));
  if (!durable) unlink(path_.c_str());
  return durable;
}

}  // namespace etcdmedic::plan
