// SPDX-License-Identifier: Apache-2.0
// What a path leads to, asked without opening it, and why it cannot be opened.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace etcdmedic {

enum class FileKind : uint8_t {
  kMissing,
  kRegular,
  kDirectory,
  kFifo,
  kSocket,
  kCharacterDevice,
  kBlockDevice,
  kDanglingLink,
  kCircularLink,
  kDenied,   // a directory on the way there may not be searched
  kUnknown,  // asking failed: an I/O error, a stale handle
};

// "a FIFO (named pipe)".
std::string_view NameOf(FileKind kind);

struct FileFacts {
  FileKind kind = FileKind::kMissing;
  uint64_t size = 0;  // of a regular file
  uint32_t mode = 0;  // permission bits
  uint32_t uid = 0;
  uint32_t gid = 0;
};

// Symbolic links are followed.
FileFacts Look(const std::string& path);

// Whether more than the permission bits decides who may use the file: an access control list.
bool HasAcl(const std::string& path);

// "uid 997 (etcd)".
std::string NameOfUser(uint32_t uid);

// The error (kDenied) of a path that the kernel refused with EACCES or EPERM: names the first directory on
// the way that may not be searched, else the file itself, its owner and mode, and what to do.
Error ExplainDenied(const std::string& path);

// The error of a path that leads to something other than `wanted`: "is a directory, not a file", "is a
// symbolic link to X, which does not exist". For kDenied, ExplainDenied; for kMissing, "does not exist".
Error ExplainKind(const std::string& path, FileKind kind, std::string_view wanted = "a file");

// Opens an input, "-" being standard input. Never waits for the other end of a FIFO: a pipe without a name
// (/dev/fd/63) is an input, a named FIFO, a device or a directory is not. Gives the descriptor. Errors: kIo,
// kDenied, kUnsupported for a path that does not lead to a regular file.
Result<int> OpenInput(const std::string& path);

}  // namespace etcdmedic
