// SPDX-License-Identifier: Apache-2.0
#include "plan/copy_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/posix.h"
#include "base/try.h"
#include "plan/disk.h"

namespace etcdmedic::plan {
namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 16;  // a data directory has three levels; links may lead in a circle

class Copier {
 public:
  Result<void> Copy(const fs::path& from, const fs::path& to, int depth) {
    struct stat info {};
    if (stat(from.c_str(), &info) != 0) {
      const bool is_dangling = depth > 0 && (errno == ENOENT || errno == ELOOP);
      return is_dangling ? Result<void>() : SystemError(from, "look at the file");
    }
    if (S_ISREG(info.st_mode)) return CopyFile(from, to, info);
    if (!S_ISDIR(info.st_mode)) return {};
    if (depth > kDeepest) return Fail(Errc::kIo, from.string(), "is nested too deeply to be copied");
    if (mkdir(to.c_str(), 0700) != 0 && errno != EEXIST) return SystemError(to, "make the directory");
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(from, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with("etcdmedic-undo-")) continue;
      RETURN_IF_ERROR(Copy(entry.path(), to / name, depth + 1));
    }
    if (error) return Fail(Errc::kIo, from.string(), "cannot list: " + error.message());
    return Give(to, info);
  }

  std::vector<std::string> not_given;

 private:
  Result<void> CopyFile(const fs::path& from, const fs::path& to, const struct stat& info) {
    std::error_code error;
    if (!fs::copy_file(from, to, error))
      return Fail(error == std::errc::no_space_on_device ? Errc::kLimit : Errc::kIo, to.string(),
                  "cannot copy: " + error.message());
    return Give(to, info);
  }

  Result<void> Give(const fs::path& to, const struct stat& info) {
    const Descriptor file(open(to.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return SystemError(to, "open");
    const Ownership owner{info.st_uid, info.st_gid, info.st_mode & 07777U};
    RETURN_IF_ERROR(GiveTo(file.get(), to, to, owner, not_given));
    const timespec times[2] = {info.st_atim, info.st_mtim};
    RETURN_IF_ERROR(Checked(fsync(file.get()), to, "sync"));
    return Checked(futimens(file.get(), times), to, "set the times");
  }
};

}  // namespace

Result<std::vector<std::string>> CopyTree(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::create_directories(to, error);
  if (error) return Fail(Errc::kIo, to, "cannot make the directory: " + error.message());
  Copier copier;
  RETURN_IF_ERROR(copier.Copy(from, to, 0));
  return std::move(copier.not_given);
}

}  // namespace etcdmedic::plan
