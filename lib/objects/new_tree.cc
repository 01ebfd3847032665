// SPDX-License-Identifier: Apache-2.0
#include "objects/new_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/sha256.h"

namespace etcdmedic::objects {
namespace {

constexpr size_t kLongestName = 200;

tl::unexpected<Error> Broken(const std::string& path, const char* doing) {
  return Fail(Errc::kIo, path, fmt::format("{}: {}", doing, std::strerror(errno)));
}

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  // Closes it; false where that tells of a failed write.
  bool Close() { return close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool WriteAll(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

}  // namespace

std::string FileName(std::string_view name) {
  std::string safe;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (IsPlain(c) && !(i == 0 && (c == '.' || c == '_'))) {
      safe += c;
    } else {
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (safe.empty()) return "%";
  if (safe.size() <= kLongestName) return safe;
  safe.resize(kLongestName - 33);
  safe += '~';
  for (const char c : Sha256(AsBytes(name)).substr(0, 16))
    safe += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return safe;
}

Result<NewTree> NewTree::Begin(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (std::filesystem::exists(status) &&
      !(std::filesystem::is_directory(status) && std::filesystem::is_empty(path, error) && !error)) {
    return Fail(Errc::kRefused, path, "exists and is no empty directory; nothing is ever written over");
  }
  NewTree tree(std::move(path));
  if (mkdir(tree.partial_.c_str(), 0700) != 0) {
    tree.open_ = false;  // it is not ours to remove
    if (errno == EEXIST)
      return Fail(Errc::kRefused, tree.partial_,
                  "is in the way, left by a run that was interrupted; remove it");
    return Broken(tree.partial_, "cannot make it");
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
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return Broken(folder, "cannot make it");
  }
  last_folder_ = name.substr(0, last);
  return {};
}

Result<void> NewTree::Put(const std::string& name, std::string_view content, int flags) {
  if (auto made = MakeFolders(name); !made) return made;
  const std::string path = partial_ + "/" + name;
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600));
  if (file.get() < 0 && errno == EEXIST)
    return Fail(Errc::kRefused, path, "two objects would take this file");
  if (file.get() < 0) return Broken(path, "cannot make it");
  if (!WriteAll(file.get(), content) || !file.Close()) return Broken(path, "cannot write");
  return {};
}

Result<void> NewTree::Write(const std::string& name, std::string_view content) {
  return Put(name, content, O_EXCL);
}

Result<void> NewTree::Append(const std::string& name, std::string_view content) {
  return Put(name, content, O_APPEND);
}

Result<void> NewTree::Commit() {
  const Descriptor folder(open(partial_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || syncfs(folder.get()) != 0) return Broken(partial_, "cannot write to disk");
  if (rename(partial_.c_str(), path_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
      return Fail(Errc::kRefused, path_, "has come to exist meanwhile; nothing is ever written over");
    return Broken(path_, "cannot put it in place");
  }
  open_ = false;
  const std::string parent = std::filesystem::path(path_).parent_path().string();
  const Descriptor above(open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (above.get() < 0 || fsync(above.get()) != 0) return Broken(path_, "cannot write to disk");
  return {};
}

}  // namespace etcdmedic::objects
