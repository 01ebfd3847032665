// SPDX-License-Identifier: Apache-2.0
// A directory of files that comes into being as a whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "objects/file_sink.h"

namespace etcdmedic::plan {

// Files are written beside the directory, in PATH.partial, and only Commit puts them in place. If anything
// fails before, nothing is left.
class NewTree final : public objects::FileSink {
 public:
  // Errors: kRefused where `path` exists and is not an empty directory, or where PATH.partial exists; kIo.
  static Result<NewTree> Begin(std::string path);

  NewTree(NewTree&& other) noexcept;
  NewTree& operator=(NewTree&&) = delete;
  ~NewTree() override;

  // Files of mode 0600, folders of 0700. Errors: kRefused where Write finds the file there already; kIo,
  // kLimit.
  Result<void> Write(const std::string& name, std::string_view content) override;
  Result<void> Append(const std::string& name, std::string_view content) override;

  // Where a file that is not there yet belongs until Commit, for a writer of one's own. Its folders are made.
  Result<std::string> PlaceOf(const std::string& name);

  // Gives all that was written to its owner; files get mode 0600, folders 0700. Gives what could not be given
  // away, as Disk::not_given. Errors: kIo.
  Result<std::vector<std::string>> Give(uint32_t uid, uint32_t gid) const;

  // Everything to disk, then the directory to its place. After an error it is not there. Errors: kIo;
  // kRefused where something has come there meanwhile.
  Result<void> Commit();

  // Takes a tree that was committed away again, where one that belongs to it could not be. Errors: kIo.
  Result<void> Withdraw();

  const std::string& path() const { return path_; }
  // Where it is until then.
  const std::string& place() const { return partial_; }

 private:
  explicit NewTree(std::string path) : path_(std::move(path)), partial_(path_ + ".partial") {}
  Result<void> MakeFolders(const std::string& name);
  Result<void> Put(const std::string& name, std::string_view content, int flags);

  std::string path_;
  std::string partial_;
  std::string last_folder_;
  bool open_ = true;
};

}  // namespace etcdmedic::plan
