// SPDX-License-Identifier: Apache-2.0
#include "plan/new_tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "base/path.h"
#include "base/posix.h"
#include "base/try.h"
#include "plan/disk.h"

namespace etcdmedic::plan {

Result<NewTree> NewTree::Begin(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (std::filesystem::exists(status) &&
      !(std::filesystem::is_directory(status) && std::filesystem::is_empty(path, error) && !error)) {
    return Fail(Errc::kRefused, path, "exists and is not an empty directory; nothing is overwritten");
  }
  NewTree tree(std::move(path));
  if (mkdir(tree.partial_.c_str(), 0700) != 0) {
    tree.open_ = false;  // it is not ours to remove
    if (errno == EEXIST)
      return Fail(Errc::kRefused, tree.partial_,
                  "is in the way, left by a run that was interrupted; remove it");
    return SystemError(tree.partial_, "create");
  }
  return tree;
}

NewTree::NewTree(NewTree&& other) noexcept
    : path_(std::move(other.path_)),
      partial_(std::move(other.partial_)),
      last_folder_(std::move(other.last_folder_)),
      open_(std::exchange(other.open_, false)) {}

NewTree::~NewTree() {
  std::error_code ignored;
  if (open_) std::filesystem::remove_all(partial_, ignored);
}

Result<void> NewTree::MakeFolders(const std::string& name) {
  const size_t last = name.rfind('/');
  if (last == std::string::npos || name.substr(0, last) == last_folder_) return {};
  for (size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    const std::string folder = partial_ + "/" + name.substr(0, slash);
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return SystemError(folder, "create");
  }
  last_folder_ = name.substr(0, last);
  return {};
}

Result<void> NewTree::Put(const std::string& name, std::string_view content, int flags) {
  RETURN_IF_ERROR(MakeFolders(name));
  const std::string path = partial_ + "/" + name;
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600));
  if (file.get() < 0 && errno == EEXIST)
    return Fail(Errc::kRefused, path, "two objects would take this file");
  if (file.get() < 0) return SystemError(path, "create");
  RETURN_IF_ERROR(WriteAll(file.get(), AsBytes(content), path));
  return Checked(file.Close(), path, "write");
}

Result<void> NewTree::Write(const std::string& name, std::string_view content) {
  return Put(name, content, O_EXCL);
}

Result<void> NewTree::Append(const std::string& name, std::string_view content) {
  return Put(name, content, O_APPEND);
}

Result<std::string> NewTree::PlaceOf(const std::string& name) {
  RETURN_IF_ERROR(MakeFolders(name));
  return partial_ + "/" + name;
}

Result<std::vector<std::string>> NewTree::Give(uint32_t uid, uint32_t gid) const {
  namespace fs = std::filesystem;
  std::vector<std::string> not_given;
  const auto give = [&](const std::string& name, uint32_t mode) -> Result<void> {
    const std::string place = partial_ + name;
    const Descriptor file(open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return SystemError(place, "open");
    return GiveTo(file.get(), place, path_ + name, {uid, gid, mode}, not_given);
  };
  RETURN_IF_ERROR(give("", 0700));
  std::error_code error;
  for (auto each = fs::recursive_directory_iterator(partial_, error); each != fs::end(each);
       each.increment(error))
    RETURN_IF_ERROR(give(each->path().string().substr(partial_.size()), each->is_directory() ? 0700 : 0600));
  if (error) return Fail(Errc::kIo, partial_, "cannot list: " + error.message());
  return not_given;
}

Result<void> NewTree::Withdraw() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
  if (error) return Fail(Errc::kIo, path_, "cannot remove: " + error.message());
  return {};
}

Result<void> NewTree::Commit() {
  const Descriptor folder(open(partial_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || syncfs(folder.get()) != 0) return SystemError(partial_, "sync");
  if (rename(partial_.c_str(), path_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
      return Fail(Errc::kRefused, path_, "was created meanwhile; nothing is overwritten");
    return SystemError(path_, "put it in place");
  }
  open_ = false;
  auto durable = SyncPath(FolderOf(path_));
  if (!durable) RETURN_IF_ERROR(Withdraw());
  return durable;
}

}  // namespace etcdmedic::plan
