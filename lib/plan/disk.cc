// SPDX-License-Identifier: Apache-2.0
#include "plan/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace etcdmedic::plan {
namespace {

tl::unexpected<Error> IoError(const std::string& path, std::string_view doing) {
  return Fail(errno == ENOSPC ? Errc::kLimit : Errc::kIo, path,
              fmt::format("cannot {}: {}", doing, strerror(errno)));
}

Result<void> Done(int result, const std::string& path, std::string_view doing) {
  if (result != 0) return IoError(path, doing);
  return {};
}

// Opens, runs `use` on the descriptor, closes.
template <class Use>
Result<void> With(const std::string& path, int flags, mode_t mode, const Use& use) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode);
  if (fd < 0) return IoError(path, "open");
  Result<void> result = use(fd);
  if (close(fd) != 0 && result) return IoError(path, "close");
  return result;
}

Result<void> WriteFully(int fd, uint64_t offset, Bytes bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return IoError(path, "write");
    offset += static_cast<uint64_t>(count);
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

}  // namespace

Result<void> Disk::WriteAt(const std::string& path, uint64_t offset, Bytes bytes) const {
  Before();
  return With(path, O_WRONLY, 0, [&](int fd) { return WriteFully(fd, offset, bytes, path); });
}

Result<void> Disk::Resize(const std::string& path, uint64_t size) const {
  Before();
  return Done(truncate(path.c_str(), static_cast<off_t>(size)), path, "resize");
}

Result<void> Disk::Rename(const std::string& from, const std::string& to) const {
  Before();
  return Done(rename(from.c_str(), to.c_str()), from, "rename");
}

Result<void> Disk::Remove(const std::string& path) const {
  Before();
  return Done(unlink(path.c_str()), path, "remove");
}

Result<void> Disk::Create(const std::string& path, Bytes bytes, uint32_t mode) const {
  const std::string fresh = path + ".etcdmedic-new";
  Before();
  auto made = With(fresh, O_WRONLY | O_CREAT | O_TRUNC, mode, [&](int fd) -> Result<void> {
    if (auto done = WriteFully(fd, 0, bytes, fresh); !done) return done;
    if (fchmod(fd, mode) != 0) return IoError(fresh, "set the mode");
    return Done(fsync(fd), fresh, "sync");
  });
  if (!made) {
    unlink(fresh.c_str());
    return made;
  }
  return Rename(fresh, path);
}

Result<void> Disk::SetTimes(const std::string& path, uint32_t mode, int64_t seconds,
                            int64_t nanoseconds) const {
  Before();
  if (chmod(path.c_str(), mode) != 0) return IoError(path, "set the mode");
  const timespec times[2] = {{0, UTIME_OMIT}, {seconds, nanoseconds}};
  return Done(utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW), path, "set the times");
}

Result<void> Disk::Sync(const std::string& path) const {
  return With(path, O_RDONLY, 0, [&](int fd) { return Done(fsync(fd), path, "sync"); });
}

Result<void> Disk::SyncParent(const std::string& path) const {
  const size_t slash = path.rfind('/');
  return Sync(slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash));
}

}  // namespace etcdmedic::plan
