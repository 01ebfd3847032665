// SPDX-License-Identifier: Apache-2.0
#include "member/layout.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "base/archive.h"
#include "base/path.h"
#include "base/try.h"
#include "member/archive_layout.h"
#include "member/file_names.h"
#include "member/foreign_file.h"
#include "wal/segment_name.h"

namespace etcdmedic::member {
namespace {

namespace fs = std::filesystem;

// Below the root a name is relative to it; elsewhere it is absolute, so that it stays unambiguous.
std::string NameBelow(const fs::path& path, const std::string& root) {
  if (root.empty()) return path.filename().string();
  const fs::path name = path.lexically_normal().lexically_relative(fs::path(root).lexically_normal());
  if (!name.empty() && *name.begin() != "..") return name.string();
  std::error_code error;
  return fs::absolute(path, error).lexically_normal().string();
}

File Describe(const fs::path& path, const std::string& root) {
  File file;
  file.path = path.string();
  file.name = NameBelow(path, root);
  const FileFacts facts = Look(file.path);
  file.size = facts.size;
  file.mode = facts.mode;
  file.uid = facts.uid;
  file.gid = facts.gid;
  file.kind = facts.kind;
  return file;
}

Error ListError(const std::string& folder, const std::error_code& error) {
  if (error == std::errc::permission_denied) return ExplainDenied(folder);
  return {Errc::kIo, {folder, 0}, "cannot list the directory: " + error.message()};
}

// What is in `folder`, in the order of the names; why it cannot be listed goes to layout.unlisted.
std::vector<File> List(const std::string& folder, Layout& layout) {
  std::vector<File> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    files.push_back(Describe(at->path(), layout.root));
  if (error) layout.unlisted.push_back(ListError(folder, error));
  std::ranges::sort(files, {}, &File::name);
  return files;
}

void SortWal(const std::string& folder, Layout& layout) {
  layout.wal_dir = folder;
  for (File& file : List(folder, layout)) {
    const std::string name = BaseName(file.name);
    auto* list = ListInWal(WithoutPacking(name), layout);
    if (file.kind != FileKind::kDirectory || list == &layout.segments) list->push_back(std::move(file));
  }
}

void SortSnap(const std::string& folder, Layout& layout) {
  layout.snap_dir = folder;
  for (File& file : List(folder, layout)) {
    const std::string name = BaseName(file.name);
    auto* list = ListInSnap(WithoutPacking(name), layout);
    if (list == nullptr) continue;
    const bool wanted = list == &layout.db || list == &layout.snapshots || list == &layout.snap_db;
    if (file.kind != FileKind::kDirectory || wanted) list->push_back(std::move(file));
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

bool IsSegment(const File& file) { return wal::ParseSegmentName(BaseName(file.name)).has_value(); }

bool IsOfSnapDir(const File& file) {
  const std::string_view plain = WithoutPacking(file.name);
  return plain == "db" || plain.ends_with(".snap");
}

Error NoEtcdDirectory(const std::string& path) {
  const auto foreign = RecogniseForeignFolder(path);
  const std::string what = foreign
                               ? ", but " + foreign->what
                               : ": expected member/, wal/, snap/, *.wal, *.snap or db in it" + HintIn(path);
  return {Errc::kUnsupported, {path, 0}, "is not an etcd directory" + what};
}

// Notes what is there under the name of a folder, and tells whether it is one. Errors: kDenied where the way
// to it may not be searched.
Result<bool> NoteFolder(const std::string& path, const std::string& root, std::optional<File>& folder) {
  File found = Describe(path, root);
  if (found.kind == FileKind::kDenied) return tl::make_unexpected(ExplainDenied(path));
  if (found.kind == FileKind::kMissing) return false;
  folder = std::move(found);
  return folder->kind == FileKind::kDirectory;
}

// A data directory or member/, whose wal/ and snap/ are in `member`.
Result<Layout> RecogniseMember(const std::string& member, const std::string& wal_dir, Layout layout) {
  layout.wal_elsewhere = !wal_dir.empty();
  const std::string wal = layout.wal_elsewhere ? wal_dir : member + "/wal";
  const auto has_wal = NoteFolder(wal, layout.root, layout.wal_folder);
  if (!has_wal) return Propagate(has_wal);
  const auto has_snap = NoteFolder(member + "/snap", layout.root, layout.snap_folder);
  if (!has_snap) return Propagate(has_snap);
  if (*has_wal) SortWal(wal, layout);
  if (*has_snap) SortSnap(member + "/snap", layout);
  const size_t folders = (*has_wal ? 1 : 0) + (*has_snap ? 1 : 0);
  if (folders > 0 && layout.unlisted.size() == folders) return tl::make_unexpected(layout.unlisted.front());
  return layout;
}

// One of the folders inside a member, given by itself.
Result<Layout> RecogniseLoneFolder(const std::string& path, Layout layout) {
  const std::vector<File> files = List(path, layout);
  if (!layout.unlisted.empty()) return tl::make_unexpected(layout.unlisted.front());
  if (std::ranges::any_of(files, IsSegment)) {
    layout.kind = Kind::kWalDir;
    SortWal(path, layout);
    return layout;
  }
  if (std::ranges::any_of(files, IsOfSnapDir)) {
    layout.kind = Kind::kSnapDir;
    SortSnap(path, layout);
    return layout;
  }
  return tl::make_unexpected(NoEtcdDirectory(path));
}

Result<Layout> RecogniseFolder(const std::string& path, const std::string& wal_dir, Layout layout) {
  layout.root = path;
  const auto has_member = NoteFolder(path + "/member", path, layout.member_folder);
  if (!has_member) return Propagate(has_member);
  if (*has_member) {
    layout.kind = Kind::kDataDir;
    layout.data_folder = Describe(path, path);
    return RecogniseMember(path + "/member", wal_dir, std::move(layout));
  }
  if (layout.member_folder)
    return tl::make_unexpected(ExplainKind(path + "/member", layout.member_folder->kind, "a directory"));
  if (IsDirectory(path + "/wal") || IsDirectory(path + "/snap")) {
    layout.kind = Kind::kMemberDir;
    layout.member_folder = Describe(path, path);
    return RecogniseMember(path, wal_dir, std::move(layout));
  }
  if (!wal_dir.empty())
    return Fail(Errc::kUsage, path, "--wal-dir needs a data directory; this one has no member/ or snap/");
  return RecogniseLoneFolder(path, std::move(layout));
}

Error NotOfEtcd(const std::string& path, Bytes bytes) {
  const auto foreign = RecogniseForeignFile(bytes);
  return {Errc::kUnsupported,
          {path, 0},
          "is not a WAL segment, a .snap file or a bbolt file (db or saved snapshot)" +
              (foreign ? ", but " + foreign->what : std::string())};
}

Result<Layout> RecogniseFile(const std::string& path, Layout layout) {
  auto kind = KindOfName(path);
  if (!kind) {
    auto file = MappedFile::Open(path);
    if (!file) return Propagate(file);
    kind = KindOfContent(file->bytes());
    if (!kind && Archive::Is(file->bytes())) return RecogniseArchive(file->bytes(), std::move(layout), "");
    if (!kind) return tl::make_unexpected(NotOfEtcd(path, file->bytes()));
  }
  layout.kind = *kind;
  layout.root = fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : ".";
  File file = Describe(path, layout.root);
  ListOf(*kind, layout).push_back(std::move(file));
  return layout;
}

// A pipe can be read once, so it is unpacked here and named by its descriptor from then on.
Result<Layout> RecogniseInput(Layout layout) {
  auto spooled = SpoolInput(layout.given);
  if (!spooled) return Propagate(spooled);
  const std::string name = layout.given == "-" ? "standard input" : layout.given;
  auto found = RecogniseFile(*spooled, std::move(layout));
  if (!found || found->kind < Kind::kSegment) return found;  // out of an archive they have names
  for (auto* list : {&found->segments, &found->snapshots, &found->db}) {
    for (File& file : *list) file.name = file.path == *spooled ? name : file.name;
  }
  return found;
}

bool HoldsOfdLock(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
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
  constexpr std::string_view kNames[] = {"data-dir", "member-dir", "wal-dir", "snap-dir",
                                         "segment",  "snap-file",  "db"};
  return kNames[static_cast<size_t>(kind)];
}

namespace {

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Result<void> CheckWalDir(const std::string& wal_dir) {
  if (wal_dir.empty()) return {};
  const FileKind kind = Look(wal_dir).kind;
  if (kind == FileKind::kDirectory) return {};
  return tl::make_unexpected(ExplainKind(wal_dir, kind, "a directory"));
}

}  // namespace

Result<Layout> Recognise(const std::string& path, const std::string& wal_dir) {
  Layout layout;
  layout.given = path;
  RETURN_IF_ERROR(CheckWalDir(wal_dir));
  if (path == "-" && wal_dir.empty()) return RecogniseInput(std::move(layout));
  const FileKind kind = Look(path).kind;
  if (kind == FileKind::kDirectory)
    return RecogniseFolder(WithoutSlash(path), WithoutSlash(wal_dir), std::move(layout));
  if (!wal_dir.empty())
    return Fail(Errc::kUsage, path, "--wal-dir goes with a data directory, not with a file");
  if (kind == FileKind::kFifo) return RecogniseInput(std::move(layout));
  if (const auto picked = SplitArchivePath(path); picked && kind == FileKind::kMissing) {
    const auto file = MappedFile::Open(picked->archive);
    return file ? RecogniseArchive(file->bytes(), std::move(layout), picked->inside) : Propagate(file);
  }
  if (kind == FileKind::kDenied || kind == FileKind::kMissing)
    return tl::make_unexpected(ExplainKind(path, kind));
  return RecogniseFile(WithoutSlash(path), std::move(layout));
}

Result<Layout> AsBackend(const std::string& path) {
  const FileKind kind = Look(path).kind;
  if (kind == FileKind::kDenied || kind == FileKind::kMissing)
    return tl::make_unexpected(ExplainKind(path, kind));
  Layout layout;
  layout.given = path;
  layout.kind = Kind::kDb;
  layout.root = fs::path(path).has_parent_path() ? fs::path(path).parent_path().string() : ".";
  layout.db.push_back(Describe(path, layout.root));
  return layout;
}

Result<Layout> Recognise(const std::vector<std::string>& paths, const std::string& wal_dir) {
  if (paths.empty()) return Fail(Errc::kUsage, "", "no path given");
  if (paths.size() > 1 && !wal_dir.empty())
    return Fail(Errc::kUsage, "", "--wal-dir goes with one data directory");
  auto all = Recognise(paths[0], wal_dir);
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

std::vector<const File*> FoldersOf(const Layout& layout) {
  std::vector<const File*> folders;
  for (const auto* folder :
       {&layout.data_folder, &layout.member_folder, &layout.wal_folder, &layout.snap_folder}) {
    if (*folder) folders.push_back(&**folder);
  }
  return folders;
}

Error Lacking(const Layout& layout, std::string what) {
  if (!layout.unlisted.empty()) return layout.unlisted.front();
  return {Errc::kUnsupported, {layout.given, 0}, std::move(what)};
}

void AddFile(File file, Layout& layout) {
  const std::string name = BaseName(file.name);
  const bool in_wal = fs::path(file.path).parent_path() == fs::path(layout.wal_dir);
  auto* list = (in_wal ? ListInWal : ListInSnap)(WithoutPacking(name), layout);
  if (list == nullptr) return;
  list->push_back(std::move(file));
  std::ranges::sort(*list, {}, &File::name);
  if (list == &layout.snapshots) std::ranges::reverse(*list);
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
