// SPDX-License-Identifier: Apache-2.0
#include "member/archive_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/archive.h"
#include "base/path.h"
#include "base/try.h"
#include "bolt/format.h"
#include "member/file_names.h"
#include "wal/segment_name.h"

namespace etcdmedic::member {
namespace {

using Entry = ArchiveEntry;

constexpr size_t kMostNamed = 8;
constexpr size_t kMostMembers = 64;  // far more than a cluster has
constexpr size_t kMostFiles = 512;   // of a member: each is held open
constexpr uint32_t kFileMode = 0600, kFolderMode = 0700;
constexpr std::string_view kSpooled = "/proc/self/fd";

// "a/b/c" as "a/b"; "c" as "".
std::string FolderIn(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

// What Finder adds for each file.
bool IsAppleDouble(const std::string& path) { return BaseName(path).starts_with("._"); }

// The folder that a file's place and name make a member's, and what it is.
struct Place {
  Kind kind;
  std::string root;
  friend auto operator<=>(const Place&, const Place&) = default;
};

std::optional<Place> PlaceOf(const std::string& path) {
  const std::string folder = FolderIn(path), name = BaseName(folder), above = FolderIn(folder);
  const std::string base = BaseName(path);
  const std::string_view plain = WithoutPacking(base);
  const bool segment = wal::ParseSegmentName(plain).has_value();
  const bool of_snap = plain == "db" || plain.ends_with(".snap") || plain.ends_with(".snap.db");
  if (!segment && !of_snap) return std::nullopt;
  if (name != (segment ? "wal" : "snap")) {
    if (of_snap && !plain.ends_with(".snap")) return std::nullopt;  // a db alone is a backup
    return Place{segment ? Kind::kWalDir : Kind::kSnapDir, folder};
  }
  if (BaseName(above) == "member") return Place{Kind::kDataDir, FolderIn(above)};
  return Place{Kind::kMemberDir, above};
}

bool HasMeta(const Entry& entry) {
  constexpr uint64_t kMagicAt = 16;
  constexpr std::string_view kMagic = "\xED\xDA\x0C\xED";
  return entry.head.size() > kMagicAt + kMagic.size() &&
         entry.head.compare(kMagicAt, kMagic.size(), kMagic) == 0;
}

// "x.db.gz" holds something else than its first bytes say.
bool IsNamedDb(const Entry& entry) {
  const std::string base = BaseName(entry.path);
  const std::string_view plain = WithoutPacking(base);
  return plain == "db" || plain.ends_with(".db");
}

struct Found {
  std::map<Place, std::vector<size_t>> members;
  std::vector<size_t> backups;  // by content, or else by name
  std::vector<std::string> names;
};

Found Find(const std::vector<Entry>& entries, const std::string& inside) {
  Found found;
  std::vector<size_t> named;
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (entry.path.empty() || entry.kind == Entry::Kind::kFolder || !IsBelow(entry.path, inside)) continue;
    if (IsAppleDouble(entry.path)) continue;
    if (found.names.size() < kMostNamed) found.names.push_back(entry.path);
    if (const auto place = PlaceOf(entry.path); place && entry.path != inside)
      found.members[*place].push_back(i);
    else if (entry.kind == Entry::Kind::kFile && (HasMeta(entry) || entry.path == inside))
      found.backups.push_back(i);
    else if (IsNamedDb(entry))
      named.push_back(i);
  }
  if (found.backups.empty() && found.members.empty()) found.backups = named;
  return found;
}

std::string NameOfRoot(const std::string& root) { return root.empty() ? "." : root; }

Error Several(const Found& found, const std::vector<Entry>& entries, const Layout& layout) {
  std::vector<std::string> names;
  for (const auto& [place, files] : found.members) names.push_back(NameOfRoot(place.root));
  for (const size_t backup : found.backups) names.push_back(entries[backup].path);
  const size_t count = names.size();
  std::ranges::sort(names);
  names.resize(std::min(count, kMostNamed));
  return {Errc::kUsage,
          {layout.given, 0},
          fmt::format("holds {} members and backups: {}{}; pick one: {}!{}", count, fmt::join(names, ", "),
                      count > kMostNamed ? ", …" : "", layout.given, names.front())};
}

Error Neither(const Found& found, const Layout& layout, const std::string& inside) {
  const std::string place = inside.empty() ? "" : " below " + inside;
  return {Errc::kUnsupported,
          {layout.given, 0},
          found.names.empty() ? fmt::format("the archive holds nothing{}", place)
                              : fmt::format("the archive holds no member and no db{}, but {}", place,
                                            fmt::join(found.names, ", "))};
}

File Describe(const Entry& entry, const std::string& root) {
  File file;
  file.name = root.empty() ? entry.path : entry.path.substr(root.size() + 1);
  file.size = entry.size;
  file.mode = entry.mode != 0 ? entry.mode : kFileMode;
  file.uid = entry.uid;
  file.gid = entry.gid;
  return file;
}

// A folder of the member, as the archive describes it or as etcd makes it.
File FolderAt(const std::string& path, const std::string& name, const std::vector<Entry>& entries,
              const File& inside) {
  File folder = inside;
  const auto entry = std::ranges::find_if(
      entries, [&](const Entry& each) { return each.kind == Entry::Kind::kFolder && each.path == path; });
  folder.path = folder.name = name;
  folder.size = 0;
  folder.kind = FileKind::kDirectory;
  folder.mode = entry != entries.end() && entry->mode != 0 ? entry->mode : kFolderMode;
  if (entry != entries.end()) folder.uid = entry->uid, folder.gid = entry->gid;
  return folder;
}

Error IsLink(const Layout& layout, const Entry& entry) {
  return {Errc::kUnsupported,
          {layout.given, 0},
          fmt::format("{} is a {} in the archive, not a file; unpack it", entry.path,
                      entry.kind == Entry::Kind::kLink ? "link" : "device or FIFO")};
}

// All files of the two folders, not only those by which they were found.
std::vector<size_t> FilesOf(const Place& place, const std::vector<Entry>& entries) {
  std::vector<size_t> files;
  const std::string above =
      (place.root.empty() ? "" : place.root + "/") + (place.kind == Kind::kDataDir ? "member/" : "");
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (entry.path.empty() || entry.kind == Entry::Kind::kFolder || IsAppleDouble(entry.path)) continue;
    const std::string folder = FolderIn(entry.path);
    const bool lone = place.kind == Kind::kWalDir || place.kind == Kind::kSnapDir;
    if (lone ? folder == place.root : folder == above + "wal" || folder == above + "snap") files.push_back(i);
  }
  return files;
}

void SetFolders(const Place& place, const std::vector<Entry>& entries, const File& some, Layout& layout) {
  const std::string root = place.root.empty() ? "" : place.root + "/";
  const std::string member = place.kind == Kind::kDataDir ? "member/" : "";
  const auto folder = [&](const std::string& name) { return FolderAt(root + name, name, entries, some); };
  layout.member_folder = FolderAt(place.root, ".", entries, some);
  if (place.kind == Kind::kDataDir)
    layout.data_folder = std::exchange(layout.member_folder, folder("member"));
  if (!layout.wal_dir.empty()) layout.wal_folder = folder(member + "wal");
  if (!layout.snap_dir.empty()) layout.snap_folder = folder(member + "snap");
}

Result<Layout> TakeMember(const Archive& archive, const Place& place, Layout layout) {
  const std::vector<size_t> files = FilesOf(place, archive.entries());
  if (files.size() > kMostFiles)
    return Fail(Errc::kLimit, layout.given, fmt::format("the member has {} files; unpack it", files.size()));
  for (const size_t number : files) {
    if (archive.entries()[number].kind != Entry::Kind::kFile)
      return tl::make_unexpected(IsLink(layout, archive.entries()[number]));
  }
  const auto paths = archive.Unpack(files);
  if (!paths) return Propagate(paths);
  layout.kind = place.kind;
  layout.root = layout.given;
  File some;
  for (size_t i = 0; i < files.size(); ++i) {
    const Entry& entry = archive.entries()[files[i]];
    File file = Describe(entry, place.root);
    file.path = (*paths)[i];
    some = file;
    const std::string folder = FolderIn(entry.path), base = BaseName(entry.path);
    const bool in_wal =
        place.kind == Kind::kWalDir || (place.kind != Kind::kSnapDir && BaseName(folder) == "wal");
    (in_wal ? layout.wal_dir : layout.snap_dir) = layout.given + "!" + folder;
    auto* const list = (in_wal ? ListInWal : ListInSnap)(WithoutPacking(base), layout);
    if (list != nullptr) list->push_back(std::move(file));
  }
  for (auto* list : {&layout.segments, &layout.wal_tmp, &layout.wal_broken, &layout.wal_stray,
                     &layout.snapshots, &layout.snap_broken, &layout.snap_tmp, &layout.snap_db, &layout.db})
    std::ranges::sort(*list, {}, &File::name);
  std::ranges::reverse(layout.snapshots);
  if (place.kind == Kind::kDataDir || place.kind == Kind::kMemberDir)
    SetFolders(place, archive.entries(), some, layout);
  return layout;
}

Result<Layout> TakeBackup(const Archive& archive, size_t number, Layout layout) {
  const Entry& entry = archive.entries()[number];
  if (entry.kind != Entry::Kind::kFile) return tl::make_unexpected(IsLink(layout, entry));
  const auto paths = archive.Unpack({&number, 1});
  if (!paths) return Propagate(paths);
  layout.root = layout.given;
  layout.kind = KindOfName(entry.path).value_or(Kind::kDb);
  File file = Describe(entry, "");
  file.path = paths->front();
  ListOf(layout.kind, layout).push_back(std::move(file));
  return layout;
}

}  // namespace

std::optional<ArchivePath> SplitArchivePath(const std::string& path) {
  for (size_t at = path.find('!'); at != std::string::npos; at = path.find('!', at + 1)) {
    if (Look(path.substr(0, at)).kind != FileKind::kRegular) continue;
    std::string inside = path.substr(at + 1);
    while (inside.ends_with('/')) inside.pop_back();
    while (inside.starts_with("./") || inside.starts_with('/')) inside.erase(0, inside.find('/') + 1);
    return ArchivePath{path.substr(0, at), inside};
  }
  return std::nullopt;
}

Result<Layout> RecogniseArchive(Bytes bytes, Layout layout, const std::string& inside) {
  if (!Archive::Is(bytes)) return Fail(Errc::kUnsupported, layout.given, "is not in a tar or zip archive");
  const auto archive = Archive::Open(bytes, layout.given);
  if (!archive) return Propagate(archive);
  const std::string below = inside == "." ? "" : inside;
  Found found = Find(archive->entries(), below);
  // The folder that was picked, and not those below it.
  const auto is_picked = [&](const auto& each) { return each.first.root == below; };
  if (!inside.empty() && std::ranges::any_of(found.members, is_picked)) {
    std::erase_if(found.members, [&](const auto& each) { return !is_picked(each); });
    found.backups.clear();
  }
  const size_t count = found.members.size() + found.backups.size();
  if (count == 0) return tl::make_unexpected(Neither(found, layout, inside));
  if (count > 1) return tl::make_unexpected(Several(found, archive->entries(), layout));
  if (found.members.empty()) return TakeBackup(*archive, found.backups.front(), std::move(layout));
  return TakeMember(*archive, found.members.begin()->first, std::move(layout));
}

Result<std::optional<ArchiveContent>> ListArchive(const std::string& path) {
  const ArchivePath picked = SplitArchivePath(path).value_or(ArchivePath{path, ""});
  const auto file = MappedFile::Open(picked.archive);
  if (!file) return Propagate(file);
  if (!Archive::Is(file->bytes())) return std::nullopt;
  const auto archive = Archive::Open(file->bytes(), picked.archive);
  if (!archive) return Propagate(archive);
  const Found found = Find(archive->entries(), picked.inside);
  ArchiveContent content;
  for (const auto& [place, files] : found.members) {
    const bool whole = place.kind == Kind::kDataDir || place.kind == Kind::kMemberDir;
    (whole ? content.members : content.others).push_back(picked.archive + "!" + NameOfRoot(place.root));
  }
  for (const size_t backup : found.backups)
    content.others.push_back(picked.archive + "!" + archive->entries()[backup].path);
  if (content.members.size() > kMostMembers)
    return Fail(Errc::kLimit, path, fmt::format("the archive holds {} members", content.members.size()));
  std::ranges::sort(content.members);
  std::ranges::sort(content.others);
  return content;
}

bool IsUnpacked(const Layout& layout) {
  for (const auto* list : {&layout.segments, &layout.snapshots, &layout.db}) {
    if (!list->empty()) return FolderOf(list->front().path) == kSpooled;
  }
  return false;
}

}  // namespace etcdmedic::member
