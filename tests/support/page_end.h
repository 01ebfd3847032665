// SPDX-License-Identifier: Apache-2.0
// Inputs that end where memory ends: a parser that reads one byte too far ends the test with a SIGSEGV, in
// any build, without a sanitizer.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::support {

// Memory whose last byte is followed by a page that may not be read.
class PageEnd {
 public:
  explicit PageEnd(size_t most) {
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    usable_ = (most / page + 1) * page;
    mapped_ = usable_ + page;
    void* const at = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) std::abort();
    begin_ = static_cast<std::byte*>(at);
    if (mprotect(begin_ + usable_, page, PROT_NONE) != 0) std::abort();
  }
  PageEnd(const PageEnd&) = delete;
  PageEnd& operator=(const PageEnd&) = delete;
  ~PageEnd() { munmap(begin_, mapped_); }

  // A copy of `text` at the very end; the copy before is gone.
  Bytes Place(std::string_view text) {
    if (text.size() > usable_) std::abort();
    std::byte* const at = begin_ + usable_ - text.size();
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
  }

 private:
  std::byte* begin_ = nullptr;
  size_t usable_ = 0;
  size_t mapped_ = 0;
};

// Calls use(prefix) for `whole` cut at every length, the empty one first and `whole` itself last. The prefix
// ends at a page end, and is gone after the call.
template <class Use>
void ForEachPrefix(std::string_view whole, const Use& use) {
  PageEnd memory(whole.size());
  for (size_t length = 0; length <= whole.size(); ++length) use(memory.Place(whole.substr(0, length)));
}

}  // namespace etcdmedic::support
