// SPDX-License-Identifier: Apache-2.0
// Where results go: one large buffer in front of a descriptor. A reader that has gone away (EPIPE) is a quiet
// end.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <string>

namespace etcdmedic::render {

class Output {
 public:
  explicit Output(int descriptor) : descriptor_(descriptor) {}
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  ~Output() { Flush(); }

  void Write(std::string_view text) {
    buffer_.append(text);
    if (buffer_.size() >= kBlock) Flush();
  }

  template <class... Args>
  void Print(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(buffer_), format, std::forward<Args>(args)...);
    if (buffer_.size() >= kBlock) Flush();
  }

  // `append` appends to the string that it is given and does nothing else to it.
  template <class Append>
  void With(const Append& append) {
    append(buffer_);
    if (buffer_.size() >= kBlock) Flush();
  }

  void Flush();

  // Flushes and closes the descriptor.
  void Close();

  // True where nobody reads any more, or writing failed: a command that streams should stop.
  bool closed() const { return closed_; }
  // Why writing failed, as errno; 0 where it did not. That the reader has gone away (EPIPE) is not a failure.
  int error() const { return error_; }
  // Whether nothing was printed so far.
  bool untouched() const { return written_ == 0 && buffer_.empty(); }

 private:
  static constexpr size_t kBlock = size_t{256} << 10;
  int descriptor_;
  std::string buffer_;
  bool closed_ = false;
  int error_ = 0;
  uint64_t written_ = 0;
};

}  // namespace etcdmedic::render
