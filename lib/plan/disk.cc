// SPDX-License-Identifier: Apache-2.0
#include "plan/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "base/path.h"
#include "base/posix.h"
#include "base/try.h"

namespace etcdmedic::plan {
namespace {

// Opens and runs `use` on the descriptor.
template <class Use>
Result<void> With(const std::string& path, int flags, mode_t mode, const Use& use) {
  Descriptor file(open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.get() < 0) return SystemError(path, "open");
  Result<void> result = use(file.get());
  if (file.Close() != 0 && result) return SystemError(path, "close");
  return result;
}

}  // namespace

Result<void> Disk::WriteAt(const std::string& path, uint64_t offset, Bytes bytes) {
  Before();
  return With(path, O_WRONLY, 0, [&](int fd) { return WriteAllAt(fd, offset, bytes, path); });
}

Result<void> Disk::Resize(const std::string& path, uint64_t size) {
  Before();
  return Checked(truncate(path.c_str(), static_cast<off_t>(size)), path, "resize");
}

Result<void> Disk::Rename(const std::string& from, const std::string& to) {
  Before();
  return Checked(rename(from.c_str(), to.c_str()), from, "rename");
}

Result<void> Disk::Remove(const std::string& path) {
  Before();
  return Checked(unlink(path.c_str()), path, "remove");
}

Result<void> GiveTo(int fd, const std::string& path, const std::string& name, const Ownership& owner,
                    std::vector<std::string>& not_given) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return SystemError(path, "stat");
  if ((info.st_uid != owner.uid || info.st_gid != owner.gid) && fchown(fd, owner.uid, owner.gid) != 0) {
    if (errno != EPERM) return SystemError(path, "set the owner");
    not_given.push_back(fmt::format("{}:{} {}", owner.uid, owner.gid, name));
  }
  return Checked(fchmod(fd, owner.mode), path, "set the mode");
}

Result<void> Disk::Give(int fd, const std::string& path, const std::string& name, const Ownership& owner) {
  return GiveTo(fd, path, name, owner, not_given_);
}

Result<void> Disk::Create(const std::string& path, const NewContent& content, const Ownership& owner) {
  const std::string fresh = UnfinishedName(path);
  Before();
  unlink(fresh.c_str());  // of a run that was killed, or a trap: whatever it is, it is not written to
  auto made = With(fresh, O_WRONLY | O_CREAT | O_EXCL, 0600, [&](int fd) -> Result<void> {
    RETURN_IF_ERROR(WriteAll(fd, content.bytes, fresh));
    RETURN_IF_ERROR(Give(fd, fresh, path, owner));
    return Checked(fsync(fd), fresh, "sync");
  });
  if (!made) {
    unlink(fresh.c_str());
    return made;
  }
  return Rename(fresh, path);
}

bool Disk::Exists(const std::string& path) const {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0;
}

bool Disk::IsFolder(const std::string& path) const {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

Result<Attributes> Disk::AttributesOf(const std::string& path) const {
  struct stat info {};
  if (lstat(path.c_str(), &info) != 0) return SystemError(path, "stat");
  return Attributes{
      {info.st_uid, info.st_gid, info.st_mode & 07777U}, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

Result<void> Disk::SetAttributes(const std::string& path, const Attributes& attributes) {
  Before();
  return With(path, O_RDONLY | O_NONBLOCK, 0, [&](int fd) -> Result<void> {
    RETURN_IF_ERROR(Give(fd, path, path, attributes.owner));
    const timespec times[2] = {{0, UTIME_OMIT}, {attributes.mtime_s, attributes.mtime_ns}};
    return Checked(futimens(fd, times), path, "set the times");
  });
}

Result<void> Disk::SetOwner(const std::string& path, const Ownership& owner) {
  Before();
  return With(path, O_RDONLY | O_NONBLOCK, 0, [&](int fd) { return Give(fd, path, path, owner); });
}

Result<void> Disk::MakeFolder(const std::string& path, const Ownership& owner) {
  Before();
  RETURN_IF_ERROR(Checked(mkdir(path.c_str(), 0700), path, "create"));
  return SetOwner(path, owner);
}

Result<void> Disk::RemoveFolder(const std::string& path) {
  Before();
  return Checked(rmdir(path.c_str()), path, "remove");
}

Result<void> Disk::Sync(const std::string& path) { return SyncPath(path); }

Result<void> Disk::SyncParent(const std::string& path) { return SyncPath(FolderOf(path)); }

bool IsInside(const std::string& path, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

Result<void> StaysOutside(const std::string& output, const std::string& read) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path folder = read;
  if (!fs::is_directory(read, error)) {
    const fs::path snap = fs::weakly_canonical(read, error).parent_path(), member = snap.parent_path();
    if (snap.filename() != "snap" || member.filename() != "member") return {};
    folder = member.parent_path();
  }
  if (!IsInside(output, folder.string())) return {};
  return Fail(Errc::kRefused, output, "lies in " + folder.string() + ", which is read and never written to");
}

Ownership OwnershipForNew(const std::string& path) {
  namespace fs = std::filesystem;
  const Disk disk;
  const fs::path place(path);
  Ownership owner{geteuid(), getegid(), place.extension() == ".snap" ? 0644U : 0600U};
  fs::path above = place.parent_path();
  while (above.has_relative_path() && !disk.Exists(above.string())) above = above.parent_path();
  if (const auto folder = disk.AttributesOf(above.string())) {
    owner.uid = folder->owner.uid;
    owner.gid = folder->owner.gid;
  }
  std::error_code error;
  if (fs::is_regular_file(fs::symlink_status(place, error))) {
    if (const auto replaced = disk.AttributesOf(path)) owner = replaced->owner;
  } else {
    std::string newest;  // what an etcd of today makes
    for (const auto& entry : fs::directory_iterator(place.parent_path(), error)) {
      if (entry.path().extension() == place.extension() &&
          entry.symlink_status(error).type() == fs::file_type::regular)
        newest = std::max(newest, entry.path().string());
    }
    if (const auto sibling = disk.AttributesOf(newest); !newest.empty() && sibling)
      owner.mode = sibling->owner.mode;
  }
  owner.mode |= 0600U;  // whatever was closed before, etcd must be able to use the new file
  return owner;
}

}  // namespace etcdmedic::plan
