// SPDX-License-Identifier: Apache-2.0
#include "plan/overlay.h"

#include <algorithm>
#include <set>

#include "base/try.h"
#include "plan/disk.h"

namespace etcdmedic::plan {
namespace {

tl::unexpected<Error> Absent(const std::string& path) {
  return Fail(Errc::kRefused, path, "is not there any more");
}

void Show(const Attributes& attributes, member::File& file) {
  file.mode = attributes.owner.mode;
  file.uid = attributes.owner.uid;
  file.gid = attributes.owner.gid;
}

}  // namespace

bool Overlay::Exists(const std::string& path) const {
  if (const auto folder = folders_.find(path); folder != folders_.end()) return folder->second.has_value();
  const auto found = files_.find(path);
  return found != files_.end() ? found->second.has_value() : Disk().Exists(path);
}

bool Overlay::IsFolder(const std::string& path) const {
  if (const auto folder = folders_.find(path); folder != folders_.end()) return folder->second.has_value();
  return !files_.contains(path) && Disk().IsFolder(path);
}

Result<MappedFile> Overlay::Read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return MappedFile::Open(path);
  if (!found->second) return Absent(path);
  if (Unchanged(path)) return MappedFile::Open(found->second->source);
  return MappedFile::OpenPatched(found->second->source, found->second->patched);
}

Result<Attributes> Overlay::AttributesOf(const std::string& path) const {
  if (const auto folder = folders_.find(path); folder != folders_.end()) {
    if (!folder->second) return Absent(path);
    return *folder->second;
  }
  const auto found = files_.find(path);
  if (found == files_.end()) return Disk().AttributesOf(path);
  if (!found->second) return Absent(path);
  return found->second->attributes;
}

Result<Overlay::Content*> Overlay::Touch(const std::string& path) {
  if (const auto found = files_.find(path); found != files_.end()) {
    if (!found->second) return Absent(path);
    return &*found->second;
  }
  const auto attributes = Disk().AttributesOf(path);
  if (!attributes) return Absent(path);
  auto file = MappedFile::Open(path);
  if (!file) return Propagate(file);
  const uint64_t size = file->bytes().size();
  auto& content = files_[path];
  content.emplace(Content{path, size, {size, size, {}}, *attributes});
  return &*content;
}

Result<void> Overlay::WriteAt(const std::string& path, uint64_t offset, Bytes bytes) {
  auto content = Touch(path);
  if (!content) return Propagate(content);
  if (offset > UINT64_MAX - bytes.size())
    return Fail(Errc::kRefused, path, "is written beyond any file's end");
  PatchedFile& patched = (*content)->patched;
  patched.patches.push_back({offset, std::string(AsText(bytes))});
  patched.size = std::max(patched.size, offset + bytes.size());
  return {};
}

Result<void> Overlay::Resize(const std::string& path, uint64_t size) {
  auto content = Touch(path);
  if (!content) return Propagate(content);
  PatchedFile& patched = (*content)->patched;
  for (PatchedFile::Patch& patch : patched.patches)
    patch.bytes.resize(std::min<uint64_t>(patch.bytes.size(), size > patch.offset ? size - patch.offset : 0));
  std::erase_if(patched.patches, [](const PatchedFile::Patch& patch) { return patch.bytes.empty(); });
  patched.kept = std::min(patched.kept, size);
  patched.size = size;
  return {};
}

Result<void> Overlay::Rename(const std::string& from, const std::string& to) {
  auto content = Touch(from);
  if (!content) return Propagate(content);
  Content moved = std::move(**content);
  files_[from] = std::nullopt;
  files_[to] = std::move(moved);
  return {};
}

Result<void> Overlay::Remove(const std::string& path) {
  if (!Exists(path)) return Absent(path);
  files_[path] = std::nullopt;
  return {};
}

Result<void> Overlay::Create(const std::string& path, const NewContent& made, const Ownership& owner) {
  const uint64_t size = made.bytes.size(), spooled = made.spool.empty() ? 0 : size;
  Content content{made.spool, spooled, {spooled, size, {}}, {owner, 0, 0}};
  if (spooled < size) content.patched.patches.push_back({0, std::string(AsText(made.bytes))});
  files_[path] = std::move(content);
  return {};
}

Result<void> Overlay::MakeFolder(const std::string& path, const Ownership& owner) {
  folders_[path] = Attributes{owner, 0, 0};
  return {};
}

Result<void> Overlay::RemoveFolder(const std::string& path) {
  if (!Exists(path)) return Absent(path);
  folders_[path] = std::nullopt;
  return {};
}

Result<void> Overlay::SetOwner(const std::string& path, const Ownership& owner) {
  auto attributes = AttributesOf(path);
  if (!attributes) return Propagate(attributes);
  attributes->owner = owner;
  if (!IsFolder(path)) return SetAttributes(path, *attributes);
  folders_[path] = *attributes;
  return {};
}

Result<void> Overlay::SetAttributes(const std::string& path, const Attributes& attributes) {
  auto content = Touch(path);
  if (!content) return Propagate(content);
  (*content)->attributes = attributes;
  return {};
}

std::string Overlay::SourceOf(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return Disk().Exists(path) ? path : std::string();
  return found->second ? found->second->source : std::string();
}

bool Overlay::Unchanged(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return true;
  if (!found->second || found->second->source.empty()) return false;
  const PatchedFile& patched = found->second->patched;
  return patched.patches.empty() && patched.kept == patched.size &&
         patched.size == found->second->source_size;
}

void Overlay::ShowFolders(member::Layout& shown) const {
  for (const auto& [path, attributes] : folders_) {
    if (!attributes) continue;
    if (shown.wal_dir.empty() && path.ends_with("/wal")) {
      shown.wal_dir = path;
      shown.wal_folder = member::File{.path = path, .name = path, .kind = FileKind::kDirectory};
    }
    for (auto* folder : {&shown.data_folder, &shown.member_folder, &shown.wal_folder, &shown.snap_folder}) {
      if (*folder && (*folder)->path == path) Show(*attributes, **folder);
    }
  }
}

member::Layout Overlay::LayoutOf(const member::Layout& layout) const {
  member::Layout shown = layout;
  ShowFolders(shown);
  std::set<std::string> known;
  for (auto* list : {&shown.segments, &shown.wal_tmp, &shown.wal_broken, &shown.wal_stray, &shown.snapshots,
                     &shown.snap_broken, &shown.snap_tmp, &shown.snap_db, &shown.db}) {
    std::erase_if(*list, [&](member::File& file) {
      const auto found = files_.find(file.path);
      if (found == files_.end()) return false;
      known.insert(file.path);
      if (found->second) file.size = found->second->patched.size, Show(found->second->attributes, file);
      return !found->second;
    });
  }
  for (const auto& [path, content] : files_) {
    if (!content || known.contains(path)) continue;
    member::File file;
    file.path = path;
    file.name = path.starts_with(layout.root + "/") ? path.substr(layout.root.size() + 1) : path;
    file.size = content->patched.size;
    Show(content->attributes, file);
    member::AddFile(std::move(file), shown);
  }
  return shown;
}

}  // namespace etcdmedic::plan
