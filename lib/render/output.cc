// SPDX-License-Identifier: Apache-2.0
#include "render/output.h"

#include <unistd.h>

#include <cerrno>

namespace etcdmedic::render {

void Output::Flush() {
  size_t done = 0;
  while (done < buffer_.size() && !closed_ && !failed_) {
    const ssize_t count = write(descriptor_, buffer_.data() + done, buffer_.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      (errno == EPIPE ? closed_ : failed_) = true;
      break;
    }
    done += static_cast<size_t>(count);
  }
  buffer_.clear();
}

}  // namespace etcdmedic::render
