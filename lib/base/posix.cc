// SPDX-License-Identifier: Apache-2.0
#include "base/posix.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace etcdmedic {
namespace {

// Calls `write` with what is left until nothing is.
template <class Write>
Result<void> WriteLoop(Bytes bytes, const std::string& path, const Write& write_some) {
  while (!bytes.empty()) {
    const ssize_t count = write_some(bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(path, "write");
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return {};
}

}  // namespace

int Descriptor::Close() {
  const int number = std::exchange(number_, -1);
  return number < 0 ? 0 : close(number);
}

tl::unexpected<Error> SystemError(const std::string& path, std::string_view doing) {
  return Fail(errno == ENOSPC ? Errc::kLimit : Errc::kIo, path,
              fmt::format("cannot {}: {}", doing, strerror(errno)));
}

Result<void> Checked(int result, const std::string& path, std::string_view doing) {
  if (result != 0) return SystemError(path, doing);
  return {};
}

Result<void> WriteAll(int descriptor, Bytes bytes, const std::string& path) {
  return WriteLoop(bytes, path, [&](Bytes left) { return write(descriptor, left.data(), left.size()); });
}

Result<void> WriteAllAt(int descriptor, uint64_t offset, Bytes bytes, const std::string& path) {
  const uint64_t end = offset + bytes.size();
  return WriteLoop(bytes, path, [&](Bytes left) {
    return pwrite(descriptor, left.data(), left.size(), static_cast<off_t>(end - left.size()));
  });
}

Result<void> SyncPath(const std::string& path) {
  Descriptor opened(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened.get() < 0) return SystemError(path, "open");
  return Checked(fsync(opened.get()), path, "sync");
}

}  // namespace etcdmedic
