// SPDX-License-Identifier: Apache-2.0
// A directory of files that comes into being as a whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace etcdmedic::objects {

// One part of a path, made of a name that may hold anything. Different names give different parts: what is
// not a letter, a digit or one of "._-" becomes %XX, as does a leading dot; longer than 200 bytes is cut and
// ends in
// "~" and 32 digits of the name's SHA-256; the empty name is "%".
std::string FileName(std::string_view name);

// Files are written beside the directory, in PATH.partial, and only Commit puts them in place. Whatever goes
// wrong before, nothing is left behind.
class NewTree {
 public:
  // Errors: kRefused where `path` exists and is not an empty directory, or where PATH.partial exists; kIo.
  static Result<NewTree> Begin(std::string path);

  NewTree(NewTree&& other) noexcept;
  NewTree& operator=(NewTree&&) = delete;
  ~NewTree();

  // Writes a file of mode 0600, with the folders (0700) on the way to it. `name` is relative, of parts that
  // FileName made, with '/' between them. Errors: kRefused where the file is there already; kIo.
  Result<void> Write(const std::string& name, std::string_view content);
  // Likewise, at the end of a file that may be there already.
  Result<void> Append(const std::string& name, std::string_view content);

  // Everything to disk, then the directory to its place. Errors: kIo; kRefused where something has come there
  // meanwhile.
  Result<void> Commit();

  const std::string& path() const { return path_; }

 private:
  explicit NewTree(std::string path) : path_(std::move(path)), partial_(path_ + ".partial") {}
  Result<void> MakeFolders(const std::string& name);
  Result<void> Put(const std::string& name, std::string_view content, int flags);

  std::string path_;
  std::string partial_;
  std::string last_folder_;
  bool open_ = true;
};

}  // namespace etcdmedic::objects
