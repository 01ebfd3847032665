// SPDX-License-Identifier: Apache-2.0
// Where an export puts its files.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace etcdmedic::objects {

// A directory to fill; plan/new_tree has the one on disk. `name` is relative, of parts that FileName made,
// with
// '/' between them; folders on the way to it are made.
class FileSink {
 public:
  virtual ~FileSink() = default;
  // Makes a file. Errors: kRefused where it is there already, and what writing meets.
  virtual Result<void> Write(const std::string& name, std::string_view content) = 0;
  // Makes a file or writes after its end. Errors: what writing meets.
  virtual Result<void> Append(const std::string& name, std::string_view content) = 0;
};

}  // namespace etcdmedic::objects
