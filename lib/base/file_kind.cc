// SPDX-License-Identifier: Apache-2.0
#include "base/file_kind.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace etcdmedic {
namespace {

namespace fs = std::filesystem;

FileKind KindOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileKind::kRegular;
    case S_IFDIR:
      return FileKind::kDirectory;
    case S_IFIFO:
      return FileKind::kFifo;
    case S_IFSOCK:
      return FileKind::kSocket;
    case S_IFCHR:
      return FileKind::kCharacterDevice;
    case S_IFBLK:
      return FileKind::kBlockDevice;
    default:
      return FileKind::kUnknown;
  }
}

FileFacts FactsOf(const struct stat& info) {
  FileFacts facts;
  facts.kind = KindOf(info.st_mode);
  facts.size = facts.kind == FileKind::kRegular ? static_cast<uint64_t>(info.st_size) : 0;
  facts.mode = info.st_mode & 07777;
  facts.uid = info.st_uid;
  facts.gid = info.st_gid;
  return facts;
}

FileKind KindWithout(int error, const std::string& path) {
  struct stat info {};
  switch (error) {
    case ENOENT:
      return lstat(path.c_str(), &info) == 0 ? FileKind::kDanglingLink : FileKind::kMissing;
    case ENOTDIR:
      return FileKind::kMissing;
    case ELOOP:
      return FileKind::kCircularLink;
    case EACCES:
    case EPERM:
      return FileKind::kDenied;
    default:
      return FileKind::kUnknown;
  }
}

// The first part of `path` that refuses: a directory that may not be searched, else the file.
std::string Refusing(const std::string& path) {
  fs::path part;
  for (const fs::path& name : fs::path(path)) {
    if (!part.empty() && faccessat(AT_FDCWD, part.c_str(), X_OK, AT_EACCESS) != 0 && errno == EACCES) break;
    part /= name;
  }
  return part.string();
}

std::string TargetOf(const std::string& path) {
  std::error_code error;
  return fs::read_symlink(path, error).string();
}

// A pipe of the shell, which has another end and no name.
bool IsUnnamedPipe(int descriptor) {
  struct statfs info {};
  return fstatfs(descriptor, &info) == 0 && info.f_type == PIPEFS_MAGIC;
}

bool IsInput(int descriptor, FileKind kind) {
  return kind == FileKind::kRegular || (kind == FileKind::kFifo && IsUnnamedPipe(descriptor));
}

// Reading waits for data from then on, as usual.
Result<int> Blocking(int descriptor, const std::string& path) {
  const int flags = fcntl(descriptor, F_GETFL);
  if (flags >= 0 && fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) == 0) return descriptor;
  close(descriptor);
  return Fail(Errc::kIo, path, fmt::format("cannot set up reading: {}", strerror(errno)));
}

tl::unexpected<Error> OpenFailed(const std::string& path, int error) {
  if (error == EACCES || error == EPERM) return tl::make_unexpected(ExplainDenied(path));
  const FileKind kind = Look(path).kind;
  if (kind != FileKind::kRegular && kind != FileKind::kUnknown)
    return tl::make_unexpected(ExplainKind(path, kind));
  return Fail(Errc::kIo, path, fmt::format("cannot open: {}", strerror(error)));
}

}  // namespace

std::string_view NameOf(FileKind kind) {
  constexpr std::string_view kNames[] = {"missing",
                                         "a file",
                                         "a directory",
                                         "a FIFO (named pipe)",
                                         "a socket",
                                         "a character device",
                                         "a block device",
                                         "a symbolic link to a file that does not exist",
                                         "a circular symbolic link",
                                         "out of reach",
                                         "unreadable"};
  return kNames[static_cast<size_t>(kind)];
}

FileFacts Look(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) == 0) return FactsOf(info);
  FileFacts facts;
  facts.kind = KindWithout(errno, path);
  return facts;
}

bool HasAcl(const std::string& path) {
  return getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

// From the file alone: a static binary cannot ask the C library's name services.
std::string NameOfUser(uint32_t uid) {
  std::ifstream users("/etc/passwd");
  const std::string wanted = fmt::format(":{}:", uid);
  for (std::string line; std::getline(users, line);) {
    const size_t name = line.find(':');
    const size_t password = name == std::string::npos ? name : line.find(':', name + 1);
    if (password != std::string::npos && line.compare(password, wanted.size(), wanted) == 0)
      return fmt::format("uid {} ({})", uid, line.substr(0, name));
  }
  return fmt::format("uid {}", uid);
}

Error ExplainDenied(const std::string& path) {
  const std::string part = Refusing(path);
  const FileFacts facts = Look(part);
  std::string what = "permission denied";
  if (facts.kind != FileKind::kDenied) {
    what += fmt::format(": {}{} is owned by {} and has mode {:04o}", part,
                        facts.kind == FileKind::kDirectory ? "/" : "", NameOfUser(facts.uid), facts.mode);
  }
  if (geteuid() == 0) {
    what += "; root is refused too: a network file system, a security module or a missing capability";
  } else if (facts.kind == FileKind::kDenied || facts.uid == geteuid() || facts.uid == 0) {
    what += "; run as root";
  } else {
    what += fmt::format("; run as root or as uid {}", facts.uid);
  }
  return {Errc::kDenied, {path, 0}, std::move(what)};
}

Error ExplainKind(const std::string& path, FileKind kind, std::string_view wanted) {
  switch (kind) {
    case FileKind::kDenied:
      return ExplainDenied(path);
    case FileKind::kMissing:
      return {Errc::kIo, {path, 0}, "does not exist"};
    case FileKind::kDanglingLink:
      return {Errc::kIo,
              {path, 0},
              fmt::format("is a symbolic link to {}, which does not exist", TargetOf(path))};
    default:
      return {Errc::kUnsupported, {path, 0}, fmt::format("is {}, not {}", NameOf(kind), wanted)};
  }
}

Result<int> OpenInput(const std::string& path) {
  if (path == "-") {
    const int input = dup(STDIN_FILENO);
    if (input < 0) return Fail(Errc::kIo, path, fmt::format("cannot read: {}", strerror(errno)));
    return input;
  }
  constexpr int kHow = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  int descriptor = open(path.c_str(), kHow | O_NOATIME);
  if (descriptor < 0 && errno == EPERM) descriptor = open(path.c_str(), kHow);  // not the owner
  if (descriptor < 0) return OpenFailed(path, errno);
  struct stat info {};
  if (fstat(descriptor, &info) != 0) {
    const int error = errno;
    close(descriptor);
    return Fail(Errc::kIo, path, fmt::format("cannot stat: {}", strerror(error)));
  }
  const FileKind kind = FactsOf(info).kind;
  if (IsInput(descriptor, kind)) return Blocking(descriptor, path);
  close(descriptor);
  return tl::make_unexpected(ExplainKind(path, kind));
}

}  // namespace etcdmedic
