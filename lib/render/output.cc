// SPDX-License-Identifier: Apache-2.0
#include "render/output.h"

#include <unistd.h>

#include <cerrno>

#include "base/progress.h"

namespace etcdmedic::render {

void Output::Flush() {
  if (!buffer_.empty()) Progress::BeforeOutput();
  size_t done = 0;
  while (done < buffer_.size() && !closed_) {
    const ssize_t count = write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      if (errno != EPIPE) error_ = errno;
      closed_ = true;
      break;
    }
    done += static_cast<size_t>(count);
  }
  written_ += done;
  buffer_.clear();
}

void Output::Close() {
  Flush();
  // A file system may report only here that a write failed. EBADF: it was closed from the start.
  if (close(descriptor_) != 0 && errno != EBADF && error_ == 0) error_ = errno;
}

}  // namespace etcdmedic::render
