// SPDX-License-Identifier: Apache-2.0
// The files of a member as they would be after some edits. Nothing is written: pages that no edit touches are
// shared with the files on the disk, so that a large file costs no memory.
#pragma once

#include <map>
#include <optional>

#include "member/layout.h"
#include "plan/files.h"

namespace etcdmedic::plan {

class Overlay final : public Files {
 public:
  bool Exists(const std::string& path) const override;
  bool IsFolder(const std::string& path) const override;
  Result<MappedFile> Read(const std::string& path) const override;
  Result<Attributes> AttributesOf(const std::string& path) const override;

  Result<void> WriteAt(const std::string& path, uint64_t offset, Bytes bytes) override;
  Result<void> Resize(const std::string& path, uint64_t size) override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> Create(const std::string& path, const NewContent& content, const Ownership& owner) override;
  Result<void> MakeFolder(const std::string& path, const Ownership& owner) override;
  Result<void> RemoveFolder(const std::string& path) override;
  Result<void> SetOwner(const std::string& path, const Ownership& owner) override;
  Result<void> SetAttributes(const std::string& path, const Attributes& attributes) override;
  Result<void> Sync(const std::string&) override { return {}; }
  Result<void> SyncParent(const std::string&) override { return {}; }

  // The file on the disk that `path` shows, or the unnamed one that an edit made it of, unchanged or not;
  // empty where there is none or an edit made it in memory.
  std::string SourceOf(const std::string& path) const;
  // True where no edit changed the bytes of what `path` shows.
  bool Unchanged(const std::string& path) const;

  // `layout`, whose paths are those of the disk, as a recognition of the edited files would give it.
  member::Layout LayoutOf(const member::Layout& layout) const;

 private:
  struct Content {
    std::string source;  // empty: made by an edit, in memory
    uint64_t source_size = 0;
    PatchedFile patched;
    Attributes attributes;
  };
  void ShowFolders(member::Layout& shown) const;
  // The entry to edit, loaded from the disk where no edit has touched it yet.
  Result<Content*> Touch(const std::string& path);

  std::map<std::string, std::optional<Content>> files_;       // nothing: an edit took it away
  std::map<std::string, std::optional<Attributes>> folders_;  // the same of directories
};

}  // namespace etcdmedic::plan
