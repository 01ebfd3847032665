// SPDX-License-Identifier: Apache-2.0
// Runs a command of the tool in this process.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "cli/command.h"

namespace etcdmedic::support {

struct Ran {
  int code = 0;
  std::string out, err;
};

// A descriptor of its own, so that what was printed can be read back.
class Printed {
 public:
  Printed() : descriptor_(memfd_create("printed", 0)) {}
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;
  ~Printed() { close(descriptor_); }

  render::Output& out() { return out_.emplace(descriptor_); }
  std::string Text() {
    out_.reset();
    std::string text(static_cast<size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    EXPECT_EQ(pread(descriptor_, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

 private:
  int descriptor_;
  std::optional<render::Output> out_;
};

// As a table, or with `format`. Words that do not parse are reported as main reports them.
inline Ran RunTool(const std::vector<std::string>& words, render::Format format = render::Format::kTable) {
  Printed out, err;
  tool::Context context{out.out(), err.out(), tool::HelpTopicOf(words)};
  context.format = format;
  const auto parsed = tool::Parse(words);
  Ran ran;
  ran.code = !parsed ? tool::Report(context, parsed.error()) : parsed->command->run(context, parsed->args);
  ran.out = out.Text();
  ran.err = err.Text();
  return ran;
}

// A file that goes with the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    const int descriptor = mkstemp(path_.data());
    EXPECT_EQ(write(descriptor, content.data(), content.size()), static_cast<ssize_t>(content.size()));
    close(descriptor);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = testing::TempDir() + "etcdmedic-XXXXXX";
};

}  // namespace etcdmedic::support
