// SPDX-License-Identifier: Apache-2.0
#include "base/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/try.h"

namespace etcdmedic {
namespace {

constexpr uint64_t kHoleBlock = 4096;

}  // namespace

Result<Spool> Spool::Open(const std::string& name) {
  const char* folder = getenv("TMPDIR");
  int number = open(folder != nullptr ? folder : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (number < 0) number = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (number < 0) return SystemError(name, "make a temporary file");
  return Spool(Descriptor(number), name);
}

Result<void> Spool::Write(uint64_t offset, Bytes bytes) {
  size_ = std::max(size_, offset + bytes.size());
  // Runs of blocks that hold something, a write each.
  for (uint64_t from = 0, to = 0; from < bytes.size(); from = to) {
    const auto block = [&](uint64_t at) {
      return bytes.subspan(at, std::min(kHoleBlock - (offset + at) % kHoleBlock, bytes.size() - at));
    };
    const bool zeros = AllZero(block(from));
    for (to = from; to < bytes.size() && AllZero(block(to)) == zeros;) to += block(to).size();
    if (!zeros)
      RETURN_IF_ERROR(WriteAllAt(file_.get(), offset + from, bytes.subspan(from, to - from), name_));
  }
  return {};
}

Result<void> Spool::Finish() {
  return Checked(ftruncate(file_.get(), static_cast<off_t>(size_)), name_, "write");
}

std::string Spool::PathOf(const Descriptor& file) { return fmt::format("/proc/self/fd/{}", dup(file.get())); }

}  // namespace etcdmedic
