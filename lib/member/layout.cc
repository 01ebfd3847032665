// SPDX-License-Identifier: Apache-2.0
#include "member/layout.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "bolt/view.h"
#include "snap/snap.h"
#include "wal/frame.h"
#include "wal/segment_name.h"

namespace etcdmedic::member {
namespace {

namespace fs = std::filesystem;

std::string_view WithoutPacking(std::string_view name) {
  for (const std::string_view suffix : {".zst", ".gz"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return name;
}

File Describe(const fs::path& path, const std::string& root) {
  File file;
  file.path = path.string();
  file.name = root.empty() ? path.filename().string() : fs::path(path).lexically_relative(root).string();
  struct stat info {};
  if (stat(file.path.c_str(), &info) == 0) {
    file.size = static_cast<uint64_t>(info.st_size);
    file.mode = info.st_mode & 07777;
  }
  return file;
}

std::vector<File> List(const std::string& folder, const std::string& root) {
  std::vector<File> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_directory(error)) files.push_back(Describe(entry.path(), root));
  }
  std::ranges::sort(files, {}, &File::name);
  return files;
}

std::string BaseName(const std::string& name) { return name.substr(name.rfind('/') + 1); }

void SortWal(const std::string& folder, Layout& layout) {
  layout.wal_dir = folder;
  for (File& file : List(folder, layout.root)) {
    const std::string name = BaseName(file.name);
    const std::string_view plain = WithoutPacking(name);
    if (wal::ParseSegmentName(plain)) {
      layout.segments.push_back(std::move(file));
    } else if (plain.ends_with(".tmp")) {
      layout.wal_tmp.push_back(std::move(file));
    } else if (plain.find(".broken") != std::string_view::npos) {
      layout.wal_broken.push_back(std::move(file));
    } else {
      layout.wal_stray.push_back(std::move(file));
    }
  }
}

void SortSnap(const std::string& folder, Layout& layout) {
  layout.snap_dir = folder;
  for (File& file : List(folder, layout.root)) {
    const std::string name = BaseName(file.name);
    const std::string_view plain = WithoutPacking(name);
    if (plain == "db") {
      layout.db.push_back(std::move(file));
    } else if (plain.ends_with(".snap")) {
      layout.snapshots.push_back(std::move(file));
    } else if (plain.ends_with(".snap.db")) {
      layout.snap_db.push_back(std::move(file));
    } else if (plain.starts_with("tmp") || plain.starts_with("db.tmp")) {
      layout.snap_tmp.push_back(std::move(file));
    } else if (plain.find(".broken") != std::string_view::npos) {
      layout.snap_broken.push_back(std::move(file));
    }
  }
  std::ranges::reverse(layout.snapshots);
}

bool IsDirectory(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

// What a user who pointed one level too high meant.
std::string HintIn(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (IsDirectory((entry.path() / "member").string()))
      return fmt::format("; {} is one", entry.path().string());
  }
  return {};
}

Result<Layout> RecogniseFolder(const std::string& path, Layout layout) {
  layout.root = path;
  const std::string member = IsDirectory(path + "/member") ? path + "/member" : path;
  const bool has_wal = IsDirectory(member + "/wal");
  const bool has_snap = IsDirectory(member + "/snap");
  if (member != path || has_wal || has_snap) {
    layout.kind = member != path ? Kind::kDataDir : Kind::kMemberDir;
    if (has_wal) SortWal(member + "/wal", layout);
    if (has_snap) SortSnap(member + "/snap", layout);
    return layout;
  }
  const std::vector<File> files = List(path, path);
  const auto any = [&](const auto& test) { return std::ranges::any_of(files, test); };
  if (any([](const File& file) { return wal::ParseSegmentName(BaseName(file.name)).has_value(); })) {
    layout.kind = Kind::kWalDir;
    SortWal(path, layout);
    return layout;
  }
  if (any([](const File& file) {
        const std::string_view plain = WithoutPacking(file.name);
        return plain == "db" || plain.ends_with(".snap");
      })) {
    layout.kind = Kind::kSnapDir;
    SortSnap(path, layout);
    return layout;
  }
  return Fail(
      Errc::kUnsupported, path,
      "is no etcd directory: expected member/, wal/, snap/, *.wal, *.snap or db in it" + HintIn(path));
}

std::optional<Kind> KindOfContent(Bytes bytes) {
  diag::FindingList unused;
  if (bolt::View::Open(bytes, {}, unused)) return Kind::kDb;
  wal::Frame frame;
  wal::Record record;
  if (wal::ReadFrame(bytes, 0, frame) == wal::FrameFault::kNone && wal::ParseRecord(frame, record) &&
      record.type == wal::RecordType::kCrc) {
    return Kind::kSegment;
  }
  if (snap::ReadSnapshot(bytes, {}, unused)) return Kind::kSnapFile;
  return std::nullopt;
}

// A damaged file is still what its name says.
std::optional<Kind> KindOfName(const std::string& path) {
  const std::string base = BaseName(path);
  const std::string_view name = WithoutPacking(base);
  if (wal::ParseSegmentName(name) || name.ends_with(".wal")) return Kind::kSegment;
  if (name.ends_with(".snap")) return Kind::kSnapFile;
  if (name == "db" || name.ends_with(".db")) return Kind::kDb;
  return std::nullopt;
}

Result<Layout> RecogniseFile(const std::string& path, Layout layout) {
  auto kind = KindOfName(path);
  if (!kind) {
    auto file = MappedFile::Open(path);
    if (!file) return tl::make_unexpected(file.error());
    kind = KindOfContent(file->bytes());
  }
  if (!kind) {
    return Fail(Errc::kUnsupported, path,
                "is no WAL segment, no .snap file and no bbolt file (db or saved snapshot)");
  }
  layout.kind = *kind;
  layout.root = fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : ".";
  File file = Describe(path, layout.root);
  if (*kind == Kind::kSegment) layout.segments.push_back(std::move(file));
  if (*kind == Kind::kSnapFile) layout.snapshots.push_back(std::move(file));
  if (*kind == Kind::kDb) layout.db.push_back(std::move(file));
  return layout;
}

// Standard input can be read once, so it is unpacked here and named by its descriptor from then on.
Result<Layout> RecogniseInput(Layout layout) {
  auto spooled = SpoolStandardInput();
  if (!spooled) return tl::make_unexpected(spooled.error());
  return RecogniseFile(*spooled, std::move(layout));
}

bool HoldsOfdLock(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct flock lock {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  const bool asked = fcntl(fd, F_OFD_GETLK, &lock) == 0;
  close(fd);
  return asked && lock.l_type != F_UNLCK;
}

// /proc/locks names the inode of every lock, so that none has to be taken to ask.
bool InProcLocks(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return false;
  auto locks = std::unique_ptr<FILE, int (*)(FILE*)>(fopen("/proc/locks", "re"), fclose);
  if (!locks) return false;
  const std::string inode = fmt::format(":{} ", info.st_ino);
  char line[256];
  while (fgets(line, sizeof line, locks.get()) != nullptr) {
    const std::string_view text(line);
    if (text.find("FLOCK") != std::string_view::npos && text.find(inode) != std::string_view::npos)
      return true;
  }
  return false;
}

}  // namespace

std::string_view NameOf(Kind kind) {
  constexpr std::string_view kNames[] = {"data directory", "member directory", "WAL directory",
                                         "snap directory", "WAL segment",      "snapshot file",
                                         "backend file"};
  return kNames[static_cast<size_t>(kind)];
}

Result<Layout> Recognise(const std::string& path) {
  Layout layout;
  layout.given = path;
  if (path == "-") return RecogniseInput(std::move(layout));
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return Fail(Errc::kIo, path, "does not exist");
  std::string plain = path;
  while (plain.size() > 1 && plain.ends_with('/')) plain.pop_back();
  return fs::is_directory(status) ? RecogniseFolder(plain, std::move(layout))
                                  : RecogniseFile(plain, std::move(layout));
}

Result<Layout> Recognise(const std::vector<std::string>& paths) {
  if (paths.empty()) return Fail(Errc::kUsage, "", "no path given");
  auto all = Recognise(paths[0]);
  for (size_t i = 1; all && i < paths.size(); ++i) {
    auto next = Recognise(paths[i]);
    if (!next) return next;
    if (next->kind != Kind::kSegment || all->kind != Kind::kSegment) {
      return Fail(Errc::kUsage, paths[i], "only segments of one log can be given together");
    }
    all->segments.push_back(next->segments.front());
  }
  if (all) std::ranges::sort(all->segments, {}, [](const File& file) { return BaseName(file.name); });
  return all;
}

InUse IsRunning(const Layout& layout) {
  for (const File& file : layout.db) {
    if (InProcLocks(file.path)) return {true, file.name};
  }
  for (const auto* files : {&layout.segments, &layout.wal_tmp}) {
    for (const File& file : *files) {
      if (HoldsOfdLock(file.path)) return {true, file.name};
    }
  }
  return {};
}

}  // namespace etcdmedic::member
