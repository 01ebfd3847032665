// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bolt/builder.h"

namespace etcdmedic::bolt {
namespace {

constexpr size_t kBlock = size_t{1} << 20;

tl::unexpected<Error> Failed(const std::string& path, std::string_view what) {
  return Fail(Errc::kIo, path, std::string(what) + ": " + std::strerror(errno));
}

Result<void> SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return Failed(folder, "cannot open the directory");
  const int result = fsync(descriptor);
  close(descriptor);
  if (result != 0) return Failed(folder, "cannot sync the directory");
  return {};
}

}  // namespace

Result<std::unique_ptr<NewFile>> NewFile::Create(const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0 && errno == EEXIST) return Fail(Errc::kRefused, path, "exists and is not overwritten");
  if (descriptor < 0) return Failed(path, "cannot create");
  return std::unique_ptr<NewFile>(new NewFile(path, descriptor));
}

NewFile::~NewFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!kept_) unlink(path_.c_str());
}

Result<void> NewFile::Write(uint64_t offset, Bytes bytes) {
  if (offset != buffer_offset_ + buffer_.size()) {
    if (auto done = Flush(); !done) return done;
    // What goes back is a meta page: all that it leads to must be on disk before it is.
    if (offset < buffer_offset_ && fsync(descriptor_) != 0) return Failed(path_, "cannot sync");
    buffer_offset_ = offset;
  }
  buffer_.append(AsText(bytes));
  return buffer_.size() < kBlock ? Result<void>{} : Flush();
}

Result<void> NewFile::Flush() {
  for (size_t done = 0; done < buffer_.size();) {
    const ssize_t count = pwrite(descriptor_, buffer_.data() + done, buffer_.size() - done,
                                 static_cast<off_t>(buffer_offset_ + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Failed(path_, "cannot write");
    done += static_cast<size_t>(count);
  }
  buffer_offset_ += buffer_.size();
  buffer_.clear();
  return {};
}

Result<void> NewFile::Sync() {
  if (auto done = Flush(); !done) return done;
  if (fsync(descriptor_) != 0) return Failed(path_, "cannot sync");
  return {};
}

Result<void> NewFile::Keep() {
  if (auto done = Sync(); !done) return done;
  if (auto done = SyncFolderOf(path_); !done) return done;
  kept_ = true;
  return {};
}

}  // namespace etcdmedic::bolt
