// SPDX-License-Identifier: Apache-2.0
// Where results go: one large buffer in front of a descriptor. A reader that has gone away (EPIPE) is a quiet
// end.
#pragma once

#include <fmt/format.h>

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

  // True where nobody reads any more: a command that streams should stop.
  bool closed() const { return closed_; }
  // True where writing failed for another reason.
  bool failed() const { return failed_; }

 private:
  static constexpr size_t kBlock = size_t{256} << 10;
  int descriptor_;
  std::string buffer_;
  bool closed_ = false;
  bool failed_ = false;
};

}  // namespace etcdmedic::render
